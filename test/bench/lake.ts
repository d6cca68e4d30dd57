// The lake without engines: time until it answers, and its memory when it has nothing to do.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLake } from "../../src/local/start.ts";
import { stopLake } from "../../src/local/stop.ts";
import { defaultProgram } from "../../src/local/spawn.ts";
import { median, type Result, seconds } from "./result.ts";

const ROUNDS = 3;
/** Until garbage of the start is gone; ms. */
const SETTLE = 5000;

export async function bench(): Promise<Result[]> {
  const starts: number[] = [];
  let memory = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const folder = mkdtempSync(join(tmpdir(), "bench-lake-"));
    try {
      let pid = 0;
      starts.push(
        await seconds(async () => {
          pid = (await startLake({ folder, persistent: true, program: defaultProgram() })).pid;
        }),
      );
      if (round === ROUNDS - 1) {
        await new Promise((resolve) => setTimeout(resolve, SETTLE));
        memory = residentMegabytes(pid);
      }
      await stopLake(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return [
    { name: "lake without engines: start to first answer", value: median(starts), unit: "s", limit: 1 },
    { name: "lake without engines: resident when idle", value: memory, unit: "MB", limit: 120 },
  ];
}

function residentMegabytes(pid: number): number {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN);
  return (kilobytes * 1024) / 1_000_000;
}
