// A lake killed while a stack of every live type is made, rolled back, updated and deleted: it goes on to a terminal state, half of nothing is left.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import {
  CreateStackCommand,
  DeleteStackCommand,
  type StackResourceSummary,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { readElsewhere } from "../../../src/base/elsewhere.ts";
import { EVERY_KIND, left } from "../cloudformation/left.ts";
import { Stacks } from "../cloudformation/stacks.ts";
import type { TestLake } from "../harness.ts";
import { Rds } from "../rds/connect.ts";
import { percent, Rounds } from "./rounds.ts";
import { WRITER_BUCKET, WRITER_DATABASE, WRITER_GROUP } from "./writer.ts";

const MORE = `
  Database: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBName: lake, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: lake_owner, ManageMasterUserPassword: true}}
  Connection: {Type: AWS::Glue::Connection, Properties: {CatalogId: !Ref AWS::AccountId, ConnectionInput: {Name: survival, ConnectionType: JDBC, ConnectionProperties: {JDBC_CONNECTION_URL: !Sub "jdbc:postgresql://\${Database.Endpoint.Address}:\${Database.Endpoint.Port}/lake", JDBC_ENFORCE_SSL: "true", SECRET_ID: !GetAtt Database.MasterUserSecret.SecretArn}}}}
  Primary: {Type: AWS::Athena::NamedQuery, Properties: {Name: q2, Database: !Ref Catalog, QueryString: SELECT 2}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
`;
const BODY = `Resources:${EVERY_KIND}${MORE}`;
/** In place, and a resource more. */
const CHANGED = `${BODY.replace("RetentionInDays: 7", "RetentionInDays: 14").replace('"20"', '"40"')}
  Later: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 3}}
`;
/** Fails once all else stands. */
const BROKEN = `${BODY}
  Bad: {Type: AWS::SecretsManager::Secret, DependsOn: [Connection, Crawler, Query, Table, Trigger], Properties: {GenerateSecretString: {PasswordLength: 2}}}
`;
const PATIENCE = 120_000;

type Act = "create" | "fail" | "update" | "delete";
const ACTS: readonly Act[] = [
  "create",
  "create",
  "create",
  "create",
  "create",
  "fail",
  "update",
  "update",
  "delete",
  "delete",
];
const ENDS: Readonly<Record<Act, string>> = {
  create: "CREATE_COMPLETE",
  fail: "ROLLBACK_COMPLETE",
  update: "UPDATE_COMPLETE",
  delete: "DELETE_COMPLETE",
};

const rounds = new Rounds("deploy");

describe(rounds.title, function () {
  this.timeout(300_000);
  const takes: Record<Act, number> = { create: 0, fail: 0, update: 0, delete: 0 };
  let inFlight = 0;

  before(async () => {
    const lake = await rounds.open();
    for (const act of ["create", "update", "delete"] as const) {
      const started = performance.now();
      const id = await begin(lake, act);
      await ends(lake, id, act);
      takes[act] = performance.now() - started;
    }
    takes.fail = takes.create + takes.delete;
    await nothing(lake);
  });
  after(() => rounds.close());

  for (const round of rounds.list()) {
    const act = ACTS[round.number - 1] ?? "create";
    it(`${round.name}, ${act}: at ${percent(round)}`, async () => {
      // Whatever a round that failed has left.
      await clear(rounds.lake);
      if (act === "update" || act === "delete") await ends(rounds.lake, await begin(rounds.lake, "create"), "create");
      const id = await rounds.play(round, { act: (lake) => begin(lake, act), takes: takes[act] });
      const { lake } = rounds;
      if (id === undefined) return;
      if (await goesOn(lake, id)) inFlight++;
      await ends(lake, id, act);
      await (act === "create" || act === "update" ? whole(lake, id) : nothing(lake));
    });
  }

  it("has hit stacks in flight, and holds all that was acknowledged in all rounds", async function () {
    await clear(rounds.lake);
    if (!rounds.whole) this.skip();
    assert.ok(inFlight >= 3, `${inFlight} of 10 rounds hit a stack in flight`);
    const acknowledged = await rounds.verifyAll();
    assert.ok(acknowledged > 100, `${acknowledged} writes were acknowledged`);
  });
});

const StackName = "survival";
const Capabilities: "CAPABILITY_IAM"[] = ["CAPABILITY_IAM"];

