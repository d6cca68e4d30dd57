// Values that AWS's services refuse though its published specification allows them, for the types that a data lake is made of.
// Each rule names the page that states it.
import { Unresolved } from "../template/unresolved.ts";
import type { Problem } from "./conform.ts";

interface Rule {
  /** Property names from the top; "*" is every item of a list. */
  readonly path: readonly string[];
  /** Why the value is wrong, or undefined where it is right. */
  readonly fault: (value: unknown) => string | undefined;
}

function pattern(path: string, expression: RegExp): Rule {
  return {
    path: path.split("."),
    fault: (value) =>
      expression.test(String(value))
        ? undefined
        : `string [${String(value)}] does not match pattern ${expression.source}`,
  };
}

function oneOf(path: string, values: readonly (string | number)[]): Rule {
  return {
    path: path.split("."),
    fault: (value) => (values.includes(value as string) ? undefined : `${String(value)} is not a valid enum value`),
  };
}

function between(path: string, least: number, most: number): Rule {
  return {
    path: path.split("."),
    fault: (value) => {
      const number = Number(value);
      if (number < least) return `${number} is not greater or equal to ${least}`;
      return number > most ? `${number} is not less or equal to ${most}` : undefined;
    },
  };
}

function keysOf(path: string, keys: ReadonlySet<string>): Rule {
  return {
    path: path.split("."),
    fault: (value) => {
      if (typeof value !== "object" || value === null) return undefined;
      const strange = Object.keys(value).filter((key) => !keys.has(key));
      return strange.length === 0
        ? undefined
        : strange.map((key) => `extraneous key [${key}] is not permitted`).join("; ");
    },
  };
}

