// What each role needs on AWS, and what it must never do: fixed lists, thought through from what runs with the role, not from its policy.
// Much of it only AWS asks for: network interfaces of a job in a VPC, its log groups, the crawler's log group, Athena's default database.
import type { Call } from "./iam.ts";
import { ACCOUNT, REGION } from "./stack.ts";

const DATA = "arn:aws:s3:::databucket";
const ARTIFACTS = "arn:aws:s3:::artifactsbucket";
const RESULTS = "arn:aws:s3:::resultsbucket";
const glue = (name: string): string => `arn:aws:glue:${REGION}:${ACCOUNT}:${name}`;
const ec2 = (name: string): string => `arn:aws:ec2:${REGION}:${ACCOUNT}:${name}`;
const logs = (name: string): string => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
const secret = (database: string): string =>
  `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!${database}-AbCdEf`;

export interface Needs {
  readonly must: readonly Call[];
  readonly never: readonly Call[];
}

const each = (actions: string, ...resources: string[]): Call[] =>
  actions.split(" ").flatMap((action) => resources.map((resource) => ({ action, resource })));

const listing = (bucket: string, ...prefixes: string[]): Call[] =>
  prefixes.map((prefix) => ({ action: "s3:ListBucket", resource: bucket, context: { "s3:prefix": prefix } }));

/** A HEAD of a key that is not there answers 404 only to who may list the bucket; the question comes without a prefix. */
const asked404 = (bucket: string): Call => ({ action: "s3:ListBucket", resource: bucket });

