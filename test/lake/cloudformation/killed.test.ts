// A lake that is killed (kill -9) in the middle of a stack operation: after a restart the operation goes on to its end, and nothing is lost
// or left over. The moments are seeded.
import { strict as assert } from "node:assert";
import { CreateStackCommand, DeleteStackCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import { startTestLake, type TestLake } from "../harness.ts";
import { EVERY_ID, EVERY_KIND, left } from "./left.ts";
import { Stacks } from "./stacks.ts";

const TOPICS = Array.from(
  { length: 12 },
  (_, index) => `  Topic${index}: {Type: AWS::SNS::Topic, Properties: {DisplayName: VALUE}}\n`,
).join("");
const BODY = `Resources:${EVERY_KIND}${TOPICS}`;
const DATABASE =
  '  Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}\n';

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("a lake killed in mid-operation", () => {
  const random = seeded(20_261_124);
  let lake: TestLake;
  before(async () => {
    lake = await startTestLake();
  });
  after(() => lake.stop());

  let kills = 0;
  let taken = 0;
  /** Kills the lake within `span` ms and starts it again. */
  async function killWithin(span: number): Promise<Stacks> {
    await new Promise((resolve) => setTimeout(resolve, random() * span));
    await lake.kill();
    lake = await lake.restart();
    kills++;
    if (lake.log().includes('"stack operation taken up"')) taken++;
    return new Stacks(lake);
  }

  const create = (StackName: string, TemplateBody: string) =>
    new Stacks(lake).client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_IAM"] }));

  /** Every event once, and of each resource in an order that can be. */
  function assertWhole(told: readonly string[], id: string): void {
    const own = told.filter((line) => line.startsWith(`${id} `));
    const completed = own.filter((line) => line.startsWith(`${id} CREATE_COMPLETE`));
    assert.equal(completed.length, 1, own.join("\n"));
  }

  for (let round = 1; round <= 6; round++) {
    it(`while it creates, updates and deletes, moments ${round}`, async () => {
      const name = `killed-${round}`;
      const { StackId = "" } = await create(name, BODY.replaceAll("VALUE", "one"));
      let stacks = await killWithin(150);
      const made = await stacks.settled(StackId);
      assert.equal(made.StackStatus, "CREATE_COMPLETE", (await stacks.told(StackId)).join("\n"));
      const told = await stacks.told(StackId);
      for (const id of EVERY_ID) assertWhole(told, id);
      assert.equal((await stacks.resources(StackId)).length, EVERY_ID.length + 12);

      const changed = BODY.replaceAll("VALUE", "two").replace("RetentionInDays: 7", "RetentionInDays: 14");
      await stacks.client.send(
        new UpdateStackCommand({ StackName: name, TemplateBody: changed, Capabilities: ["CAPABILITY_IAM"] }),
      );
      stacks = await killWithin(100);
      assert.equal((await stacks.settled(StackId)).StackStatus, "UPDATE_COMPLETE");

      await stacks.client.send(new DeleteStackCommand({ StackName: name }));
      stacks = await killWithin(150);
      assert.equal((await stacks.settled(StackId)).StackStatus, "DELETE_COMPLETE");
      assert.deepEqual(await left(lake), {});
    });
  }

  it("while it rolls back", async () => {
    const broken = `${BODY.replaceAll("VALUE", "one")}  Bad: {Type: AWS::SNS::Topic, DependsOn: [${EVERY_ID.join(", ")}], Properties: {Nam: x}}\n`;
    const { StackId = "" } = await new Stacks(lake).client.send(
      new CreateStackCommand({
        StackName: "rolling",
        TemplateBody: broken,
        DisableValidation: true,
        Capabilities: ["CAPABILITY_IAM"],
      }),
    );
    for (let time = 0; time < 3; time++) await killWithin(120);
    const stacks = new Stacks(lake);
    assert.equal((await stacks.settled(StackId)).StackStatus, "ROLLBACK_COMPLETE");
    assert.deepEqual(await left(lake), {});
  });

  it("while it makes a database", async () => {
    const { StackId = "" } = await create("database", `Resources:\n${DATABASE}`);
    for (let time = 0; time < 3; time++) await killWithin(1500);
    const stacks = new Stacks(lake);
    const stack = await stacks.settled(StackId, 120_000);
    assert.equal(stack.StackStatus, "CREATE_COMPLETE", (await stacks.told(StackId)).join("\n"));
    assert.equal((await left(lake))["instances"]?.length, 1);
    await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
    await killWithin(300);
    assert.equal((await new Stacks(lake).settled(StackId)).StackStatus, "DELETE_COMPLETE");
    assert.deepEqual(await left(lake), {});
  });

  it("which it was: some of the moments lay within an operation", () => {
    assert.ok(taken >= kills / 5, `${taken} of ${kills}`);
  });

  it("stopped in good order, it goes on at the next start too", async () => {
    const { StackId = "" } = await create("stopped", `${BODY.replaceAll("VALUE", "one")}${DATABASE}`);
    await lake.stop({ keep: true });
    lake = await lake.restart();
    const stacks = new Stacks(lake);
    assert.equal(
      (await stacks.settled(StackId, 120_000)).StackStatus,
      "CREATE_COMPLETE",
      (await stacks.told(StackId)).join("\n"),
    );
    await stacks.client.send(new DeleteStackCommand({ StackName: StackId }));
    assert.equal((await stacks.settled(StackId, 120_000)).StackStatus, "DELETE_COMPLETE");
    assert.deepEqual(await left(lake), {});
  });
});
