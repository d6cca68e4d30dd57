// Workgroups, named queries and prepared statements: what a team keeps.
import assert from "node:assert/strict";
import {
  BatchGetNamedQueryCommand,
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  CreateWorkGroupCommand,
  DeleteNamedQueryCommand,
  DeletePreparedStatementCommand,
  DeleteWorkGroupCommand,
  GetNamedQueryCommand,
  GetWorkGroupCommand,
  ListNamedQueriesCommand,
  ListPreparedStatementsCommand,
  ListTagsForResourceCommand,
  ListWorkGroupsCommand,
  StartQueryExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateNamedQueryCommand,
  UpdatePreparedStatementCommand,
  UpdateWorkGroupCommand,
} from "@aws-sdk/client-athena";
import { type Bench, refusal } from "./help.ts";
import { sharedBench } from "./shared.ts";

const EFFECTIVE = "Athena engine version 3";

describe("Athena workgroups", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });

  it("begin with primary, which has no place for results and stays", async () => {
    const { WorkGroup } = await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "primary" }));
    assert.deepEqual(
      [
        WorkGroup?.State,
        WorkGroup?.Configuration?.ResultConfiguration,
        WorkGroup?.Configuration?.EnforceWorkGroupConfiguration,
      ],
      ["ENABLED", {}, false],
    );
    assert.deepEqual(WorkGroup?.Configuration?.EngineVersion, {
      SelectedEngineVersion: "AUTO",
      EffectiveEngineVersion: EFFECTIVE,
    });
    assert.match(
      await refusal(bench.athena.send(new DeleteWorkGroupCommand({ WorkGroup: "primary" }))),
      /INVALID_INPUT/,
    );
  });

  it("are made, changed, listed by name in pages, and deleted", async () => {
    const make = (Name: string): Promise<unknown> =>
      bench.athena.send(new CreateWorkGroupCommand({ Name, Description: `for ${Name}` }));
    for (const name of ["b-team", "a-team", "c-team"]) await make(name);
    assert.equal(await refusal(make("a-team")), "InvalidRequestException: INVALID_INPUT: WorkGroup is already created");
    assert.match(await refusal(make("no spaces")), /Member must satisfy regular expression pattern/);
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await bench.athena.send(new ListWorkGroupsCommand({ MaxResults: 2, NextToken }));
      names.push(...(page.WorkGroups ?? []).map(({ Name }) => Name ?? ""));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    assert.deepEqual(
      names.filter((name) => name !== "limited"),
      ["a-team", "b-team", "c-team", "primary"],
    );
    await bench.athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: "a-team",
        Description: "changed",
        ConfigurationUpdates: {
          BytesScannedCutoffPerQuery: 20_000_000,
          ResultConfigurationUpdates: { OutputLocation: "s3://results/a/" },
        },
      }),
    );
    const { WorkGroup } = await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "a-team" }));
    assert.deepEqual(
      [
        WorkGroup?.Description,
        WorkGroup?.Configuration?.BytesScannedCutoffPerQuery,
        WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation,
      ],
      ["changed", 20_000_000, "s3://results/a/"],
    );
    await bench.athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: "a-team",
        ConfigurationUpdates: { RemoveBytesScannedCutoffPerQuery: true },
      }),
    );
    const after = await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "a-team" }));
    assert.equal(after.WorkGroup?.Configuration?.BytesScannedCutoffPerQuery, undefined);
    for (const WorkGroup of ["a-team", "b-team", "c-team"])
      await bench.athena.send(new DeleteWorkGroupCommand({ WorkGroup }));
    const gone = await refusal(bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "a-team" })));
    assert.equal(gone, "InvalidRequestException: INVALID_INPUT: WorkGroup is not found.");
  });

  it("refuse limits below 10 MB, engines of Spark and keys of KMS", async () => {
    const make = (Configuration: object): Promise<string> =>
      refusal(bench.athena.send(new CreateWorkGroupCommand({ Name: "wrong", Configuration })));
    assert.match(await make({ BytesScannedCutoffPerQuery: 9_999_999 }), /greater than or equal to 10000000/);
    assert.match(
      await make({ EngineVersion: { SelectedEngineVersion: "PySpark engine version 3" } }),
      /does not implement the engine/,
    );
    assert.match(await make({ EngineVersion: { SelectedEngineVersion: "Athena engine version 9" } }), /is not valid/);
    const EncryptionConfiguration = { EncryptionOption: "SSE_KMS" };
    assert.match(
      await make({ ResultConfiguration: { EncryptionConfiguration } }),
      /does not implement results with SSE_KMS/,
    );
    assert.match(await make({ ResultConfiguration: { OutputLocation: "nowhere" } }), /not a valid S3 path/);
  });

  it("that enforce their configuration put results where they say; the others where the person says", async () => {
    const make = (Name: string, EnforceWorkGroupConfiguration: boolean): Promise<unknown> =>
      bench.athena.send(
        new CreateWorkGroupCommand({
          Name,
          Configuration: { EnforceWorkGroupConfiguration, ResultConfiguration: { OutputLocation: "s3://results/own" } },
        }),
      );
    await make("strict", true);
    await make("free", false);
    const place = async (WorkGroup: string, more = {}): Promise<string | undefined> =>
      (await bench.run("SELECT 1", { WorkGroup, ...more })).ResultConfiguration?.OutputLocation?.replace(/[^/]+$/, "");
    assert.equal(await place("strict"), "s3://results/own/");
    assert.equal(await place("free"), "s3://results/queries/");
    assert.equal(await place("free", { ResultConfiguration: undefined }), "s3://results/own/");
    await bench.athena.send(new UpdateWorkGroupCommand({ WorkGroup: "free", State: "DISABLED" }));
    assert.match(await refusal(bench.start("SELECT 1", { WorkGroup: "free" })), /WorkGroup is disabled/);
    assert.match(await refusal(bench.start("SELECT 1", { WorkGroup: "nope" })), /WorkGroup is not found/);
  });

  it("with queries in them are deleted only when that is asked for", async () => {
    await bench.athena.send(
      new CreateNamedQueryCommand({ Name: "q", Database: "sales", QueryString: "SELECT 1", WorkGroup: "strict" }),
    );
    assert.match(await refusal(bench.athena.send(new DeleteWorkGroupCommand({ WorkGroup: "strict" }))), /is not empty/);
    for (const WorkGroup of ["strict", "free"]) {
      await bench.athena.send(new DeleteWorkGroupCommand({ WorkGroup, RecursiveDeleteOption: true }));
    }
    const { WorkGroups } = await bench.athena.send(new ListWorkGroupsCommand({}));
    assert.ok(!WorkGroups?.some(({ Name }) => Name === "strict" || Name === "free"));
  });

  it("have tags", async () => {
    const ResourceARN = "arn:aws:athena:us-east-1:000000000000:workgroup/tagged";
    await bench.athena.send(new CreateWorkGroupCommand({ Name: "tagged", Tags: [{ Key: "team", Value: "a" }] }));
    await bench.athena.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "cost", Value: "1" }] }));
    await bench.athena.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["team"] }));
    const { Tags } = await bench.athena.send(new ListTagsForResourceCommand({ ResourceARN }));
    assert.deepEqual(Tags, [{ Key: "cost", Value: "1" }]);
    await bench.athena.send(new DeleteWorkGroupCommand({ WorkGroup: "tagged" }));
  });
});