/** What nothing in the stack may do. */
const NOBODY: readonly Call[] = [
  ...each("iam:PassRole iam:CreateRole iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT}:role/EtlRole`),
  ...each("sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/Admin`),
  ...each("s3:GetObject s3:PutObject s3:DeleteObject", "arn:aws:s3:::somebody-elses/key"),
  ...each("s3:DeleteBucket s3:PutBucketPolicy s3:PutLifecycleConfiguration", DATA, ARTIFACTS, RESULTS),
  ...each("s3:DeleteObjectVersion", `${DATA}/lake/orders/part-0.parquet`),
  ...each("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:other-AbCdEf`),
  ...each("secretsmanager:PutSecretValue secretsmanager:DeleteSecret", secret("Database")),
  ...each(
    "glue:DeleteTable glue:DeleteDatabase",
    glue("catalog"),
    glue("database/my_lake"),
    glue("table/my_lake/orders"),
  ),
  ...each("glue:GetTable", glue("table/other/orders"), glue("database/other")),
  ...each("logs:DeleteLogGroup", logs(`/boathouse/my-lake/orders-etl/output`)),
  ...each("rds:DeleteDBInstance", `arn:aws:rds:${REGION}:${ACCOUNT}:db:Database`),
];

/** What every job needs: script, scratch space, connection and its secret, logs, and a network interface in the VPC. */
function job(name: string, database: string): Call[] {
  return [
    ...each("s3:GetObject", `${ARTIFACTS}/scripts/lake_upsert.py`, `${ARTIFACTS}/scripts/${name.replace("-", "_")}.py`),
    ...each("s3:GetObject s3:PutObject s3:DeleteObject s3:AbortMultipartUpload", `${ARTIFACTS}/temp/${name}/part-0`),
    ...each("s3:GetObject", `${ARTIFACTS}/temp`, `${ARTIFACTS}/temp/${name}`),
    ...listing(ARTIFACTS, `temp/${name}/`, "temp/"),
    asked404(ARTIFACTS),
    ...each("s3:GetBucketLocation", DATA, ARTIFACTS),
    ...each("glue:GetConnection", glue("catalog"), glue("connection/my-lake-database")),
    ...each("secretsmanager:GetSecretValue", secret(database)),
    ...each("logs:CreateLogStream logs:PutLogEvents", logs(`/boathouse/my-lake/${name}/output:log-stream:jr_1-driver`)),
    // Asked for where a group is there already, too.
    ...each("logs:CreateLogGroup", logs(`/boathouse/my-lake/${name}/output`)),
    ...each("logs:CreateLogStream logs:PutLogEvents", logs(`/boathouse/my-lake/${name}/error:log-stream:jr_1-1`)),
    { action: "cloudwatch:PutMetricData", resource: "*", context: { "cloudwatch:namespace": "Glue" } },
    ...each("ec2:DescribeSubnets ec2:DescribeSecurityGroups ec2:DescribeVpcEndpoints", "*"),
    ...each("ec2:DescribeRouteTables ec2:DescribeVpcAttribute ec2:DescribeNetworkInterfaces", "*"),
    ...each("ec2:CreateNetworkInterface", ec2("network-interface/eni-1"), ec2("subnet/PrivateSubnetA")),
    ...each("ec2:CreateNetworkInterface", ec2("security-group/JobSecurityGroup")),
    ...each("ec2:DeleteNetworkInterface", ec2("network-interface/eni-1")),
    ...["ec2:CreateTags", "ec2:DeleteTags"].map((action) => ({
      action,
      resource: ec2("network-interface/eni-1"),
      context: { "aws:TagKeys": ["aws-glue-service-resource"] },
    })),
  ];
}

const JOBS_NEVER: readonly Call[] = [
  ...NOBODY,
  ...each("s3:PutObject s3:DeleteObject", `${ARTIFACTS}/scripts/orders_etl.py`),
  ...each("s3:GetObject s3:PutObject", `${RESULTS}/athena/1.csv`),
  ...listing(ARTIFACTS, "", "other/"),
  ...each("ec2:CreateNetworkInterface", ec2("subnet/PublicSubnetA"), ec2("security-group/DatabaseSecurityGroup")),
  { action: "ec2:CreateTags", resource: ec2("network-interface/eni-1"), context: { "aws:TagKeys": ["owner"] } },
  { action: "cloudwatch:PutMetricData", resource: "*", context: { "cloudwatch:namespace": "Billing" } },
  ...each(
    "logs:PutLogEvents",
    logs("/aws-glue/jobs/output:log-stream:jr_1"),
    logs("/boathouse/other/orders-etl/output:log-stream:x"),
  ),
  ...each("glue:StartJobRun glue:UpdateJob", glue("job/my-lake-orders-etl")),
];

const TABLES = ["customers", "orders"];
const schema = [glue("catalog"), glue("database/my_lake"), ...TABLES.map((table) => glue(`table/my_lake/${table}`))];
const partitions =
  "glue:GetPartitions glue:BatchGetPartition glue:CreatePartition glue:BatchCreatePartition glue:UpdatePartition";

/** By the role's logical id; `database` is the one of the kind of lake. */
export function needsOf(database: string): Readonly<Record<string, Needs>> {
  return {
    EtlRole: {
      must: [
        ...TABLES.flatMap((table) => [
          ...job(`${table}-etl`, database),
          ...each(
            "s3:GetObject s3:PutObject s3:DeleteObject",
            `${DATA}/lake/${table}/year=1997/month=01/day=01/part-0.parquet`,
          ),
          ...each("s3:AbortMultipartUpload", `${DATA}/lake/${table}/_temporary/0/part-0.parquet`),
          // Hadoop asks for the folders above as if they were files.
          ...each("s3:GetObject", `${DATA}/lake`, `${DATA}/lake/${table}`),
          ...listing(DATA, "lake/", `lake/${table}/`, `lake/${table}/year=1997/`),
        ]),
        asked404(DATA),
        ...each("glue:GetTable", ...schema),
        { action: "glue:GetJobBookmark", resource: "*" },
      ],
      never: [
        ...JOBS_NEVER,
        ...each("s3:GetObject s3:PutObject s3:DeleteObject", `${DATA}/source/orders/1.csv.gz`, `${DATA}/other`),
        ...listing(DATA, "", "source/", "lakeside/"),
        ...each("glue:UpdateTable glue:BatchCreatePartition glue:DeletePartition", ...schema),
      ],
    },
    LoaderRole: {
      must: [
        ...job("load-source", database),
        ...TABLES.flatMap((table) =>
          each("s3:GetObject", `${DATA}/source/${table}/1.csv.gz`, `${DATA}/source/${table}`),
        ),
        ...listing(DATA, "source/customers/", "source/orders/"),
        asked404(DATA),
      ],
      never: [
        ...JOBS_NEVER,
        ...each("s3:PutObject s3:DeleteObject", `${DATA}/source/orders/1.csv.gz`),
        ...each("s3:GetObject s3:PutObject s3:DeleteObject", `${DATA}/lake/orders/part-0.parquet`),
        ...listing(DATA, "", "lake/"),
        ...each("glue:GetTable glue:BatchCreatePartition", ...schema),
      ],
    },
    CrawlerRole: {
      must: [
        ...each(
          "s3:GetObject",
          ...TABLES.map((table) => `${DATA}/lake/${table}/year=1997/month=01/day=01/part-0.parquet`),
        ),
        ...listing(DATA, "lake/customers/", "lake/orders/"),
        ...each("s3:GetBucketLocation", DATA),
        ...each(`glue:GetDatabase glue:GetTable ${partitions}`, ...schema),
        ...each("logs:CreateLogGroup logs:CreateLogStream", logs("/aws-glue/crawlers:log-stream:my-lake-crawler")),
        ...each("logs:PutLogEvents", logs("/aws-glue/crawlers:log-stream:my-lake-crawler")),
      ],
      never: [
        ...NOBODY,
        ...each("s3:PutObject s3:DeleteObject", `${DATA}/lake/orders/part-0.parquet`),
        ...each(
          "s3:GetObject",
          `${DATA}/source/orders/1.csv.gz`,
          `${ARTIFACTS}/scripts/orders_etl.py`,
          `${RESULTS}/athena/1.csv`,
        ),
        ...each("secretsmanager:GetSecretValue", secret(database)),
        ...each("glue:CreateTable glue:DeletePartition", ...schema),
        ...each("logs:PutLogEvents", logs("/aws-glue/jobs/output:log-stream:jr_1")),
      ],
    },
    AnalystRole: {
      must: [
        ...each(
          "athena:StartQueryExecution athena:GetQueryExecution athena:GetQueryResults athena:StopQueryExecution athena:GetWorkGroup",
          `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/my-lake`,
        ),
        ...each(
          "athena:ListNamedQueries athena:BatchGetNamedQuery",
          `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/my-lake`,
        ),
        ...each("glue:GetDatabase glue:GetTable glue:GetTables glue:GetPartitions glue:BatchGetPartition", ...schema),
        ...each("glue:GetDatabase", glue("database/default")),
        ...each("s3:GetObject", `${DATA}/lake/orders/year=1997/month=01/day=01/part-0.parquet`),
        ...listing(DATA, "lake/orders/", "lake/orders/year=1997/month=01/day=01/"),
        ...each(
          "s3:GetObject s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts",
          `${RESULTS}/athena/1.csv`,
        ),
        ...each("s3:ListBucket s3:ListBucketMultipartUploads s3:GetBucketLocation", RESULTS),
        ...each("s3:GetBucketLocation", DATA),
      ],
      never: [
        ...NOBODY,
        ...each(
          "s3:PutObject s3:DeleteObject",
          `${DATA}/lake/orders/part-0.parquet`,
          `${ARTIFACTS}/scripts/orders_etl.py`,
        ),
        ...each("s3:GetObject", `${DATA}/source/orders/1.csv.gz`),
        ...each("secretsmanager:GetSecretValue", secret(database)),
        ...each(
          "glue:UpdateTable glue:BatchCreatePartition glue:StartJobRun",
          ...schema,
          glue("job/my-lake-orders-etl"),
        ),
        ...each("athena:StartQueryExecution", `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/primary`),
        ...each(
          "athena:UpdateWorkGroup athena:DeleteWorkGroup",
          `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/my-lake`,
        ),
      ],
    },
  };
}
