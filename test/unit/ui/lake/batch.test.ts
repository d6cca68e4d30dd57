// Who waits for one engine of a fetch waits for that one alone.
import assert from "node:assert/strict";
import type { EngineName } from "../../../../src/base/engines.ts";
import { Batch } from "../../../../src/ui/lake/batch.ts";
import { listed } from "../../../../src/ui/lake/meter.ts";

describe("engines that are fetched together", () => {
  const plan = (...engines: EngineName[]) =>
    engines.map((engine) => ({ engine, version: "1", bytes: 30_000_000, disk: 0, with: undefined }));

  it("PostgreSQL, which is small and all that a deploy needs, has the line first", () => {
    assert.deepEqual(new Batch(plan("spark", "postgres", "trino")).rounds(), [["postgres"], ["spark", "trino"]]);
    assert.deepEqual(new Batch(plan("trino")).rounds(), [["trino"]]);
  });

  it("each arrives by itself, and what ends the fetch afterwards takes nothing back", async () => {
    const batch = new Batch(plan("postgres", "spark", "trino"));
    const arrived: string[] = [];
    const waiting = (["postgres", "trino"] as const).map((engine) =>
      batch.arrival(engine).then(() => arrived.push(engine)),
    );
    batch.take({ kind: "download", engine: "postgres", name: "a.tgz", received: 12_000_000, total: 30_000_000 });
    assert.equal(batch.meter.textOf("postgres"), "12 MB of 30 MB");
    batch.take({ kind: "ready", engine: "postgres", version: "18.4", fetched: true });
    await waiting[0];
    assert.deepEqual(arrived, ["postgres"]);
    batch.broke(new Error("no network"));
    await assert.rejects(waiting[1] ?? Promise.resolve(), /no network/);
    await batch.arrival("postgres");
  });

  it("names read as a list", () => {
    assert.equal(listed(["postgres"]), "PostgreSQL");
    assert.equal(listed(["postgres", "spark"]), "PostgreSQL and Spark");
    assert.equal(listed(["postgres", "spark", "trino"]), "PostgreSQL, Spark and Trino");
  });
});
