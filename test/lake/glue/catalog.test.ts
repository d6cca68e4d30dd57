// The catalog through the SDK's own client: what a query engine and a person at the command line do with it.
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionCommand,
  GetPartitionIndexesCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionsCommand,
  GetTagsCommand,
  GlueClient,
  SearchTablesCommand,
  type SearchTablesCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDatabaseCommand,
  UpdatePartitionCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { startTestLake, type TestLake } from "../harness.ts";

const DatabaseName = "shop";
const ORDERS = {
  Name: "orders",
  TableType: "EXTERNAL_TABLE",
  Parameters: { classification: "parquet" },
  PartitionKeys: [
    { Name: "year", Type: "string" },
    { Name: "n", Type: "int" },
  ],
  StorageDescriptor: {
    Location: "s3://lake/orders/",
    Columns: [{ Name: "order_id", Type: "bigint", Comment: "line number" }],
  },
};

/** "2 1997/1 1998/2": how many partitions, and which. */
function shown(partitions: { Values?: string[] | undefined }[] | undefined): string {
  return [partitions?.length, ...(partitions ?? []).map(({ Values }) => Values?.join("/"))].join(" ");
}

describe("the Glue catalog", function () {
  this.timeout(60_000);
  let lake: TestLake;
  let glue: GlueClient;

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
  });
  after(() => lake.stop());

  describe("databases", () => {
    it("are made once, under their name in lower case", async () => {
      await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "Shop", Description: "all" } }));
      const { Database } = await glue.send(new GetDatabaseCommand({ Name: "SHOP" }));
      equal(Database?.Name, "shop");
      equal(Database?.CatalogId, "000000000000");
      ok(Database?.CreateTime instanceof Date);
      await rejects(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "shop" } })), {
        name: "AlreadyExistsException",
        message: "Database already exists.",
      });
    });

    it("are updated whole, and asked for by name", async () => {
      await glue.send(
        new UpdateDatabaseCommand({ Name: "shop", DatabaseInput: { Name: "shop", LocationUri: "s3://lake/" } }),
      );
      const { Database } = await glue.send(new GetDatabaseCommand({ Name: "shop" }));
      deepEqual([Database?.Description, Database?.LocationUri], [undefined, "s3://lake/"]);
      await rejects(glue.send(new GetDatabaseCommand({ Name: "nope" })), {
        name: "EntityNotFoundException",
        message: "Database nope not found.",
      });
      await rejects(glue.send(new GetDatabaseCommand({ Name: "shop", CatalogId: "111111111111" })), {
        name: "EntityNotFoundException",
      });
    });

    it("come in pages, in order, and a token of another list is refused", async () => {
      for (const name of ["b", "a", "c"]) await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
      const first = await glue.send(new GetDatabasesCommand({ MaxResults: 3 }));
      deepEqual(
        first.DatabaseList?.map(({ Name }) => Name),
        ["a", "b", "c"],
      );
      const second = await glue.send(new GetDatabasesCommand({ MaxResults: 3, NextToken: first.NextToken }));
      deepEqual(
        second.DatabaseList?.map(({ Name }) => Name),
        ["shop"],
      );
      equal(second.NextToken, undefined);
      await rejects(glue.send(new GetTablesCommand({ DatabaseName: "a", NextToken: first.NextToken })), {
        name: "InvalidInputException",
      });
      await rejects(glue.send(new GetDatabasesCommand({ MaxResults: 101 })), /between 1 and 100/);
    });

    it("go with their tables and partitions", async () => {
      await glue.send(new CreateTableCommand({ DatabaseName: "a", TableInput: ORDERS }));
      await glue.send(
        new CreatePartitionCommand({
          DatabaseName: "a",
          TableName: "orders",
          PartitionInput: { Values: ["1997", "1"] },
        }),
      );
      await glue.send(new DeleteDatabaseCommand({ Name: "a" }));
      await rejects(glue.send(new GetTableCommand({ DatabaseName: "a", Name: "orders" })), {
        message: "Database a not found.",
      });
      await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "a" } }));
      await glue.send(new CreateTableCommand({ DatabaseName: "a", TableInput: ORDERS }));
      const { Partitions } = await glue.send(new GetPartitionsCommand({ DatabaseName: "a", TableName: "orders" }));
      deepEqual(Partitions, []);
    });
  });

  describe("tables", () => {
    it("keep what they were made with", async () => {
      await glue.send(new CreateTableCommand({ DatabaseName, TableInput: { ...ORDERS, Name: "Orders" } }));
      const { Table } = await glue.send(new GetTableCommand({ DatabaseName, Name: "ORDERS" }));
      deepEqual(
        { ...ORDERS, VersionId: "0", DatabaseName },
        {
          Name: Table?.Name,
          TableType: Table?.TableType,
          Parameters: Table?.Parameters,
          PartitionKeys: Table?.PartitionKeys,
          StorageDescriptor: Table?.StorageDescriptor,
          VersionId: Table?.VersionId,
          DatabaseName: Table?.DatabaseName,
        },
      );
      await rejects(glue.send(new CreateTableCommand({ DatabaseName, TableInput: ORDERS })), {
        name: "AlreadyExistsException",
        message: "Table already exists.",
      });
      await rejects(glue.send(new CreateTableCommand({ DatabaseName: "nope", TableInput: ORDERS })), {
        message: "Database nope not found.",
      });
    });

    it("are listed by a pattern of the whole name", async () => {
      for (const Name of ["order_items", "customers"])
        await glue.send(new CreateTableCommand({ DatabaseName, TableInput: { Name } }));
      const names = async (Expression?: string) => {
        const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName, Expression }));
        return TableList?.map(({ Name }) => Name).join(" ");
      };
      equal(await names(), "customers order_items orders");
      equal(await names("order"), "");
      equal(await names("order.*"), "order_items orders");
      equal(await names("order*"), "order_items orders");
      equal(await names("customers|orders"), "customers orders");
      await rejects(names("("), { name: "InvalidInputException" });
    });

    it("keep older versions unless told to skip the archive, and refuse an update of what was not read", async () => {
      const update = (Parameters: Record<string, string>, more = {}) =>
        glue.send(new UpdateTableCommand({ DatabaseName, TableInput: { ...ORDERS, Parameters }, ...more }));
      await update({ v: "1" });
      await update({ v: "2" }, { SkipArchive: true });
      await update({ v: "3" }, { VersionId: "2" });
      await rejects(update({ v: "4" }, { VersionId: "2" }), { name: "ConcurrentModificationException" });
      const { TableVersions } = await glue.send(new GetTableVersionsCommand({ DatabaseName, TableName: "orders" }));
      deepEqual(
        TableVersions?.map(({ VersionId, Table }) => [VersionId, Table?.Parameters]),
        [
          ["3", { v: "3" }],
          ["2", { v: "2" }],
          ["0", { classification: "parquet" }],
        ],
      );
    });

    it("are found by text and by property", async () => {
      const names = async (input: SearchTablesCommandInput) => {
        const { TableList } = await glue.send(new SearchTablesCommand(input));
        return TableList?.map((table) => `${table.DatabaseName}.${table.Name}`).join(" ");
      };
      equal(await names({ SearchText: "line num" }), "a.orders shop.orders");
      equal(
        await names({ SearchText: '"order_id"', Filters: [{ Key: "DatabaseName", Value: "shop" }] }),
        "shop.orders",
      );
      equal(
        await names({
          Filters: [{ Key: "DatabaseName", Value: "shop" }],
          SortCriteria: [{ FieldName: "Name", Sort: "DESC" }],
        }),
        "shop.orders shop.order_items shop.customers",
      );
    });

    it("refuse by name what the lake does not have", async () => {
      const TableInput = { Name: "link", TargetTable: { CatalogId: "1", DatabaseName: "x", Name: "y" } };
      await rejects(
        glue.send(new CreateTableCommand({ DatabaseName, TableInput })),
        /does not implement glue:CreateTable with TableInput.TargetTable/,
      );
    });
  });

  describe("partitions", () => {
    const of = { DatabaseName, TableName: "orders" };
    const filtered = async (Expression: string) =>
      shown((await glue.send(new GetPartitionsCommand({ ...of, Expression }))).Partitions);

    it("are made by the batch, each by itself", async () => {
      const list = ["1997/1", "1997/2", "1998/2", "1998/10"].map((values) => ({
        Values: values.split("/"),
        StorageDescriptor: { Location: `s3://lake/orders/${values}/`, Columns: ORDERS.StorageDescriptor.Columns },
      }));
      const made = await glue.send(new BatchCreatePartitionCommand({ ...of, PartitionInputList: list }));
      deepEqual(made.Errors, []);
      const again = await glue.send(
        new BatchCreatePartitionCommand({
          ...of,
          PartitionInputList: [...list.slice(0, 1), { Values: ["1999", "1"] }],
        }),
      );
      deepEqual(again.Errors, [
        {
          PartitionValues: ["1997", "1"],
          ErrorDetail: { ErrorCode: "AlreadyExistsException", ErrorMessage: "Partition already exists." },
        },
      ]);
      await rejects(
        glue.send(new CreatePartitionCommand({ ...of, PartitionInput: { Values: ["1997"] } })),
        /2 keys, 1 values/,
      );
    });

    it("are filtered by an expression, by the type of the key", async () => {
      equal(await filtered("n > 1"), "3 1997/2 1998/10 1998/2");
      equal(await filtered("year = '1998' AND n BETWEEN 2 AND 5"), "1 1998/2");
      equal(await filtered("year like '199%' and not n in (1, 2)"), "1 1998/10");
      await rejects(filtered("year ="), { name: "InvalidInputException", message: /at position 7/ });
    });

    it("come in pages and in segments, with or without their columns", async () => {
      const first = await glue.send(new GetPartitionsCommand({ ...of, MaxResults: 2, ExcludeColumnSchema: true }));
      equal(shown(first.Partitions), "2 1997/1 1997/2");
      deepEqual(first.Partitions?.[0]?.StorageDescriptor, { Location: "s3://lake/orders/1997/1/" });
      const second = await glue.send(new GetPartitionsCommand({ ...of, NextToken: first.NextToken }));
      equal(shown(second.Partitions), "3 1998/10 1998/2 1999/1");
      const segments = await Promise.all(
        [0, 1, 2].map((SegmentNumber) =>
          glue.send(new GetPartitionsCommand({ ...of, Segment: { SegmentNumber, TotalSegments: 3 } })),
        ),
      );
      const all = segments.flatMap(({ Partitions }) => Partitions ?? []);
      deepEqual(all.map(({ Values }) => Values?.join("/")).sort(), ["1997/1", "1997/2", "1998/10", "1998/2", "1999/1"]);
    });

    it("are asked for by the batch: missing ones are left out, and nothing is unprocessed", async () => {
      const answer = await glue.send(
        new BatchGetPartitionCommand({ ...of, PartitionsToGet: [{ Values: ["1997", "1"] }, { Values: ["0", "0"] }] }),
      );
      equal(shown(answer.Partitions), "1 1997/1");
      deepEqual(answer.UnprocessedKeys, []);
    });

    it("move where an update changes their values", async () => {
      const change = (PartitionValueList: string[], Values: string[]) =>
        glue.send(
          new UpdatePartitionCommand({
            ...of,
            PartitionValueList,
            PartitionInput: { Values, Parameters: { moved: "yes" } },
          }),
        );
      await change(["1999", "1"], ["2000", "1"]);
      const { Partition } = await glue.send(new GetPartitionCommand({ ...of, PartitionValues: ["2000", "1"] }));
      deepEqual(Partition?.Parameters, { moved: "yes" });
      await rejects(change(["2000", "1"], ["1997", "1"]), { name: "AlreadyExistsException" });
      await rejects(change(["1999", "1"], ["1999", "1"]), {
        name: "EntityNotFoundException",
        message: "Cannot find partition.",
      });
    });

    it("are updated and deleted by the batch", async () => {
      const updated = await glue.send(
        new BatchUpdatePartitionCommand({
          ...of,
          Entries: [
            { PartitionValueList: ["1997", "1"], PartitionInput: { Values: ["1997", "1"], Parameters: { a: "b" } } },
            { PartitionValueList: ["0", "0"], PartitionInput: { Values: ["0", "0"] } },
          ],
        }),
      );
      deepEqual(
        updated.Errors?.map(({ PartitionValueList }) => PartitionValueList),
        [["0", "0"]],
      );
      await glue.send(new DeletePartitionCommand({ ...of, PartitionValues: ["2000", "1"] }));
      const gone = await glue.send(
        new BatchDeletePartitionCommand({
          ...of,
          PartitionsToDelete: [{ Values: ["1998", "2"] }, { Values: ["2000", "1"] }],
        }),
      );
      deepEqual(
        gone.Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode),
        ["EntityNotFoundException"],
      );
      equal(await filtered("year <> ''"), "3 1997/1 1997/2 1998/10");
    });

    it("may have indexes, which are said to be active", async () => {
      await glue.send(
        new CreateTableCommand({
          DatabaseName,
          TableInput: { ...ORDERS, Name: "indexed" },
          PartitionIndexes: [{ IndexName: "by_year", Keys: ["year"] }],
        }),
      );
      const { PartitionIndexDescriptorList } = await glue.send(
        new GetPartitionIndexesCommand({ DatabaseName, TableName: "indexed" }),
      );
      deepEqual(PartitionIndexDescriptorList, [
        { IndexName: "by_year", IndexStatus: "ACTIVE", Keys: [{ Name: "year", Type: "string" }] },
      ]);
    });
  });

  describe("all of it", () => {
    it("tags what is there", async () => {
      const ResourceArn = "arn:aws:glue:us-east-1:000000000000:database/shop";
      await glue.send(new TagResourceCommand({ ResourceArn, TagsToAdd: { a: "1", b: "2" } }));
      await glue.send(new UntagResourceCommand({ ResourceArn, TagsToRemove: ["a"] }));
      deepEqual((await glue.send(new GetTagsCommand({ ResourceArn }))).Tags, { b: "2" });
      await rejects(glue.send(new GetTagsCommand({ ResourceArn: `${ResourceArn}x` })), {
        name: "EntityNotFoundException",
      });
    });

    it("has everything after kill -9 that was acknowledged before it", async () => {
      await glue.send(new DeleteTableCommand({ DatabaseName, Name: "customers" }));
      await glue.send(
        new CreatePartitionCommand({ DatabaseName, TableName: "orders", PartitionInput: { Values: ["2001", "7"] } }),
      );
      await lake.kill();
      lake = await lake.restart();
      glue = new GlueClient(lake.config);
      const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName }));
      deepEqual(
        TableList?.map(({ Name }) => Name),
        ["indexed", "order_items", "orders"],
      );
      const { Partition } = await glue.send(
        new GetPartitionCommand({ DatabaseName, TableName: "orders", PartitionValues: ["2001", "7"] }),
      );
      equal(Partition?.TableName, "orders");
    });
  });
});
