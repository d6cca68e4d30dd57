// The whole line from a terminal, on one lake: demo, proof and its failures, the AWS CLI and boto3, interruptions, tear-down.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import type { Resource } from "../unit/template/stack.ts";
import { refused, roleOfLake, roleUses } from "./rights.ts";
import { boathouse, plainEnvironment, type Ran, run } from "./cli.ts";

interface Outcome {
  steps: { name: string; seconds: number }[];
  queries: { name: string; rows: number; equal: boolean; difference?: string }[];
  resources: { live: number; recorded: number };
  left: unknown[];
  totals: { customers: number; orders: number; amount: string };
}

const STACK = "boathouse-demo";
const python = process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3";

describe("the whole line", function () {
  this.timeout(900_000);
  const data = mkdtempSync(join(tmpdir(), "line-"));
  const lake = join(data, "demo");
  const say = (...args: string[]) => boathouse(["--lake", lake, "--stack", STACK, ...args], { data });
  let env: Record<string, string>;

  after(async () => {
    await say("lake", "stop");
    rmSync(data, { recursive: true, force: true });
  });

  it("demo walks it and proves its answers", async () => {
    const ran = await boathouse(["--json", "--lake", lake, "demo", "--keep"], { data });
    assert.equal(ran.code, 0, ran.stderr + ran.stdout);
    const outcome = ran.json<Outcome>();
    for (const step of outcome.steps) process.stdout.write(`      ${step.name}: ${step.seconds} s\n`);
    assert.deepEqual(outcome.totals, { customers: 23570, orders: 69659, amount: "2500315.63" });
    assert.deepEqual(
      outcome.queries.map(({ name, equal }) => [name, equal]),
      [
        ["customer-lifetime-value-by-segment", true],
        ["first-week-of-1997", true],
        ["monthly-revenue", true],
        ["totals", true],
      ],
    );
    assert.ok(outcome.queries.every(({ rows }) => rows > 0));
    assert.ok(outcome.resources.live > 10 && outcome.resources.recorded > 10, JSON.stringify(outcome.resources));
  });

  it("lake env points the AWS CLI and boto3 at it", async () => {
    const printed = await say("lake", "env");
    assert.equal(printed.code, 0, printed.stderr);
    const set = Object.fromEntries(
      [...printed.stdout.matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""]),
    );
    assert.ok(set["AWS_ENDPOINT_URL"]?.startsWith("http://127.0.0.1:"), printed.stdout);
    env = { ...plainEnvironment(), HOME: data, ...set };
    const script = readFileSync(new URL("aws.sh", import.meta.url), "utf8");
    const ran = await run("bash", ["-euo", "pipefail", "-c", script], {
      env: { ...env, PATH: `${dirname(python)}:${env["PATH"] ?? ""}`, STACK, WORK: join(data, "work") },
    });
    assert.equal(ran.code, 0, `${ran.stdout}\n${ran.stderr}`);
    assert.match(ran.stdout, /the AWS CLI has done all of it/);
  });

  it("boto3 does the same", async () => {
    const ran = await run(python, [new URL("aws_boto3.py", import.meta.url).pathname, STACK, data], { env });
    assert.equal(ran.code, 0, `${ran.stdout}\n${ran.stderr}`);
    assert.match(ran.stdout, /boto3 has done all of it/);
  });

  it("the roles' own policies allow all that they were used for", async () => {
    const { uses, leftOut } = roleUses(readFileSync(join(lake, "lake.log"), "utf8"));
    const iam = new IAMClient({
      endpoint: env["AWS_ENDPOINT_URL"] ?? "",
      region: "us-east-1",
      credentials: { accessKeyId: env["AWS_ACCESS_KEY_ID"] ?? "", secretAccessKey: env["AWS_SECRET_ACCESS_KEY"] ?? "" },
    });
    const roles = new Map<string, Resource>();
    for (const name of new Set(uses.map(({ role }) => role))) roles.set(name, await roleOfLake(iam, name));
    iam.destroy();
    assert.deepEqual(
      [...roles.keys()].map((name) => name.split("-").at(-2)).sort(),
      ["EtlRole", "LoaderRole"],
      "the jobs ran with their roles' keys",
    );
    assert.deepEqual(refused(uses, roles), []);
    assert.ok(
      [...leftOut].every((action) => action.startsWith("glue:")),
      [...leftOut].join(),
    );
    // With nothing allowed, each use is refused: the check can fail.
    const bare = new Map([...roles].map(([name, role]) => [name, { ...role, properties: {} }]));
    assert.equal(refused(uses, bare).length, uses.length);
  });

  it("named queries run by name, and a .sql file prints its rows", async () => {
    const named = await say("named", "run", "first-week-of-1997");
    assert.equal(named.code, 0, named.stderr);
    assert.match(named.stdout, /1997-01-07/);
    const file = join(data, "two.sql");
    writeFileSync(file, "SELECT count(*) AS orders FROM orders;\n-- and\nSELECT NULL AS nothing, '' AS empty;\n");
    const both = await say("--json", "query", file);
    assert.equal(both.code, 0, both.stderr);
    const { statements } = both.json<{ statements: { rows: (string | null)[][] }[] }>();
    assert.deepEqual(
      statements.map(({ rows }) => rows),
      [[["69659"]], [[null, ""]]],
    );
  });

  it("an SQL error shows its line and a mark below its column", async () => {
    const ran = await say("query", "--sql", "SELECT amount,\n  nonsense\nFROM orders");
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, / {2}nonsense\n {2}\^/);
    assert.match(ran.stderr, /line 2:3/);
  });

  it("a deleted Parquet file makes the proof fail; undone, it holds", async () => {
    const holds = await say("--json", "prove");
    assert.equal(holds.code, 0, holds.stderr + holds.stdout);
    const outputs = (await say("--json", "deploy", "--yes")).json<{
      outputs: Record<string, string>;
      changed: boolean;
    }>();
    assert.equal(outputs.changed, false);
    const bucket = outputs.outputs["DataBucketName"] ?? "";
    const aws = awsCommand(env);
    const listed = JSON.parse(
      (await aws("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", "lake/orders/year=1997/month=03/")).stdout,
    ) as {
      Contents: { Key: string }[];
    };
    const key = listed.Contents.find(({ Key }) => Key.endsWith(".parquet"))?.Key ?? "";
    const marker = JSON.parse((await aws("s3api", "delete-object", "--bucket", bucket, "--key", key)).stdout) as {
      VersionId: string;
    };
    const broken = await say("--json", "prove");
    assert.equal(broken.code, 1, broken.stderr);
    assert.ok(broken.json<Outcome>().queries.some(({ equal }) => !equal));
    await aws("s3api", "delete-object", "--bucket", bucket, "--key", key, "--version-id", marker.VersionId);
    assert.equal((await say("prove")).code, 0);
  });

  it("a changed source row makes the proof fail, and running the jobs makes it hold again", async () => {
    const ran = await run(python, [new URL("change_row.py", import.meta.url).pathname, STACK], { env });
    assert.equal(ran.code, 0, ran.stderr);
    const broken = await say("--json", "prove");
    assert.equal(broken.code, 1, broken.stderr);
    assert.equal((await say("jobs", "run-all")).code, 0);
    const again = await say("prove");
    assert.equal(again.code, 0, again.stdout);
  });

  it("Ctrl+C ends the waiting, not the run; the same command joins it", async () => {
    const first = await boathouse(["--lake", lake, "--stack", STACK, "jobs", "run", "orders-etl"], {
      data,
      onStderr: interruptAt(/RUNNING|STARTING/),
    });
    assert.equal(first.code, 130, first.stderr);
    const second = await say("jobs", "run", "orders-etl");
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /already runs|SUCCEEDED/);
  });

  it("Ctrl+C in the tear-down, then again: nothing is left", async () => {
    const first = await boathouse(["--lake", lake, "--stack", STACK, "destroy", "--yes"], {
      data,
      onStderr: interruptAt(/Emptied bucket/),
    });
    assert.ok(first.code === 130 || first.code === 0, first.stderr);
    if (first.code === 0) return;
    const second: Ran = await say("--json", "destroy", "--yes");
    assert.ok(second.code === 0 || second.code === 4, second.stderr);
    if (second.code === 0) assert.deepEqual(second.json<{ left: unknown[] }>().left, []);
  });

  it("a fresh deploy can be interrupted and joined, and torn down", async () => {
    const first = await boathouse(["--lake", lake, "--stack", "second", "deploy", "--yes"], {
      data,
      onStderr: interruptAt(/Plan for stack/),
    });
    assert.ok(first.code === 130 || first.code === 0, first.stderr);
    const second = await boathouse(["--lake", lake, "--stack", "second", "--json", "deploy", "--yes"], { data });
    assert.equal(second.code, 0, second.stderr);
    const gone = await boathouse(["--lake", lake, "--stack", "second", "--json", "destroy", "--yes"], { data });
    assert.equal(gone.code, 0, gone.stderr);
    assert.deepEqual(gone.json<{ left: unknown[] }>().left, []);
  });
});

/** Sends SIGINT once, when the process has said so much. */
function interruptAt(pattern: RegExp) {
  let sent = false;
  return (child: { kill(signal: "SIGINT"): boolean }, text: string): void => {
    if (sent || !pattern.test(text)) return;
    sent = true;
    child.kill("SIGINT");
  };
}

function awsCommand(env: Readonly<Record<string, string>>) {
  return async (...args: string[]): Promise<Ran> => {
    const ran = await run(join(dirname(python), "aws"), args, {
      env: { ...env, PATH: `${dirname(python)}:${env["PATH"] ?? ""}` },
    });
    assert.equal(ran.code, 0, `aws ${args.join(" ")}: ${ran.stderr}`);
    return ran;
  };
}