/** Begins it; resolves to the stack's id. */
async function begin(lake: TestLake, act: Act): Promise<string> {
  const { client } = new Stacks(lake);
  switch (act) {
    case "create":
    case "fail": {
      const TemplateBody = act === "create" ? BODY : BROKEN;
      return (await client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities }))).StackId ?? "";
    }
    case "update":
      return (
        (await client.send(new UpdateStackCommand({ StackName, TemplateBody: CHANGED, Capabilities }))).StackId ?? ""
      );
    case "delete": {
      // The id: a deleted stack is not found by its name.
      const { StackId = "" } = await new Stacks(lake).describe(StackName);
      await client.send(new DeleteStackCommand({ StackName }));
      return StackId;
    }
  }
}

async function goesOn(lake: TestLake, id: string): Promise<boolean> {
  return (await new Stacks(lake).describe(id)).StackStatus?.endsWith("_IN_PROGRESS") === true;
}

async function ends(lake: TestLake, id: string, act: Act): Promise<void> {
  const stacks = new Stacks(lake);
  const { StackStatus } = await stacks.settled(id, PATIENCE);
  assert.equal(StackStatus, ENDS[act], (await stacks.told(id)).join("\n"));
}

/** Deletes the stack where there is one. */
async function clear(lake: TestLake): Promise<void> {
  const stacks = new Stacks(lake);
  const there = await stacks.describe(StackName).catch(() => undefined);
  if (there !== undefined) {
    await stacks.client.send(new DeleteStackCommand({ StackName }));
    await ends(lake, there.StackId ?? "", "delete");
  }
  await nothing(lake);
}

/** What the services know is what the stack lists, and the other way round; and the database opens by the connection's secret. */
async function whole(lake: TestLake, id: string): Promise<void> {
  const listed = await new Stacks(lake).resources(id);
  // Roles are recorded, and IAM answers for them.
  const live = listed.filter(
    ({ ResourceType, ResourceStatusReason }) =>
      ResourceType === "AWS::IAM::Role" || ResourceStatusReason?.startsWith("Recorded") !== true,
  );
  assert.ok(live.every(({ ResourceStatus }) => /^(CREATE|UPDATE)_COMPLETE$/.test(ResourceStatus ?? "")));
  const { servers, ...known } = await services(lake);
  // The query of the stack's own workgroup goes with that; all others are looked for.
  const wanted = live.filter(({ LogicalResourceId }) => LogicalResourceId !== "Query").map(nameOf);
  assert.deepEqual(new Set(Object.values(known).flat()), new Set(wanted));
  const rds = new Rds(lake);
  const database = live.find(({ LogicalResourceId }) => LogicalResourceId === "Database");
  await rds.connect(await rds.describe(database?.PhysicalResourceId ?? ""));
  await rds.close();
  assert.ok((servers ?? []).length > 0);
}

/** Nothing of the stack is known to any service, no server runs, and no folder of a database lies about. */
async function nothing(lake: TestLake): Promise<void> {
  assert.deepEqual(await services(lake), {});
  assert.deepEqual(readElsewhere(lake.folder).filter(existsSync), []);
}

/** What the services hold, the writer's things and the password that RDS keeps for its instance left out. */
async function services(lake: TestLake): Promise<Record<string, unknown[]>> {
  const all = await left(lake);
  const managed = (all["secrets"] ?? []).filter((name) => String(name).startsWith("rds!"));
  assert.equal(managed.length, (all["instances"] ?? []).length, "a managed password for each instance");
  const writers = (kind: string, name: string) =>
    name === WRITER_BUCKET ||
    name === WRITER_GROUP ||
    name === WRITER_DATABASE ||
    (kind === "tables" && /_deploy_\d+_\d+$/.test(name)) ||
    (kind === "secrets" && managed.includes(name));
  return Object.fromEntries(
    Object.entries(all)
      .map(([kind, names]) => [kind, names.filter((name) => !writers(kind, String(name)))] as const)
      .filter(([, names]) => names.length > 0),
  );
}

/** A secret's ARN ends in its name and six characters more; all other ids are names. */
function nameOf({ ResourceType, PhysicalResourceId = "" }: StackResourceSummary): string {
  if (ResourceType !== "AWS::SecretsManager::Secret") return PhysicalResourceId;
  return PhysicalResourceId.replace(/^.*:secret:/, "").replace(/-.{6}$/, "");
}
