// What is said before engines are fetched: which are missing, and how much is still to come.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trinoHive, trinoServer } from "../../../src/local/engines/artifacts.ts";
import { mavenFileName } from "../../../src/local/engines/maven.ts";
import { engineStates, planEngines } from "../../../src/local/engines/plan.ts";
import { trinoParts } from "../../../src/local/engines/trino.ts";

describe("the plan of a fetch", () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "boathouse-plan-"));
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  const bytes = async () => (await planEngines(["trino"], { cache }))[0]?.bytes ?? 0;

  it("names what is missing, in the order of the line", async () => {
    assert.deepEqual(
      engineStates(cache)
        .filter(({ engine }) => engine !== "postgres")
        .map(({ engine, present }) => [engine, present]),
      [
        ["spark", false],
        ["trino", false],
      ],
    );
    const plan = await planEngines(["spark", "trino"], { cache });
    assert.deepEqual(
      plan.map(({ engine }) => engine),
      ["spark", "trino"],
    );
    for (const { bytes: expected } of plan) assert.ok(expected > 300e6 && expected < 600e6, String(expected));
  });

  it("counts only the rest of what has begun to arrive", async () => {
    const whole = await bytes();
    mkdirSync(join(cache, "downloads"));
    const [server, hive] = [trinoServer, trinoHive].map((artifact) =>
      join(cache, "downloads", mavenFileName(artifact)),
    );
    writeFileSync(server ?? "", "");
    truncateSync(server ?? "", trinoServer.size);
    writeFileSync(`${hive}.part`, "");
    truncateSync(`${hive}.part`, 100_000_000);
    assert.equal(await bytes(), whole - trinoServer.size - 100_000_000);
  });

  it("counts a JDK where the machine has none", async () => {
    const [bare] = await planEngines(["trino"], { cache, environment: { PATH: "/nowhere" } });
    // Where systems keep JDKs is looked at too, whatever the PATH says.
    assert.ok(bare !== undefined && (bare.with === undefined || bare.with === "JDK 25"));
  });

  it("leaves out what is whole", async () => {
    const { folder } = trinoParts(cache);
    mkdirSync(folder, { recursive: true });
    assert.notEqual(await bytes(), 0, "half built");
    writeFileSync(join(folder, ".whole"), "");
    writeFileSync(join(cache, "engines", "trino.json"), "{}");
    assert.deepEqual(await planEngines(["trino"], { cache }), []);
  });
});
