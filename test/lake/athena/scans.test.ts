// What a query reads: counted as it was read from storage, limited by the workgroup, ended by a person.
import assert from "node:assert/strict";
import { CreateWorkGroupCommand, StopQueryExecutionCommand } from "@aws-sdk/client-athena";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { parquetMetadata } from "hyparquet";
import { waitFor } from "../harness.ts";
import { type Bench, engineQueries, RESULTS, refusal } from "./help.ts";
import { sharedBench } from "./shared.ts";

const LIMIT = 10_000_000;
/** A query that takes the engine minutes. */
const LONG = `SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x) CROSS JOIN UNNEST(sequence(1, 10000)) b (y)
  CROSS JOIN UNNEST(sequence(1, 500)) c (z) WHERE (x * y + z) % 7 = 3`;

describe("What Athena queries read", () => {
  let bench: Bench;
  /** Bytes of the files, and of each column in them, as the Parquet footers say. */
  let files = 0;
  const columns = new Map<string, number>();

  before(async () => {
    bench = await sharedBench();
    // Digests don't compress: some 20 MB, 32 bytes a row and column.
    await bench.run(`CREATE TABLE sales.digests WITH (external_location = 's3://data/digests/', format = 'PARQUET') AS
      SELECT x * 10000 + y AS id, sha256(to_utf8(CAST(x * 10000 + y AS varchar))) AS first, sha256(to_utf8(CAST(-x * 10000 - y AS varchar))) AS second
      FROM UNNEST(sequence(1, 40)) a (x) CROSS JOIN UNNEST(sequence(1, 10000)) b (y)`);
    const listed = await bench.s3.send(new ListObjectsV2Command({ Bucket: "data", Prefix: "digests/" }));
    for (const { Key } of listed.Contents ?? []) {
      const { Body } = await bench.s3.send(new GetObjectCommand({ Bucket: "data", Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      files += bytes.length;
      const whole = new ArrayBuffer(bytes.length);
      new Uint8Array(whole).set(bytes);
      for (const { columns: chunks } of parquetMetadata(whole).row_groups) {
        for (const { meta_data: chunk } of chunks) {
          const name = chunk?.path_in_schema.join(".") ?? "";
          columns.set(name, (columns.get(name) ?? 0) + Number(chunk?.total_compressed_size));
        }
      }
    }
  });

  const scanned = async (query: string): Promise<number> =>
    (await bench.run(query)).Statistics?.DataScannedInBytes ?? -1;

  it("is the bytes of the columns that they name, and the whole files where they name all", async () => {
    const [one, all] = [
      await scanned("SELECT max(first) FROM sales.digests"),
      await scanned("SELECT max(id), max(first), max(second) FROM sales.digests"),
    ];
    const first = columns.get("first") ?? 0;
    assert.ok(first > LIMIT, "the column is larger than the least limit");
    assert.ok(one >= first && one < first * 1.1, `${one} of ${first}`);
    assert.ok(all > files * 0.95 && all < files * 1.05, `${all} of ${files}`);
  });

  it("is nothing where nothing is read", async () => {
    assert.equal(await scanned("SELECT 1"), 0);
  });

  it("is less where partitions are left out", async () => {
    const all = await scanned("SELECT sum(amount) FROM sales.orders");
    const one = await scanned("SELECT sum(amount) FROM sales.orders WHERE month = '02'");
    assert.ok(one > 0 && one < all, `${one} of ${all}`);
  });

  it("is limited by the workgroup: what goes beyond is cancelled, what stays below is not", async () => {
    await bench.athena.send(
      new CreateWorkGroupCommand({
        Name: "limited",
        Configuration: { BytesScannedCutoffPerQuery: LIMIT, ResultConfiguration: { OutputLocation: RESULTS } },
      }),
    );
    const wide = await bench.ended(
      await bench.start("SELECT max(first), max(second) FROM sales.digests", { WorkGroup: "limited" }),
    );
    assert.deepEqual(
      [wide.Status?.State, wide.Status?.StateChangeReason, wide.Status?.AthenaError],
      ["CANCELLED", "Bytes scanned limit was exceeded", undefined],
    );
    assert.ok((wide.Statistics?.DataScannedInBytes ?? 0) > LIMIT);
    assert.match(await refusal(bench.object(wide.ResultConfiguration?.OutputLocation ?? "")), /NoSuchKey/);
    const narrow = await bench.ended(await bench.start("SELECT max(id) FROM sales.digests", { WorkGroup: "limited" }));
    assert.equal(narrow.Status?.State, "SUCCEEDED");
  });
});

describe("Stopping an Athena query", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });

  it("ends it in the engine too", async () => {
    const id = await bench.start(LONG);
    const mine = async (): Promise<string[]> =>
      (await engineQueries(bench))
        .filter(({ query }) => query.startsWith("SELECT count(*) FROM UNNEST(sequence(1, 10000)) a"))
        .map(({ state }) => state);
    await waitFor(async () => (await mine()).includes("RUNNING"), 30_000);
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    const { Status } = await bench.ended(id);
    assert.deepEqual([Status?.State, Status?.StateChangeReason], ["CANCELLED", "Query cancelled by user"]);
    await waitFor(async () => (await mine()).every((state) => state === "FAILED"), 10_000);
    // Stopping what has ended changes nothing.
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    assert.equal((await bench.ended(id)).Status?.State, "CANCELLED");
  });

  it("leaves one that waits for its turn unbegun", async () => {
    const running = await Promise.all([1, 2, 3, 4].map(() => bench.start(LONG)));
    const waiting = await bench.start("SELECT 'waited'");
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: waiting }));
    assert.equal((await bench.ended(waiting)).Status?.State, "CANCELLED");
    const last = await bench.start("SELECT 'its turn'");
    for (const id of running) await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    assert.equal((await bench.ended(last)).Status?.State, "SUCCEEDED");
  });
});
