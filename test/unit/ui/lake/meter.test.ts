// The one line that says how far the engines are.
import assert from "node:assert/strict";
import { Meter } from "../../../../src/ui/lake/meter.ts";

describe("progress of the engines", () => {
  const meter = () =>
    new Meter([
      { engine: "spark", version: "3.5.6", bytes: 344_000_000, disk: 0, with: undefined },
      { engine: "trino", version: "476", bytes: 452_000_000, disk: 0, with: "JDK 25" },
    ]);

  it("adds up the files of each", () => {
    const line = meter();
    assert.equal(line.text(), "Spark queued · Trino queued");
    line.take({ kind: "download", engine: "spark", name: "a.jar", received: 6_000_000, total: 6_000_000 });
    line.take({ kind: "download", engine: "spark", name: "pyspark.tar.gz", received: 100_000_000, total: 317_000_000 });
    line.take({ kind: "waiting", engine: "trino", part: "trino-476", holder: 4711 });
    assert.equal(line.text(), "Spark 106 MB of 344 MB · Trino fetched by another window");
    line.take({ kind: "ready", engine: "trino", version: "476", fetched: false });
    line.take({ kind: "install", engine: "spark", part: "pyspark" });
    assert.equal(line.text(), "Spark installing · Trino ready");
    assert.equal(Math.round(line.percent()), Math.round((100 * (106 + 452)) / 796));
  });

  it("never says more than all", () => {
    const line = meter();
    line.take({ kind: "download", engine: "trino", name: "big", received: 900_000_000, total: undefined });
    assert.equal(line.textOf("trino"), "900 MB of 900 MB");
    assert.ok(line.percent() <= 100);
  });

  it("a connection that broke off is said", () => {
    const line = meter();
    line.take({ kind: "retry", engine: "trino", name: "big", received: 5, reason: "reset" });
    assert.equal(line.textOf("trino"), "connection lost, trying again");
  });
});
