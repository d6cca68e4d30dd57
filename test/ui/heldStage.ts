// What the tests of deploys and reloads share: a window whose connection is a real lake of the test's own, by a way that can be held.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsSession } from "../../src/aws/session.ts";
import { resetLake } from "../../src/local/reset.ts";
import { startLake } from "../../src/local/start.ts";
import { openStage, type Stage, type StageOptions } from "./harness.ts";
import { Holding } from "./holding.ts";

export interface HeldStage extends Stage {
  readonly way: Holding;
  /** As the test itself sees the lake, beside the way. */
  readonly session: AwsSession;
  /** The lake's process stands still, and all that it works on by itself. */
  pause(): void;
  resume(): void;
  /** Open entries of the journal. */
  open(): string[];
  /** Says what was told, beside a picture. */
  seen(name: string, text: string): Promise<void>;
}

export async function openHeld(options: Pick<StageOptions, "name" | "files">): Promise<HeldStage> {
  const scratch = mkdtempSync(join(tmpdir(), "boathouse-held-"));
  const folder = join(scratch, "lake");
  const lake = await startLake({ folder });
  const { region, endpoint, accessKeyId, secretAccessKey, pid } = lake;
  const session = new AwsSession({
    kind: "local",
    region,
    endpointUrl: endpoint,
    keys: { accessKeyId, secretAccessKey },
  });
  const way = await Holding.before(endpoint);
  const stage = await openStage({
    ...options,
    themes: ["dark"],
    settings: { "boathouse.connection.endpoint": way.url, "boathouse.connection.region": region },
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
  const operations = join(stage.server.folder, "user/User/globalStorage/boathouse.boathouse/operations");
  const resume = () => void process.kill(pid, "SIGCONT");
  return {
    ...stage,
    way,
    session,
    pause: () => void process.kill(pid, "SIGSTOP"),
    resume,
    open: () => {
      try {
        return readdirSync(operations).filter((name) => name.endsWith(".jsonl"));
      } catch {
        return [];
      }
    },
    seen: async (name, text) => {
      process.stdout.write(`      ${text.replaceAll(/\s+/g, " ")}\n`);
      await stage.workbench.shot(name);
    },
    close: async (failed) => {
      resume();
      await stage.close(failed);
      await way.stop();
      session.dispose();
      await lake.dispose();
      await resetLake(folder, { force: true });
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Looks until `holds`. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, within = 30_000): Promise<void> {
  for (const end = Date.now() + within; !(await holds()); await sleep(50)) {
    if (Date.now() > end) throw new Error(`In ${within / 1000} s there was not: ${what}.`);
  }
}
