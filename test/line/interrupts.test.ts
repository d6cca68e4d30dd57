// Ctrl+C at a seeded moment of every step, and the same command again from there: it ends the waiting at once, and the second time ends well.
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processesNaming } from "../lake/survival/processes.ts";
import { randomOf } from "../lake/survival/random.ts";
import { boathouse, listening, momentSeed, says } from "./cli.ts";

const seed = momentSeed();

/** From Ctrl+C to the prompt, on a busy machine; ms. A person takes more for stuck. */
const PATIENCE = 10_000;

interface Step {
  readonly args: readonly string[];
  /** How long the step takes on an idle machine, so that most moments lie within it; ms. */
  readonly takes: number;
  /** What may be said where the first try had already done all. */
  readonly done?: readonly number[];
}

/** As `demo` walks them. */
const STEPS: Readonly<Record<string, Step>> = {
  deploy: { args: ["deploy", "--yes"], takes: 6000 },
  load: { args: ["load"], takes: 8000 },
  "run the jobs": { args: ["jobs", "run-all"], takes: 20_000 },
  crawl: { args: ["crawl"], takes: 800 },
  query: { args: ["named", "run", "monthly-revenue"], takes: 10_000 },
  prove: { args: ["prove"], takes: 6000 },
  "tear down": { args: ["destroy", "--yes"], takes: 3000, done: [4] },
};

describe(`Ctrl+C (BOATHOUSE_INTERRUPTS=${seed})`, function () {
  this.timeout(600_000);
  const data = mkdtempSync(join(tmpdir(), "interrupts-"));
  const lake = join(data, "lake");

  after(async () => {
    await boathouse(["--lake", lake, "lake", "reset", "--yes", "--force"], { data });
    rmSync(data, { recursive: true, force: true });
  });

  it("while engines are fetched: at once, no helper goes on, nothing half is taken for whole", async () => {
    // A mirror that takes connections and never answers.
    const silent = createServer(() => undefined);
    const port = await listening(silent);
    const mirror = `http://127.0.0.1:${port}/`;
    const cold = join(data, "cold");
    const env = {
      BOATHOUSE_CACHE: cold,
      BOATHOUSE_NPM_MIRROR: mirror,
      BOATHOUSE_PIP_INDEX: `${mirror}simple`,
      BOATHOUSE_MAVEN_MIRROR: mirror,
    };
    const first = interrupt(randomOf(`${seed} fetch`)() * 3000);
    const ran = await says(boathouse(["--lake", lake, "lake", "start"], { data, env, ...first }), 130, /run the same/);
    first.endedWithin(PATIENCE);
    assert.doesNotMatch(ran.stderr, /error:/);
    assert.deepEqual(processesNaming([cold]), []);
    silent.close();
    await says(boathouse(["--lake", lake, "lake", "start"], { data }), 0);
  });

  for (const [name, { args, takes, done = [] }] of Object.entries(STEPS)) {
    const moment = Math.round(randomOf(`${seed} ${name}`)() * takes);
    it(`${name}: after ${moment} ms, and again from there`, async () => {
      const command = ["--lake", lake, "--stack", "interrupted", ...args];
      const first = interrupt(moment);
      const ran = await boathouse(command, { data, ...first });
      if (ran.code === 130) {
        first.endedWithin(PATIENCE);
        // Nothing is said where it had not yet read its own program.
        if (ran.stderr !== "") assert.match(ran.stderr, /^Stopped/m);
        assert.doesNotMatch(ran.stderr, /error:|^\s+at /m);
      } else {
        // It was through before.
        assert.equal(ran.code, 0, ran.stderr);
      }
      const again = await boathouse(["--json", ...command], { data });
      assert.ok(again.code === 0 || done.includes(again.code), again.stderr + again.stdout);
      if (name === "tear down" && again.code === 0) assert.deepEqual(again.json<{ left: unknown[] }>().left, []);
    });
  }

  it("has left no stack and no start lock", async () => {
    await says(boathouse(["--lake", lake, "--stack", "interrupted", "crawl"], { data }), 4, /There is no stack/);
    await says(boathouse(["--lake", lake, "lake", "stop"], { data }), 0);
    assert.deepEqual(
      readdirSync(lake).filter((file) => file.startsWith("start.lock")),
      [],
    );
    if (process.platform === "linux") assert.deepEqual(processesNaming([lake]), []);
  });
});

/** Sends SIGINT `after` ms from when the program listens to it. */
function interrupt(after: number) {
  let sent: number | undefined;
  return {
    onStart(child: ChildProcess): void {
      const timer = setTimeout(() => {
        sent = performance.now();
        child.kill("SIGINT");
      }, after + STARTING);
      child.once("exit", () => clearTimeout(timer));
    },
    endedWithin(limit: number): void {
      assert.ok(sent !== undefined && performance.now() - sent < limit, "it took too long to end");
    },
  };
}

/** Node has read the program and taken SIGINT over by then; before, Ctrl+C ends it as it ends any program. */
const STARTING = 500;
