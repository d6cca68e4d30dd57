// A lake killed during crawls: the crawler is READY again, the crawl that was cut off FAILED with a reason, and the next one finds everything.
import assert from "node:assert/strict";
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetCrawlerCommand,
  GetPartitionsCommand,
  GetTablesCommand,
  GlueClient,
  type LastCrawlInfo,
  ListCrawlsCommand,
  StartCrawlerCommand,
} from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type TestLake, waitFor } from "../harness.ts";
import { percent, type Round, Rounds } from "./rounds.ts";

const BUCKET = "survival-crawls";
const DATABASE = "survival_crawls";
const CRAWLER = "survival";
/** Partitions of one file each. */
const DAYS = 500;
const PATIENCE = 60_000;

const rounds = new Rounds("crawl");

describe(rounds.title, function () {
  this.timeout(120_000);
  let takes = 0;
  let inFlight = 0;

  before(async () => {
    const lake = await rounds.open();
    const s3 = new S3Client({ ...lake.config, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: "order_id", data: [1, 2, 3], type: "INT32" }] }),
    );
    const days = Array.from({ length: DAYS }, (_, day) => `orders/day=${String(day).padStart(3, "0")}/part-0.parquet`);
    const worker = async () => {
      for (let Key = days.shift(); Key !== undefined; Key = days.shift()) {
        await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: bytes }));
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    const glue = new GlueClient(lake.config);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
    await glue.send(
      new CreateCrawlerCommand({
        Name: CRAWLER,
        Role: "crawler",
        DatabaseName: DATABASE,
        Targets: { S3Targets: [{ Path: `s3://${BUCKET}/orders/` }] },
      }),
    );
    await crawl(lake);
    await found(lake);
    // The second one is as quick as those of the rounds: code is compiled, tables are to be made again.
    await glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: "orders" }));
    const started = performance.now();
    await crawl(lake);
    takes = performance.now() - started;
    await found(lake);
  });
  after(() => rounds.close());

  for (const round of rounds.list()) {
    it(`${round.name}: at ${percent(round)}`, async () => {
      // Each round crawls afresh: in the odd ones there is no table, in the even ones one that lacks some partitions.
      await forget(rounds.lake, round);
      const before = await crawls(rounds.lake);
      await rounds.play(round, { act: start, takes });
      const { lake } = rounds;
      const crawler = await crawlerOf(lake);
      assert.equal(crawler.state, "READY");
      const begun = (await crawls(lake)).length > before.length;
      if (begun && crawler.last?.Status !== "SUCCEEDED") {
        inFlight++;
        assert.equal(crawler.last?.Status, "FAILED");
        assert.match(crawler.last?.ErrorMessage ?? "", /lake/i, "a reason");
        const [newest] = await crawls(lake);
        assert.equal(newest?.State, "FAILED");
        assert.match(newest?.ErrorMessage ?? "", /lake/i, "a reason in the history");
      }
      await crawl(lake);
      await found(lake);
    });
  }

  it("has hit crawls in flight, and holds all that was acknowledged in all rounds", async function () {
    if (!rounds.whole) this.skip();
    assert.ok(inFlight >= 3, `${inFlight} of 10 rounds hit a crawl in flight`);
    const acknowledged = await rounds.verifyAll();
    assert.ok(acknowledged > 10, `${acknowledged} writes were acknowledged`);
  });
});

async function start({ config }: TestLake): Promise<void> {
  await new GlueClient(config).send(new StartCrawlerCommand({ Name: CRAWLER }));
}

async function crawlerOf({ config }: TestLake): Promise<{ state: string; last: LastCrawlInfo | undefined }> {
  const { Crawler } = await new GlueClient(config).send(new GetCrawlerCommand({ Name: CRAWLER }));
  return { state: Crawler?.State ?? "", last: Crawler?.LastCrawl };
}

async function crawls({ config }: TestLake) {
  return (await new GlueClient(config).send(new ListCrawlsCommand({ CrawlerName: CRAWLER }))).Crawls ?? [];
}

async function crawl(lake: TestLake): Promise<void> {
  await start(lake);
  await waitFor(async () => (await crawlerOf(lake)).state === "READY", PATIENCE);
  const { last } = await crawlerOf(lake);
  assert.equal(last?.Status, "SUCCEEDED", last?.ErrorMessage);
}

/** One table, every partition once. */
async function found({ config }: TestLake): Promise<void> {
  const glue = new GlueClient(config);
  const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: DATABASE }));
  assert.deepEqual(
    TableList.map(({ Name, StorageDescriptor }) => [Name, StorageDescriptor?.Columns?.map((column) => column.Type)]),
    [["orders", ["int"]]],
  );
  const days: string[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await glue.send(new GetPartitionsCommand({ DatabaseName: DATABASE, TableName: "orders", NextToken }));
    days.push(...(page.Partitions ?? []).map(({ Values }) => Values?.[0] ?? ""));
    NextToken = page.NextToken;
    if (NextToken === undefined) break;
  }
  assert.deepEqual(
    days.sort(),
    Array.from({ length: DAYS }, (_, day) => String(day).padStart(3, "0")),
  );
}

async function forget({ config }: TestLake, { number, random }: Round): Promise<void> {
  const glue = new GlueClient(config);
  const place = { DatabaseName: DATABASE, TableName: "orders" };
  if (number % 2 === 1) {
    await glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: "orders" }));
    return;
  }
  for (const day of new Set(Array.from({ length: 20 }, () => Math.floor(random() * DAYS)))) {
    await glue.send(new DeletePartitionCommand({ ...place, PartitionValues: [String(day).padStart(3, "0")] }));
  }
}
