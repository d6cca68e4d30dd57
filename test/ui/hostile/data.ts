// What the hostile endpoint holds: some ten thousand payloads, each in one place of an answer that the window shows.
import { ADDRESS, numbersIn, type Payloads } from "./payloads.ts";

interface Named {
  readonly Name: string;
}
interface Run {
  readonly Id: string;
}
interface NamedQuery extends Named {
  readonly NamedQueryId: string;
}
interface Execution {
  readonly QueryExecutionId: string;
  readonly Query: string;
}
export interface StackData {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly description: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly outputs: readonly (readonly [string, string])[];
  readonly resources: readonly { readonly logical: string; readonly type: string; readonly physical: string }[];
  readonly events: readonly { readonly logical: string; readonly type: string; readonly reason: string }[];
}

export interface HostileData {
  /** The account's holder. */
  readonly arn: string;
  readonly databases: readonly (Named & { readonly Description: string })[];
  /** Of the first database. Its first table has all the columns, the others only partition keys. */
  tables(database: string): readonly Named[];
  table(name: string): object;
  readonly partitions: readonly object[];
  readonly jobs: readonly Named[];
  runs(job: string): readonly Run[];
  readonly triggers: readonly Named[];
  readonly crawlers: readonly Named[];
  log(group: string, token: unknown): object;
  readonly logLines: readonly string[];
  readonly workGroups: readonly string[];
  readonly named: readonly NamedQuery[];
  readonly executions: Execution[];
  start(sql: string): string;
  readonly stacks: readonly StackData[];
  readonly template: string;
  readonly script: string;
  /** What an operation is refused with. */
  readonly refused: string;
  /** The payloads that stand in rows of the views; others are seen where they are opened. */
  readonly inRows: ReadonlySet<number>;
}

const HOUR = 3600;

export function makeData(payloads: Payloads): HostileData {
  const now = Math.floor(Date.now() / 1000);
  const next = () => payloads.next();
  const list = (length: number) => payloads.list(length);

  const databases = list(100).map((Name) => ({ Name, Description: next(), LocationUri: "s3://hostile/" }));
  const [first] = databases;
  const tables = list(100).map((Name) => ({ Name, TableType: "EXTERNAL_TABLE" }));
  const columns = Array.from({ length: 2600 }, () => ({ Name: next(), Type: next(), Comment: next() }));
  const keys = [{ Name: "key", Type: "string", Comment: next() }];
  const location = `s3://hostile/${next()}`;
  const partitions = list(100).map((value) => ({ Values: [value], StorageDescriptor: { Location: location } }));

  const jobs = list(60).map((Name) => ({
    Name,
    Description: "a job",
    Command: { Name: "glueetl", ScriptLocation: "s3://hostile/script.py" },
    DefaultArguments: { "--name": "value" },
  }));
  const runs = new Map(
    jobs.map(({ Name }, at) => [
      Name,
      Array.from({ length: at < 2 ? 10 : 1 }, (_, number) => ({
        Id: `jr_${at}_${number}`,
        JobName: Name,
        JobRunState: "FAILED",
        StartedOn: now - HOUR * (number + 1),
        CompletedOn: now - HOUR * (number + 1) + 12,
        ExecutionTime: 12,
        ErrorMessage: next(),
        LogGroupName: "/aws-glue/jobs",
      })),
    ]),
  );
  const triggers = list(200).map((Name) => ({
    Name,
    Type: "CONDITIONAL",
    State: "ACTIVATED",
    Predicate: { Logical: "AND", Conditions: [{ LogicalOperator: "EQUALS", JobName: next(), State: "SUCCEEDED" }] },
    Actions: [{ JobName: "job" }],
  }));
  const crawlers = list(200).map((Name) => ({
    Name,
    State: "READY",
    DatabaseName: "database",
    Targets: { S3Targets: [{ Path: "s3://hostile/" }] },
    LastCrawl: { Status: "FAILED", ErrorMessage: next(), StartTime: now - HOUR },
  }));
  const logLines = list(60);

  const named = list(100).map((Name, at) => ({
    NamedQueryId: `00000000-0000-0000-0000-${String(at).padStart(12, "0")}`,
    Name,
    Description: next(),
    Database: "database",
    QueryString: "SELECT 1",
    WorkGroup: "primary",
  }));
  const executions: Execution[] = [];
  const start = (sql: string, reason?: string) => {
    const id = `11111111-0000-0000-0000-${String(executions.length).padStart(12, "0")}`;
    executions.push({
      QueryExecutionId: id,
      Query: sql,
      StatementType: "DML",
      WorkGroup: "primary",
      Status: {
        State: "FAILED",
        SubmissionDateTime: now - executions.length,
        StateChangeReason: `SYNTAX_ERROR: line 1:8: ${reason ?? next()}`,
      },
      Statistics: { TotalExecutionTimeInMillis: 1240 },
    } as Execution);
    return id;
  };
  for (const sql of list(50)) start(sql, "no");

  const stacks = [0, 1, 2].map(
    (at): StackData => ({
      name: payloads.next(at === 0 ? ADDRESS : undefined),
      id: `arn:aws:cloudformation:us-east-1:000000000000:stack/s/${at}`,
      status: "CREATE_COMPLETE",
      reason: "because",
      description: "a stack",
      parameters: at === 0 ? list(60).map((key) => [key, next()] as const) : [],
      outputs: at === 0 ? list(60).map((key) => [key, next()] as const) : [],
      resources: at === 0 ? list(200).map((logical) => ({ logical, type: next(), physical: "physical" })) : [],
      events: at === 0 ? list(100).map((logical) => ({ logical, type: "AWS::S3::Bucket", reason: next() })) : [],
    }),
  );
  // From here on: what is seen elsewhere than in a row. The log's lines were not either.
  const inRows = new Set(Array.from({ length: payloads.count }, (_, number) => number));
  for (const line of logLines) for (const number of numbersIn(line)) inRows.delete(number);
  return {
    arn: `arn:aws:iam::000000000000:user/${next().replaceAll("/", "")}`,
    databases,
    tables: (database) => (database === first?.Name ? tables : []),
    table: (name) => ({
      Name: name,
      DatabaseName: first?.Name,
      TableType: "EXTERNAL_TABLE",
      Description: "a table",
      PartitionKeys: keys,
      StorageDescriptor: { Columns: name === tables[0]?.Name ? columns : [], Location: location },
    }),
    partitions,
    jobs,
    runs: (job) => runs.get(job) ?? [],
    triggers,
    crawlers,
    log: (group, token) => ({
      events:
        token === undefined && group.endsWith("output")
          ? logLines.map((message, at) => ({ timestamp: (now + at) * 1000, message }))
          : [],
      nextForwardToken: "f/end",
    }),
    logLines,
    workGroups: list(8),
    named,
    executions,
    start: (sql) => start(sql),
    stacks,
    template: list(10).join("\n"),
    script: list(10).join("\n"),
    refused: next(),
    inRows,
  };
}
