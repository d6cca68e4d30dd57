// The types that a plan calls live are those that the lake's services make real.
import { deepEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { liveTypes } from "../../../src/flows/liveTypes.ts";

const SERVICES = new URL("../../../src/lake/services/", import.meta.url).pathname;

describe("live types", () => {
  it("are the resource types of the lake's services, no more and no less", () => {
    const found = new Set<string>();
    for (const file of readdirSync(SERVICES, { recursive: true, encoding: "utf8" })) {
      // CloudFormation's own names the recorded ones.
      if (!file.endsWith(".ts") || file.startsWith("cloudformation/")) continue;
      const text = readFileSync(SERVICES + file, "utf8");
      if (!/ResourceType\b/.test(text)) continue;
      // Kept by a service of the lake, with nothing real behind it: those files hold no other types.
      if (text.includes("recorded: true")) continue;
      // A service may itself only record a type (roles, policies): it says so behind the type's name.
      for (const part of text.split(/(?="AWS::\w+::\w+")/)) {
        const [, type] = /^"(AWS::\w+::\w+)"/.exec(part) ?? [];
        if (type !== undefined && !part.includes("recorded: true")) found.add(type);
      }
    }
    deepEqual([...found].sort(), liveTypes());
  });
});
