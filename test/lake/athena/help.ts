// What the Athena tests share: a lake with a result bucket, a person's way of asking (start, wait, read), a small table.
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from "@aws-sdk/client-athena";
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";

export const RESULTS = "s3://results/queries/";

export interface Bench {
  lake: TestLake;
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  /** Starts a query with results in RESULTS; returns its id. */
  start(query: string, more?: Partial<StartQueryExecutionCommandInput>): Promise<string>;
  /** Waits for the end, whatever it is. */
  ended(id: string): Promise<QueryExecution>;
  /** Starts, waits, and expects success. */
  run(query: string, more?: Partial<StartQueryExecutionCommandInput>): Promise<QueryExecution>;
  /** All rows of a query, the header row too where there is one; NULL is undefined. */
  rows(query: string, more?: Partial<StartQueryExecutionCommandInput>): Promise<(string | undefined)[][]>;
  /** The text of an s3:// address. */
  object(address: string): Promise<string>;
}

export async function startBench(given?: TestLake): Promise<Bench> {
  const lake = given ?? (await startTestLake());
  const athena = new AthenaClient(lake.config);
  const s3 = new S3Client({ ...lake.config, forcePathStyle: true });
  const glue = new GlueClient(lake.config);
  if (given === undefined) {
    await s3.send(new CreateBucketCommand({ Bucket: "results" }));
    await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  }
  const bench: Bench = {
    lake,
    athena,
    glue,
    s3,
    async start(query, more = {}) {
      const { QueryExecutionId = "" } = await athena.send(
        new StartQueryExecutionCommand({
          QueryString: query,
          ClientRequestToken: randomUUID(),
          ResultConfiguration: { OutputLocation: RESULTS },
          ...more,
        }),
      );
      return QueryExecutionId;
    },
    async ended(id) {
      let execution: QueryExecution | undefined;
      await waitFor(async () => {
        ({ QueryExecution: execution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id })));
        return !["QUEUED", "RUNNING"].includes(execution?.Status?.State ?? "");
      }, 120_000);
      return execution ?? {};
    },
    async run(query, more) {
      const execution = await bench.ended(await bench.start(query, more));
      if (execution.Status?.State !== "SUCCEEDED") throw new Error(execution.Status?.StateChangeReason);
      return execution;
    },
    async rows(query, more) {
      const { QueryExecutionId } = await bench.run(query, more);
      const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      return (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue));
    },
    async object(address) {
      const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(address) ?? [];
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    },
  };
  return bench;
}

/** A database and a partitioned external Parquet table `sales.orders` at s3://data/orders/. */
export async function createOrders({ glue }: Bench): Promise<void> {
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "sales" } }));
  await glue.send(
    new CreateTableCommand({
      DatabaseName: "sales",
      TableInput: {
        Name: "orders",
        TableType: "EXTERNAL_TABLE",
        Parameters: { classification: "parquet" },
        PartitionKeys: [
          { Name: "year", Type: "string" },
          { Name: "month", Type: "string" },
        ],
        StorageDescriptor: {
          Columns: [
            { Name: "order_id", Type: "bigint", Comment: "line number" },
            { Name: "amount", Type: "decimal(12,2)" },
            { Name: "note", Type: "string" },
          ],
          Location: "s3://data/orders/",
          InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
          OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
          SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
        },
      },
    }),
  );
}

/** The engine's address and the headers it takes: as the lake asks it, with a token of its key. */
export function engineAddress({ lake }: Bench): { base: string; headers: Record<string, string> } {
  const etc = join(lake.folder, "trino", "etc");
  const base = /^discovery.uri=(.+)$/m.exec(readFileSync(join(etc, "config.properties"), "utf8"))?.[1] ?? "";
  const key = Buffer.from(readFileSync(join(etc, "key"), "utf8"), "base64");
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256" })}.${part({ sub: "hadoop" })}`;
  const token = `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  return { base, headers: { authorization: `Bearer ${token}`, "x-forwarded-proto": "https" } };
}

/** What the engine itself says of its queries. */
export async function engineQueries(bench: Bench): Promise<{ state: string; query: string }[]> {
  const { base, headers } = engineAddress(bench);
  return (await (await fetch(`${base}/v1/query`, { headers })).json()) as { state: string; query: string }[];
}

/** The code, AthenaErrorCode and message of what a call throws. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message, AthenaErrorCode } = error as Error & { AthenaErrorCode?: string };
    return [name, AthenaErrorCode, message].filter((part) => part !== undefined).join(": ");
  }
  throw new Error("it was not refused");
}
