// Column statistics and functions, as Trino stores and asks for them: every list is there, even an empty one.
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  type ColumnStatistics,
  CreateDatabaseCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  CreateUserDefinedFunctionCommand,
  DeleteColumnStatisticsForTableCommand,
  DeletePartitionCommand,
  GetColumnStatisticsForPartitionCommand,
  GetColumnStatisticsForTableCommand,
  GetUserDefinedFunctionsCommand,
  GlueClient,
  UpdateColumnStatisticsForPartitionCommand,
  UpdateColumnStatisticsForTableCommand,
} from "@aws-sdk/client-glue";
import { startTestLake, type TestLake } from "../harness.ts";

const OF = { DatabaseName: "d", TableName: "t" };

function statistics(ColumnName: string, data: Partial<ColumnStatistics["StatisticsData"]>): ColumnStatistics {
  return {
    ColumnName,
    ColumnType: "x",
    AnalyzedTime: new Date(1_700_000_000_000),
    StatisticsData: data as ColumnStatistics["StatisticsData"],
  };
}

const AMOUNT = statistics("amount", {
  Type: "DECIMAL",
  DecimalColumnStatisticsData: {
    MinimumValue: { UnscaledValue: new Uint8Array([1, 200]), Scale: 2 },
    NumberOfNulls: 0,
    NumberOfDistinctValues: 7,
  },
});
const BOUGHT = statistics("bought", {
  Type: "DATE",
  DateColumnStatisticsData: {
    MinimumValue: new Date(0),
    MaximumValue: new Date(86_400_000),
    NumberOfNulls: 1,
    NumberOfDistinctValues: 2,
  },
});

describe("column statistics", function () {
  this.timeout(60_000);
  let lake: TestLake;
  let glue: GlueClient;

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "d" } }));
    const Columns = [
      { Name: "amount", Type: "decimal(12,2)" },
      { Name: "bought", Type: "date" },
    ];
    await glue.send(
      new CreateTableCommand({
        DatabaseName: "d",
        TableInput: { Name: "t", PartitionKeys: [{ Name: "p", Type: "string" }], StorageDescriptor: { Columns } },
      }),
    );
    await glue.send(new CreatePartitionCommand({ ...OF, PartitionInput: { Values: ["x"] } }));
  });
  after(() => lake.stop());

  it("are empty lists where none were stored", async () => {
    const answer = await glue.send(new GetColumnStatisticsForTableCommand({ ...OF, ColumnNames: ["amount"] }));
    deepEqual([answer.ColumnStatisticsList, answer.Errors], [[], []]);
  });

  it("come back as they were stored, dates and decimals too", async () => {
    const { Errors } = await glue.send(
      new UpdateColumnStatisticsForTableCommand({
        ...OF,
        ColumnStatisticsList: [AMOUNT, BOUGHT, statistics("nope", { Type: "LONG" })],
      }),
    );
    deepEqual(
      Errors?.map(({ ColumnStatistics: column }) => column?.ColumnName),
      ["nope"],
    );
    const answer = await glue.send(
      new GetColumnStatisticsForTableCommand({ ...OF, ColumnNames: ["bought", "AMOUNT", "nope"] }),
    );
    deepEqual(answer.ColumnStatisticsList, [BOUGHT, AMOUNT]);
    deepEqual(
      answer.Errors?.map(({ ColumnName }) => ColumnName),
      ["nope"],
    );
  });

  it("of a partition are its own, and go with it", async () => {
    const of = { ...OF, PartitionValues: ["x"] };
    const read = () =>
      glue.send(new GetColumnStatisticsForPartitionCommand({ ...of, ColumnNames: ["amount", "bought"] }));
    await glue.send(new UpdateColumnStatisticsForPartitionCommand({ ...of, ColumnStatisticsList: [BOUGHT] }));
    deepEqual((await read()).ColumnStatisticsList, [BOUGHT]);
    await glue.send(new DeletePartitionCommand(of));
    await rejects(read(), { name: "EntityNotFoundException" });
    await glue.send(new CreatePartitionCommand({ ...OF, PartitionInput: { Values: ["x"] } }));
    deepEqual((await read()).ColumnStatisticsList, []);
  });

  it("are deleted a column at a time", async () => {
    const gone = () => glue.send(new DeleteColumnStatisticsForTableCommand({ ...OF, ColumnName: "amount" }));
    await gone();
    // Deleting what is gone is no error: Trino does so behind each CREATE TABLE.
    await gone();
    const answer = await glue.send(
      new GetColumnStatisticsForTableCommand({ ...OF, ColumnNames: ["amount", "bought"] }),
    );
    deepEqual(answer.ColumnStatisticsList, [BOUGHT]);
  });

  it("functions are listed by pattern, an empty list where there is none", async () => {
    const list = async (Pattern: string) =>
      (await glue.send(new GetUserDefinedFunctionsCommand({ DatabaseName: "d", Pattern }))).UserDefinedFunctions?.map(
        ({ FunctionName }) => FunctionName,
      );
    deepEqual(await list("trino__.*"), []);
    await glue.send(
      new CreateUserDefinedFunctionCommand({
        DatabaseName: "d",
        FunctionInput: { FunctionName: "trino__f", ClassName: "F", OwnerName: "me", OwnerType: "USER" },
      }),
    );
    deepEqual(await list("trino__.*"), ["trino__f"]);
    equal((await list("other"))?.length, 0);
  });
});
