// The local line keeps to loopback, whatever of AWS and proxies is set around it: run in a namespace with `lo` alone, where attempts are counted.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomOf } from "../lake/survival/random.ts";
import { cacheFolder } from "../../src/base/paths.ts";
import { boathouse, CLI, momentSeed, plainEnvironment, type Ran, run } from "./cli.ts";

interface Attempts {
  readonly ipv4: number;
  readonly ipv6: number;
}

const seed = momentSeed();
/** What a demo takes at least; s. */
const DEMO = 70;

const NAMESPACES = ["--net", "--mount"];
const python = process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3";

const IPV6_COUNTERS = "/proc/net/snmp6";

/** Addresses of TEST-NET and the documentation prefix: nobody's, and on no machine's own network. */
const ELSEWHERE = "http://192.0.2.10";

const ATTEMPTS: readonly (readonly [way: string, kind: keyof Attempts, code: string])[] = [
  ["a connection by IPv4", "ipv4", 'socket.create_connection(("192.0.2.10", 443))'],
  ["a connection by IPv6", "ipv6", 'socket.create_connection(("2001:db8::10", 443))'],
  ["a datagram", "ipv4", 'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.10", 53))'],
  ["a question for a name", "ipv4", 'socket.getaddrinfo("s3.amazonaws.com", 443)'],
  ["a question for the instance's metadata", "ipv4", 'socket.create_connection(("169.254.169.254", 80))'],
];

describe("the line with no network but loopback", function () {
  this.timeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), "offline-"));
  const home = join(folder, "home");

  before(function () {
    const refused = whyNot();
    if (refused !== undefined) {
      process.stdout.write(`      not run here: ${refused}\n`);
      this.skip();
    }
    mkdirSync(join(home, ".aws"), { recursive: true });
    writeFileSync(join(home, ".aws", "config"), CONFIG);
    writeFileSync(join(home, ".aws", "credentials"), CREDENTIALS);
  });
  after(async () => {
    // What a demo that failed has left, its database beside the folder too.
    const data = join(folder, "data");
    await boathouse(["--lake", join(data, "demo"), "lake", "reset", "--yes", "--force"], { data });
    rmSync(folder, { recursive: true, force: true });
  });

  const misleading = (): Record<string, string> => ({
    ...plainEnvironment(),
    HOME: home,
    BOATHOUSE_DATA: join(folder, "data"),
    BOATHOUSE_CACHE: cacheFolder(),
    AWS_PROFILE: "prod",
    AWS_DEFAULT_PROFILE: "prod",
    AWS_ACCESS_KEY_ID: "AKIA2JXEXAMPLEEXAMPL",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjEXAMPLE",
    AWS_REGION: "eu-central-1",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: `${ELSEWHERE}:4566`,
    AWS_ENDPOINT_URL_S3: `${ELSEWHERE}:9000`,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${ELSEWHERE}/credentials`,
    ...Object.fromEntries(
      ["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [
        [name, `${ELSEWHERE}:3128`],
        [name.toUpperCase(), `${ELSEWHERE}:3128`],
      ]),
    ),
    NODE_USE_ENV_PROXY: "1",
    PGHOST: "192.0.2.10",
    SPARK_MASTER: "spark://192.0.2.10:7077",
    JAVA_TOOL_OPTIONS: "-Dhttp.proxyHost=192.0.2.10 -Dhttps.proxyHost=192.0.2.10 -DsocksProxyHost=192.0.2.10",
  });

  /** Runs a program in the namespace; how it ended, and how often something in there asked for another way than loopback. */
  async function alone(
    env: Record<string, string>,
    program: string,
    ...args: string[]
  ): Promise<{ ran: Ran; attempts: Attempts }> {
    const place = mkdtempSync(join(folder, "alone-"));
    const script = new URL("alone.py", import.meta.url).pathname;
    const ran = await run("unshare", [...NAMESPACES, python, script, place, program, ...args], { env });
    const attempts = JSON.parse(readFileSync(join(place, "attempts.json"), "utf8")) as Attempts;
    return { ran, attempts };
  }

  for (const [way, kind, code] of ATTEMPTS) {
    // A kernel without IPv6 has nothing to see of it.
    if (kind === "ipv6" && !existsSync(IPV6_COUNTERS)) continue;
    it(`would see ${way}`, async () => {
      const { ran, attempts } = await alone(plainEnvironment(), python, "-c", `import socket\n${code}`);
      assert.notEqual(ran.code, 0, "it got out");
      assert.ok(attempts[kind] > 0, JSON.stringify(attempts));
    });
  }

  it("would see one of a grandchild that nobody waits for", async () => {
    const detached = `import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", 'import socket; socket.create_connection(("192.0.2.10", 80))'], start_new_session=True)
time.sleep(2)`;
    const { attempts } = await alone(plainEnvironment(), python, "-c", detached);
    assert.ok(attempts.ipv4 > 0, JSON.stringify(attempts));
  });

  it("says nothing of what keeps to loopback", async () => {
    const { ran, attempts } = await alone(plainEnvironment(), python, "-c", LOOPBACK);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(attempts, { ipv4: 0, ipv6: 0 });
  });

  const moment = Math.round(randomOf(`${seed} demo`)() * DEMO);
  it(`demo, interrupted after ${moment} s (BOATHOUSE_INTERRUPTS=${seed}), ends at once and says so`, async () => {
    const env = { ...misleading(), INTERRUPT_AFTER: String(moment) };
    const { ran, attempts } = await alone(env, process.execPath, CLI, "demo");
    // On a fast machine it may have been through.
    assert.ok(ran.code === 130 || ran.code === 0, ran.stderr);
    if (ran.code === 130) assert.match(ran.stderr, /^Stopped\. .*again/m);
    assert.doesNotMatch(ran.stderr, /error:/);
    assert.deepEqual(attempts, { ipv4: 0, ipv6: 0 });
  });

  it("demo again from there walks all of it and proves its answers, and nothing tries another way than loopback", async () => {
    const { ran, attempts } = await alone(misleading(), process.execPath, CLI, "--json", "demo");
    assert.equal(ran.code, 0, ran.stderr + ran.stdout);
    assert.deepEqual(attempts, { ipv4: 0, ipv6: 0 });
    const outcome = ran.json<{ queries: { equal: boolean }[]; left: unknown[] }>();
    assert.ok(outcome.queries.length > 0 && outcome.queries.every(({ equal }) => equal));
    assert.deepEqual(outcome.left, []);
  });
});

/** Why namespaces can't be had here; undefined where they can. */
function whyNot(): string | undefined {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid?.() !== 0) return "only root may make a network namespace";
  const made = spawnSync("unshare", [...NAMESPACES, "true"], { encoding: "utf8" });
  return made.status === 0 ? undefined : `unshare: ${made.error?.message ?? made.stderr.trim()}`;
}

const LOOPBACK = `
import socket
for family, address in ((socket.AF_INET, "127.0.0.1"),):
    server = socket.socket(family)
    server.bind((address, 0))
    server.listen()
    socket.create_connection(server.getsockname()[:2]).close()
socket.getaddrinfo("localhost", 80)
`;

const CONFIG = `[default]
region = eu-west-1
[profile prod]
region = eu-central-1
endpoint_url = ${ELSEWHERE}:4566
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
credential_process = /bin/false
[profile sso]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 123456789012
sso_role_name = admin
`;

const CREDENTIALS = `[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;