describe("Athena named queries", () => {
  let bench: Bench;
  before(async () => {
    bench = await sharedBench();
  });
  const query = {
    Name: "orders by month",
    Database: "sales",
    QueryString: "SELECT month, count(*) FROM orders GROUP BY month",
  };

  it("are kept, found, changed and deleted; made once for a token", async () => {
    const ClientRequestToken = "0123456789abcdef0123456789abcdef";
    const { NamedQueryId } = await bench.athena.send(new CreateNamedQueryCommand({ ...query, ClientRequestToken }));
    const again = await bench.athena.send(new CreateNamedQueryCommand({ ...query, ClientRequestToken }));
    assert.equal(again.NamedQueryId, NamedQueryId);
    const { NamedQuery } = await bench.athena.send(new GetNamedQueryCommand({ NamedQueryId }));
    assert.deepEqual(NamedQuery, { ...query, NamedQueryId, WorkGroup: "primary" });
    await bench.athena.send(new UpdateNamedQueryCommand({ NamedQueryId, Name: "renamed", QueryString: "SELECT 2" }));
    const batch = await bench.athena.send(
      new BatchGetNamedQueryCommand({ NamedQueryIds: [NamedQueryId ?? "", "nope"] }),
    );
    assert.deepEqual(
      batch.NamedQueries?.map(({ Name }) => Name),
      ["renamed"],
    );
    assert.deepEqual(
      batch.UnprocessedNamedQueryIds?.map((one) => one.NamedQueryId),
      ["nope"],
    );
    const { NamedQueryIds } = await bench.athena.send(new ListNamedQueriesCommand({}));
    assert.deepEqual(NamedQueryIds, [NamedQueryId]);
    await bench.athena.send(new DeleteNamedQueryCommand({ NamedQueryId }));
    assert.match(await refusal(bench.athena.send(new GetNamedQueryCommand({ NamedQueryId }))), /was not found/);
  });

  it("prepared statements run by EXECUTE with values", async () => {
    const of = { WorkGroup: "primary", StatementName: "of_month" };
    await bench.athena.send(
      new CreatePreparedStatementCommand({
        ...of,
        QueryStatement: "SELECT 1.5 AS x FROM sales.orders WHERE month = ?",
      }),
    );
    await bench.athena.send(
      new UpdatePreparedStatementCommand({
        ...of,
        QueryStatement: "SELECT order_id FROM sales.orders WHERE month = ? AND amount > ?",
      }),
    );
    const listed = await bench.athena.send(new ListPreparedStatementsCommand({ WorkGroup: "primary" }));
    assert.deepEqual(
      listed.PreparedStatements?.map(({ StatementName }) => StatementName),
      ["of_month"],
    );
    assert.deepEqual(await bench.rows("EXECUTE of_month USING '01', 2.0"), [["order_id"], ["2"]]);
    await bench.athena.send(new DeletePreparedStatementCommand(of));
    const { Status } = await bench.ended(await bench.start("EXECUTE of_month USING '01', 2"));
    assert.match(Status?.StateChangeReason ?? "", /^NOT_FOUND: .*Prepared statement not found: of_month/);
  });

  it("a query needs a token on the wire, as on AWS", async () => {
    // The SDK sends one by itself.
    const { QueryExecutionId } = await bench.athena.send(
      new StartQueryExecutionCommand({
        QueryString: "SELECT 1",
        ResultConfiguration: { OutputLocation: "s3://results/queries/" },
      }),
    );
    assert.equal((await bench.ended(QueryExecutionId ?? "")).Status?.State, "SUCCEEDED");
  });
});
