// The crawler on files that no job of ours wrote: added columns, widened types, empty and foreign files, months that stay text.
import assert from "node:assert/strict";
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  GetCrawlerCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  ListCrawlsCommand,
  StartCrawlerCommand,
  type CreateCrawlerCommandInput,
} from "@aws-sdk/client-glue";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";

const orders = (...extra: ColumnSource[]) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "id", data: [1, 2], type: "INT32" },
        { name: "city", data: ["a", "b"], type: "STRING" },
        ...extra,
      ],
    }),
  );

describe("crawler", () => {
  let lake: TestLake;
  let glue: GlueClient;
  let s3: S3Client;

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
    s3 = new S3Client({ ...lake.config, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "files" }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "found" } }));
  });

  after(async () => {
    glue.destroy();
    s3.destroy();
    await lake.stop();
  });

  const put = (key: string, body: Uint8Array | string) =>
    s3.send(new PutObjectCommand({ Bucket: "files", Key: key, Body: body }));

  const crawler = (name: string, rest: Partial<CreateCrawlerCommandInput>) =>
    glue.send(
      new CreateCrawlerCommand({
        Name: name,
        Role: "crawler",
        DatabaseName: "found",
        Targets: { S3Targets: [{ Path: "s3://files/lake/" }] },
        ...rest,
      }),
    );

  const crawl = async (name: string, expected = "SUCCEEDED") => {
    await glue.send(new StartCrawlerCommand({ Name: name }));
    await waitFor(
      async () => (await glue.send(new GetCrawlerCommand({ Name: name }))).Crawler?.State === "READY",
      30_000,
    );
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name: name }));
    assert.equal(Crawler?.LastCrawl?.Status, expected, Crawler?.LastCrawl?.ErrorMessage);
  };

  const columns = async (table: string) => {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: "found", Name: table }));
    return [...(Table?.StorageDescriptor?.Columns ?? []), ...(Table?.PartitionKeys ?? [])].map(
      ({ Name, Type }) => `${Name ?? ""} ${Type ?? ""}`,
    );
  };

  const partitions = async (table: string) =>
    ((await glue.send(new GetPartitionsCommand({ DatabaseName: "found", TableName: table }))).Partitions ?? []).map(
      ({ Values }) => Values?.join("/"),
    );

  const logLines = async (name: string) => {
    const logs = new CloudWatchLogsClient(lake.config);
    const { events = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName: "/aws-glue/crawlers", logStreamName: name, startFromHead: true }),
    );
    logs.destroy();
    return events.map(({ message }) => message ?? "").join("\n");
  };

  it("makes a table of key=value folders; month=02 stays text; what is no Parquet is left out and said", async () => {
    await put("lake/orders/year=2025/month=02/a.parquet", orders());
    await put("lake/orders/year=2025/month=11/a.parquet", orders());
    await put("lake/orders/year=2025/month=11/empty.parquet", "");
    await put("lake/orders/year=2025/month=11/notes.txt", "not Parquet at all, but longer than its magic");
    await put("lake/orders/_SUCCESS", "");
    await put("lake/readme/about.txt", "no table is made of this");
    await crawler("all", {});
    await crawl("all");
    assert.deepEqual(await columns("orders"), ["id int", "city string", "year string", "month string"]);
    assert.deepEqual(await partitions("orders"), ["2025/02", "2025/11"]);
    const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: "found" }));
    assert.deepEqual(
      TableList.map(({ Name }) => Name),
      ["orders"],
    );
    const log = await logLines("all");
    assert.match(log, /month=11\/empty\.parquet: empty, left out/);
    assert.match(log, /notes\.txt: not a Parquet file, left out/);
  });

  it("an added column and int to long change the table, the old partition keeps its own columns", async () => {
    await put(
      "lake/orders/year=2026/month=01/b.parquet",
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: "id", data: [3n, 4n], type: "INT64" },
            { name: "city", data: ["c", "d"], type: "STRING" },
            { name: "note", data: ["x", "y"], type: "STRING" },
          ],
        }),
      ),
    );
    await crawl("all");
    assert.deepEqual(await columns("orders"), [
      "id bigint",
      "city string",
      "note string",
      "year string",
      "month string",
    ]);
    assert.deepEqual(await partitions("orders"), ["2025/02", "2025/11", "2026/01"]);
    const { Partitions = [] } = await glue.send(
      new GetPartitionsCommand({
        DatabaseName: "found",
        TableName: "orders",
        Expression: "year = '2025' AND month = '02'",
      }),
    );
    assert.deepEqual(
      Partitions[0]?.StorageDescriptor?.Columns?.map(({ Type }) => Type),
      ["int", "string"],
    );
  });

  it("a partition without files goes, where the policy deletes", async () => {
    await crawler("deleting", {
      SchemaChangePolicy: { UpdateBehavior: "UPDATE_IN_DATABASE", DeleteBehavior: "DELETE_FROM_DATABASE" },
    });
    await s3.send(new DeleteObjectCommand({ Bucket: "files", Key: "lake/orders/year=2025/month=02/a.parquet" }));
    await crawl("deleting");
    assert.deepEqual(await partitions("orders"), ["2025/11", "2026/01"]);
  });

  it("a catalog target adds partitions with the table's columns and leaves the table alone", async () => {
    const descriptor = (await glue.send(new GetTableCommand({ DatabaseName: "found", Name: "orders" }))).Table
      ?.StorageDescriptor;
    await glue.send(
      new CreateTableCommand({
        DatabaseName: "found",
        TableInput: {
          Name: "kept",
          TableType: "EXTERNAL_TABLE",
          PartitionKeys: [{ Name: "day", Type: "string" }],
          StorageDescriptor: { ...descriptor, Location: "s3://files/kept/", Columns: [{ Name: "id", Type: "bigint" }] },
          Parameters: { classification: "parquet" },
        },
      }),
    );
    await put("kept/day=01/a.parquet", orders());
    await put("kept/day=02/a.parquet", orders());
    await put("kept/stray.parquet", orders());
    const target = { Targets: { CatalogTargets: [{ DatabaseName: "found", Tables: ["kept"] }] } };
    const inherit = JSON.stringify({
      Version: 1.0,
      CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
      Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
    });
    await crawler("catalog", {
      ...target,
      SchemaChangePolicy: { UpdateBehavior: "LOG", DeleteBehavior: "LOG" },
      Configuration: inherit,
    });
    await crawl("catalog");
    assert.deepEqual(await columns("kept"), ["id bigint", "day string"]);
    assert.deepEqual(await partitions("kept"), ["01", "02"]);
    const { Partitions = [] } = await glue.send(new GetPartitionsCommand({ DatabaseName: "found", TableName: "kept" }));
    assert.deepEqual(
      Partitions.map(({ StorageDescriptor: at }) => [at?.Location, at?.Columns?.map(({ Type }) => Type)]),
      [
        ["s3://files/kept/day=01/", ["bigint"]],
        ["s3://files/kept/day=02/", ["bigint"]],
      ],
    );
    assert.match(await logLines("catalog"), /s3:\/\/files\/kept\/: its folders are not day, left out/);
  });

  it("refuses what AWS refuses, by name what the lake has not", async () => {
    const catalog = { Targets: { CatalogTargets: [{ DatabaseName: "found", Tables: ["kept"] }] } };
    await assert.rejects(crawler("a", catalog), { name: "InvalidInputException", message: /DeleteBehavior LOG/ });
    await assert.rejects(crawler("a", { Targets: { ...catalog.Targets, S3Targets: [{ Path: "s3://files/" }] } }), {
      name: "InvalidInputException",
      message: /mixed/,
    });
    await assert.rejects(crawler("a", { Targets: { JdbcTargets: [{ ConnectionName: "x", Path: "y" }] } }), {
      name: "NotImplemented",
      message: /JdbcTargets/,
    });
    await assert.rejects(crawler("a", { Schedule: "rate(1 day)" }), { name: "InvalidInputException" });
    await assert.rejects(crawler("all", {}), { name: "AlreadyExistsException" });
    await assert.rejects(glue.send(new StartCrawlerCommand({ Name: "nobody" })), { name: "EntityNotFoundException" });
  });

  it("fails with S3's reason where the bucket is gone, and fires by its schedule on a moved clock", async () => {
    await crawler("lost", { Targets: { S3Targets: [{ Path: "s3://no-such-bucket/x/" }] } });
    await crawl("lost", "FAILED");
    const { Crawler } = await glue.send(new GetCrawlerCommand({ Name: "lost" }));
    assert.match(Crawler?.LastCrawl?.ErrorMessage ?? "", /bucket does not exist/i);

    await crawler("daily", { Schedule: "cron(0 2 * * ? *)" });
    await lake.advance(24 * 3600 * 1000);
    await waitFor(
      async () =>
        ((await glue.send(new ListCrawlsCommand({ CrawlerName: "daily" }))).Crawls ?? []).some(
          ({ State }) => State === "COMPLETED",
        ),
      30_000,
    );
  });
});
