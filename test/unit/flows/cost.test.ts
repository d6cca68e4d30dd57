// The standing bill of a plan: NAT and Multi-AZ dominate it, and it says so.
import assert from "node:assert/strict";
import { standingCosts } from "../../../src/flows/cost.ts";
import type { Plan, PlannedChange } from "../../../src/stacks/changeSet.ts";

const add = (type: string, logicalId = type): PlannedChange => ({
  action: "Add",
  logicalId,
  physicalId: undefined,
  type,
  replacement: undefined,
});
const plan = (changes: PlannedChange[], parameters: Record<string, string>): Plan => ({
  stackName: "s",
  stackId: "i",
  changeSetId: "c",
  kind: "CREATE",
  changes,
  parameters,
});
const database = { DatabaseClass: "db.t3.micro", DatabaseStorage: "20" };

describe("standing costs", () => {
  it("a Multi-AZ database costs twice, storage too", () => {
    const of = (multiAz: string) =>
      standingCosts(plan([add("AWS::RDS::DBInstance")], { ...database, DatabaseMultiAz: multiAz })).reduce(
        (sum, { monthly }) => sum + monthly,
        0,
      );
    assert.equal(of("true"), 2 * of("false"));
  });

  it("NAT is the dearest of the small lake, endpoints are counted by zone, S3's is free", () => {
    const nat = standingCosts(
      plan([add("AWS::RDS::DBInstance"), add("AWS::EC2::NatGateway"), add("AWS::EC2::EIP")], {
        ...database,
        DatabaseMultiAz: "true",
      }),
    );
    assert.equal(nat[0]?.what, "NAT gateway");
    const endpoints = [add("AWS::EC2::VPCEndpoint", "S3Endpoint"), add("AWS::EC2::VPCEndpoint", "GlueEndpoint")];
    const monthly = (kind: string) => standingCosts(plan(endpoints, { Kind: kind }))[0]?.monthly ?? 0;
    assert.equal(monthly("prod"), 2 * monthly("dev"));
    assert.ok(Math.abs(monthly("dev") - 7.3) < 1e-9);
  });

  it("an update that adds nothing of these costs nothing more", () => {
    assert.deepEqual(standingCosts(plan([{ ...add("AWS::EC2::NatGateway"), action: "Modify" }], {})), []);
  });
});
