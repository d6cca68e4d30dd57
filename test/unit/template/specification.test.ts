// The template held against AWS's published specification of resource types, as the lake holds it when a change set is made.
import assert from "node:assert/strict";
import { conform } from "../../../src/lake/services/cloudformation/spec/conform.ts";
import { resourceSpec } from "../../../src/lake/services/cloudformation/spec/spec.ts";
import { Draft, resolveStack, type Stack } from "./stack.ts";

async function problemsOf(stack: Stack): Promise<string[]> {
  const found: string[] = [];
  for (const { id, type, properties } of stack.resources.values()) {
    const spec = await resourceSpec(type);
    if (spec === undefined) found.push(`${id}: there is no type ${type}`);
    else found.push(...conform(spec, properties).problems.map(({ path, message }) => `${id} ${path}: ${message}`));
  }
  return found;
}

describe("AWS's specification", () => {
  for (const parameters of [
    { Kind: "dev", PrivateAccess: "nat" },
    { Kind: "prod", PrivateAccess: "endpoints" },
  ]) {
    it(`has nothing to say of a ${Object.values(parameters).join(" lake by ")}`, async () => {
      assert.deepEqual(await problemsOf(resolveStack(new Draft(), parameters)), []);
    });
  }

  it("would say what is wrong", async () => {
    const broken = new Draft()
      .set("OrdersJob/Properties/Glueversion", "5.1")
      .remove("Crawler/Properties/Role")
      .set("WorkGroup/Properties/State", "ON")
      .set("Vpc/Type", "AWS::EC2::Lake");
    const found = (await problemsOf(resolveStack(broken))).join("\n");
    for (const wrong of [
      /OrdersJob .*Glueversion/,
      /Crawler .*\[Role\] not found/,
      /WorkGroup \/State/,
      /no type AWS::EC2::Lake/,
    ]) {
      assert.match(found, wrong);
    }
  });
});
