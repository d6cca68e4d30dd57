// StartQueryExecution: everything that AWS refuses before a query exists is refused here, in AWS's order.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
import { randomUUID } from "node:crypto";
import { classify, type StatementKind } from "../../../../sql/classify.ts";
import { splitStatements } from "../../../../sql/split.ts";
import type { Input, Operation, Principal } from "../../../call.ts";
import type { QueryEngine } from "../../../engines/query.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Executions } from "../executions.ts";
import { constraint, invalidRequest, required, withinLength } from "../faults.ts";
import { resultAddress } from "../results/place.ts";
import { createTableAs } from "../statements/ctas.ts";
import { GlueCatalog } from "../statements/glue.ts";
import { parseCatalogStatement } from "../statements/parse.ts";
import { checkSyntax } from "../statements/prepare.ts";
import type { ExecutionRecord } from "../store.ts";
import { checkResult, PRIMARY, resultFields, type ResultSettings, type WorkGroups } from "../workgroups.ts";

export interface StartParts {
  readonly lake: Lake;
  readonly engine: QueryEngine;
  readonly workGroups: WorkGroups;
  readonly executions: Executions;
}

/** Bytes. */
const LONGEST_QUERY = 262_144;
/** What the engine runs as Athena would. */
const ON_ENGINE = new Set<StatementKind>([
  "SELECT",
  "EXPLAIN",
  "SHOW_FUNCTIONS",
  "EXECUTE",
  "INSERT",
  "CREATE_TABLE_AS_SELECT",
  "CREATE_VIEW",
  "DROP_VIEW",
]);

export function startQueryExecution(parts: StartParts): Operation<"athena", "StartQueryExecution"> {
  const { lake, engine, workGroups, executions } = parts;
  return {
    fields: [
      "QueryString",
      "ClientRequestToken",
      "QueryExecutionContext.Database",
      "QueryExecutionContext.Catalog",
      "WorkGroup",
      "ExecutionParameters",
      "ResultReuseConfiguration.ResultReuseByAgeConfiguration",
      ...resultFields("ResultConfiguration"),
    ],
    async run(input, { principal, signal }) {
      const token = checkToken(input.ClientRequestToken);
      const query = statementOf(input.QueryString);
      if (input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration?.Enabled === true) {
        throw notImplemented("the reuse of results (ResultReuseConfiguration)");
      }
      const group = workGroups.get(input.WorkGroup ?? PRIMARY);
      if (group.state === "DISABLED") throw invalidRequest("WorkGroup is disabled.");
      checkResult(input.ResultConfiguration);
      const settings = workGroups.settings(group, input.ResultConfiguration);
      const parameters = idempotent(input);
      // A repeated call finds its execution without asking the engine; one that differs is checked first, as on AWS.
      if ((await executions.ofToken(token, parameters).catch(() => undefined)) !== undefined) {
        return { QueryExecutionId: await executions.ofToken(token, parameters) };
      }
      const { kind, type } = classify(query);
      engine.warm();
      await checkStatement(parts, query, kind, input, { principal, signal });
      await checkBucket(lake, settings, principal);
      const id = randomUUID();
      const record: ExecutionRecord = {
        id,
        query,
        workGroup: group.name,
        kind,
        type,
        catalog: input.QueryExecutionContext?.Catalog?.toLowerCase(),
        database: input.QueryExecutionContext?.Database,
        parameters: input.ExecutionParameters,
        output: resultAddress(settings.place, id, kind, type),
        encryption: settings.encryption,
        bucketOwner: settings.bucketOwner,
        cutoff: group.configuration.BytesScannedCutoffPerQuery,
        submitted: executions.submissionTime(),
        state: "QUEUED",
      };
      return { QueryExecutionId: await executions.submit(record, token, parameters, principal) };
    },
  };
}

/** Characters at least, bytes at most, as AWS counts. */
function checkToken(token: string | undefined): string {
  if (token === undefined) throw invalidRequest("clientRequestToken is null or empty");
  withinLength(token, "clientRequestToken", 32, 128);
  if (Buffer.byteLength(token) <= 128) return token;
  throw invalidRequest("clientRequestToken exceeds maximum allowed length 128");
}

/** The one statement of the text, comments and all, without the semicolon behind it. */
function statementOf(text: string | undefined): string {
  const query = required(text, "queryString");
  if (query.length === 0) throw constraint("queryString", "have length greater than or equal to 1");
  if (Buffer.byteLength(query) > LONGEST_QUERY) {
    throw constraint("queryString", `have length less than or equal to ${LONGEST_QUERY}`);
  }
  const statements = splitStatements(query);
  if (statements.length > 1) {
    throw invalidRequest(`Only one sql statement is allowed. Got: ${query}`, "MALFORMED_QUERY");
  }
  return query
    .trim()
    .replace(/^;+|;+$/g, "")
    .trim();
}

/** What a ClientRequestToken is compared by: AWS leaves workgroup and parameters out. */
function idempotent({
  QueryString,
  QueryExecutionContext,
  ResultConfiguration,
}: Input<"athena", "StartQueryExecution">): string {
  const { Catalog = null, Database = null } = QueryExecutionContext ?? {};
  return JSON.stringify([QueryString, Catalog, Database, ResultConfiguration?.OutputLocation ?? null]);
}

async function checkStatement(
  { lake, engine }: StartParts,
  query: string,
  kind: StatementKind,
  input: Input<"athena", "StartQueryExecution">,
  { principal, signal }: { principal: Principal; signal: AbortSignal },
): Promise<void> {
  const statement = parseCatalogStatement(query, kind);
  if (statement === undefined) {
    if (kind !== "UNKNOWN" && !ON_ENGINE.has(kind)) throw notImplemented(`the statement ${kind.replaceAll("_", " ")}`);
    // Asked for its refusals: properties that have no place here.
    if (kind === "CREATE_TABLE_AS_SELECT") createTableAs(query, "s3://results/");
    await checkSyntax(engine, query, signal);
    if (kind === "UNKNOWN") throw invalidRequest("Queries of this type are not supported", "MALFORMED_QUERY");
    return;
  }
  if (statement.kind !== "DESCRIBE_TABLE" && statement.kind !== "SHOW_COLUMNS") return;
  const catalog = new GlueCatalog(lake, principal, input.QueryExecutionContext?.Database ?? "default");
  if ((await catalog.find(statement.table)) !== undefined) return;
  throw invalidRequest(
    `Entity Not Found (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: ${randomUUID()}; Proxy: null)`,
  );
}

async function checkBucket(lake: Lake, { place, bucketOwner }: ResultSettings, principal: Principal): Promise<void> {
  const owner = bucketOwner === undefined ? {} : { ExpectedBucketOwner: bucketOwner };
  try {
    await lake.call("s3", "HeadBucket", { Bucket: place.bucket, ...owner }, { principal });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw invalidRequest(`Unable to verify/create output bucket ${place.bucket}. ${error.message}`.trim());
  }
}
