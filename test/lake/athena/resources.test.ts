// AWS::Athena::WorkGroup and AWS::Athena::NamedQuery made by a stack: they work, change in place, fail with their reason, and go.
import assert from "node:assert/strict";
import { GetNamedQueryCommand, GetWorkGroupCommand, ListTagsForResourceCommand } from "@aws-sdk/client-athena";
import { Stacks } from "../stacks.ts";
import { type Bench, refusal } from "./help.ts";
import { sharedBench } from "./shared.ts";

function group(configuration: object, more: object = {}): object {
  return {
    Type: "AWS::Athena::WorkGroup",
    Properties: { Name: "stacked", RecursiveDeleteOption: true, WorkGroupConfiguration: configuration, ...more },
  };
}

const QUERY = {
  Type: "AWS::Athena::NamedQuery",
  Properties: { Name: "answer", Database: "sales", WorkGroup: { Ref: "Group" }, QueryString: "SELECT 6 * 7 AS answer" },
};
const RESULT = { OutputLocation: "s3://results/stacked/", EncryptionConfiguration: { EncryptionOption: "SSE_S3" } };

describe("Athena's resources in a stack", () => {
  let bench: Bench;
  let stacks: Stacks;
  before(async () => {
    bench = await sharedBench();
    stacks = new Stacks(bench.lake);
  });
  const workGroup = async () => (await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "stacked" }))).WorkGroup;

  it("work, change in place, and are gone with the stack, queries and all", async () => {
    const Group = group(
      { ResultConfiguration: RESULT, BytesScannedCutoffPerQuery: "20000000" },
      { Description: "first" },
    );
    await stacks.create(
      "athena",
      { Group, Query: QUERY },
      { Id: { Value: { "Fn::GetAtt": ["Query", "NamedQueryId"] } } },
    );
    await stacks.until("athena", "CREATE_COMPLETE");
    assert.equal((await workGroup())?.Configuration?.BytesScannedCutoffPerQuery, 20_000_000);
    const { Tags } = await bench.athena.send(
      new ListTagsForResourceCommand({ ResourceARN: "arn:aws:athena:us-east-1:000000000000:workgroup/stacked" }),
    );
    assert.ok(Tags?.some(({ Key, Value }) => Key === "team" && Value === "t"));
    const NamedQueryId = (await stacks.outputs("athena"))["Id"];
    const { NamedQuery } = await bench.athena.send(new GetNamedQueryCommand({ NamedQueryId }));
    const rows = await bench.rows(NamedQuery?.QueryString ?? "", { WorkGroup: NamedQuery?.WorkGroup });
    assert.deepEqual(rows, [["answer"], ["42"]]);

    await stacks.update("athena", {
      Group: group({ ResultConfiguration: RESULT }, { Description: "second" }),
      Query: QUERY,
    });
    await stacks.until("athena", "UPDATE_COMPLETE");
    const changed = await workGroup();
    assert.deepEqual([changed?.Description, changed?.Configuration?.BytesScannedCutoffPerQuery], ["second", undefined]);

    await stacks.remove("athena");
    assert.match(await refusal(bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "stacked" }))), /is not found/);
    assert.match(await refusal(bench.athena.send(new GetNamedQueryCommand({ NamedQueryId }))), /was not found/);
  });

  it("that can't be made roll the stack back with their reason", async () => {
    const ResultConfiguration = { ...RESULT, EncryptionConfiguration: { EncryptionOption: "SSE_KMS" } };
    await stacks.create("athena-wrong", { Group: group({ ResultConfiguration }) });
    const reasons = await stacks.until("athena-wrong", "ROLLBACK_COMPLETE");
    assert.match(reasons, /Group: .*does not implement results with SSE_KMS/);
    assert.match(await refusal(bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "stacked" }))), /is not found/);
    await stacks.remove("athena-wrong");
  });
});