/** https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html: six fields, day of month or of week is "?". */
const AWS_CRON = /^cron\(\s*\S+\s+\S+\s+(\?\s+\S+\s+[^?\s]+|[^?\s]+\s+\S+\s+\?)\s+\S+\s*\)$/;
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-glue-connection-connectioninput.html */
const CONNECTION_PROPERTIES = new Set(
  (
    "HOST PORT USERNAME PASSWORD ENCRYPTED_PASSWORD JDBC_DRIVER_JAR_URI JDBC_DRIVER_CLASS_NAME JDBC_ENGINE JDBC_ENGINE_VERSION " +
    "CONFIG_FILES INSTANCE_ID JDBC_CONNECTION_URL JDBC_ENFORCE_SSL CUSTOM_JDBC_CERT SKIP_CUSTOM_JDBC_CERT_VALIDATION " +
    "CUSTOM_JDBC_CERT_STRING CONNECTION_URL KAFKA_BOOTSTRAP_SERVERS KAFKA_SSL_ENABLED KAFKA_CUSTOM_CERT " +
    "KAFKA_SKIP_CUSTOM_CERT_VALIDATION KAFKA_CLIENT_KEYSTORE KAFKA_CLIENT_KEYSTORE_PASSWORD KAFKA_CLIENT_KEY_PASSWORD " +
    "ENCRYPTED_KAFKA_CLIENT_KEYSTORE_PASSWORD ENCRYPTED_KAFKA_CLIENT_KEY_PASSWORD KAFKA_SASL_MECHANISM " +
    "KAFKA_SASL_PLAIN_USERNAME KAFKA_SASL_PLAIN_PASSWORD ENCRYPTED_KAFKA_SASL_PLAIN_PASSWORD KAFKA_SASL_SCRAM_USERNAME " +
    "KAFKA_SASL_SCRAM_PASSWORD KAFKA_SASL_SCRAM_SECRETS_ARN ENCRYPTED_KAFKA_SASL_SCRAM_PASSWORD KAFKA_SASL_GSSAPI_KEYTAB " +
    "KAFKA_SASL_GSSAPI_KRB5_CONF KAFKA_SASL_GSSAPI_SERVICE KAFKA_SASL_GSSAPI_PRINCIPAL SECRET_ID CONNECTOR_URL " +
    "CONNECTOR_TYPE CONNECTOR_CLASS_NAME ENDPOINT ENDPOINT_TYPE ROLE_ARN REGION WORKGROUP_NAME CLUSTER_IDENTIFIER DATABASE"
  ).split(" "),
);
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints, PostgreSQL's own and RDS's. */
const RESERVED_MASTERS = new Set([
  "admin",
  "postgres",
  "rdsadmin",
  "rdstopmgr",
  "rds_superuser",
  "rds_replication",
  "rds_iam",
  "replication",
]);

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  "AWS::S3::Bucket": [
    pattern("BucketName", /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/),
  ],
  // https://docs.aws.amazon.com/glue/latest/dg/release-notes.html
  "AWS::Glue::Job": [
    oneOf("GlueVersion", ["0.9", "1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0"]),
    oneOf("Command.Name", ["glueetl", "gluestreaming", "pythonshell", "glueray"]),
    oneOf("Command.PythonVersion", ["2", "3", "3.6", "3.9"]),
    pattern("Command.ScriptLocation", /^s3:\/\/[^/]+\/.+$/),
    oneOf("ExecutionClass", ["FLEX", "STANDARD"]),
    between("NumberOfWorkers", 1, 299),
    between("Timeout", 1, 10_080),
    between("MaxRetries", 0, 10),
  ],
  "AWS::Glue::Trigger": [
    oneOf("Type", ["SCHEDULED", "CONDITIONAL", "ON_DEMAND", "EVENT"]),
    pattern("Schedule", AWS_CRON),
    oneOf("Predicate.Logical", ["AND", "ANY"]),
    oneOf("Predicate.Conditions.*.LogicalOperator", ["EQUALS"]),
    oneOf("Predicate.Conditions.*.State", [
      "STARTING",
      "RUNNING",
      "STOPPING",
      "STOPPED",
      "SUCCEEDED",
      "FAILED",
      "TIMEOUT",
      "ERROR",
      "WAITING",
      "EXPIRED",
    ]),
    oneOf("Predicate.Conditions.*.CrawlState", ["RUNNING", "CANCELLING", "CANCELLED", "SUCCEEDED", "FAILED", "ERROR"]),
  ],
  "AWS::Glue::Crawler": [
    pattern("Schedule.ScheduleExpression", AWS_CRON),
    oneOf("SchemaChangePolicy.UpdateBehavior", ["LOG", "UPDATE_IN_DATABASE"]),
    oneOf("SchemaChangePolicy.DeleteBehavior", ["LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"]),
    oneOf("RecrawlPolicy.RecrawlBehavior", ["CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY", "CRAWL_EVENT_MODE"]),
    pattern("Targets.S3Targets.*.Path", /^s3:\/\/[^/]+/),
  ],
  "AWS::Glue::Connection": [keysOf("ConnectionInput.ConnectionProperties", CONNECTION_PROPERTIES)],
  // https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html; Athena's names are lower case
  "AWS::Glue::Database": [pattern("DatabaseInput.Name", /^[^A-Z/:\\]{1,255}$/)],
  "AWS::Glue::Table": [pattern("TableInput.Name", /^[^A-Z/:\\]{1,255}$/)],
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html
  "AWS::Athena::WorkGroup": [
    pattern("Name", /^[a-zA-Z0-9._-]{1,128}$/),
    between("WorkGroupConfiguration.BytesScannedCutoffPerQuery", 10_000_000, Number.MAX_SAFE_INTEGER),
    pattern("WorkGroupConfiguration.ResultConfiguration.OutputLocation", /^s3:\/\/[^/]+\//),
    oneOf("WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption", [
      "SSE_S3",
      "SSE_KMS",
      "CSE_KMS",
    ]),
  ],
  "AWS::Logs::LogGroup": [pattern("LogGroupName", /^[.\-_/#A-Za-z0-9]{1,512}$/)],
  "AWS::IAM::Role": [pattern("RoleName", /^[\w+=,.@-]{1,64}$/), between("MaxSessionDuration", 3600, 43_200)],
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
  "AWS::RDS::DBInstance": [
    pattern("DBInstanceClass", /^db\.[a-z0-9-]+\.[a-z0-9-]+$/),
    pattern("DBInstanceIdentifier", /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,61}[a-zA-Z0-9]$|^[a-zA-Z]$/),
    between("BackupRetentionPeriod", 0, 35),
    {
      path: ["MasterUsername"],
      fault: (value) =>
        RESERVED_MASTERS.has(String(value).toLowerCase())
          ? `${String(value)} cannot be used as it is a reserved word used by the engine`
          : undefined,
    },
  ],
  // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html: /16 to /28
  "AWS::EC2::VPC": [{ path: ["CidrBlock"], fault: cidrFault }],
  "AWS::EC2::Subnet": [{ path: ["CidrBlock"], fault: cidrFault }],
};

function cidrFault(value: unknown): string | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(String(value))?.slice(1).map(Number);
  const valid = parts?.every((part, index) => (index === 4 ? part >= 16 && part <= 28 : part <= 255));
  return valid === true
    ? undefined
    : `Value (${String(value)}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`;
}

/** The known faults of values in conformed properties. Values that are not known yet are passed over. */
export function wrongValues(type: string, properties: Readonly<Record<string, unknown>>): Problem[] {
  const found: Problem[] = [];
  for (const { path, fault } of RULES[type] ?? []) {
    const visit = (value: unknown, rest: readonly string[], here: string): void => {
      if (value === undefined || value instanceof Unresolved) return;
      const [name, ...deeper] = rest;
      if (name === undefined) {
        const message = fault(value);
        if (message !== undefined) found.push({ path: here, message });
      } else if (name === "*") {
        if (Array.isArray(value)) value.forEach((item, index) => visit(item, deeper, `${here}/${index}`));
      } else if (typeof value === "object" && value !== null) {
        visit((value as Record<string, unknown>)[name], deeper, `${here}/${name}`);
      }
    };
    visit(properties, path, "");
  }
  return found;
}
