// The connection of a window: local lake and endpoints, as they come, go, refuse and expire.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as vscode from "vscode";
import type { AwsSession } from "../../../src/aws/session.ts";
import { startLake } from "../../../src/local/start.ts";
import { stopLake } from "../../../src/local/stop.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { shownPath } from "../../../src/ui/shell/paths.ts";
import { activeShell, extension, label, rows } from "../extension.ts";
import { until } from "../until.ts";
import { EXPIRED, FakeAws } from "./fakeAws.ts";

const VIEW = "boathouse.connection";

describe("the connection", function () {
  this.timeout(120_000);
  let shell: Shell;
  let asked: number;
  let askReally: Shell["connections"]["ask"];

  before(async () => {
    shell = await activeShell();
    askReally = shell.connections.ask;
    await shell.connections.choose(undefined);
  });
  beforeEach(() => {
    asked = 0;
    answer(async () => false);
  });
  after(async () => {
    shell.connections.ask = askReally;
    await shell.connections.choose(undefined);
    await stopLake(folder());
  });

  /** The person's answer to "the credentials have expired". */
  const answer = (act: (renewed: () => Promise<void>) => Promise<boolean>) => {
    shell.connections.ask = async (_choice, _error, done) => {
      asked += 1;
      return act(done);
    };
  };
  const texts = async (view = VIEW) =>
    (await rows(shell, view)).map(({ item }) => `${label(item)}: ${String(item.description ?? "")}`);
  const state = () => shell.connections.state.kind;
  const folder = () => shell.connections.lakeFolder;
  const lakePid = () => (JSON.parse(readFileSync(join(folder(), "lake.json"), "utf8")) as { pid: number }).pid;
  const databases = async (session: AwsSession) => {
    const { GetDatabasesCommand } = await import("@aws-sdk/client-glue");
    return (await session.glue()).send(new GetDatabasesCommand({}));
  };

  describe("none", () => {
    it("lists nothing: the welcome says what to do", async () => {
      assert.equal(state(), "none");
      for (const view of shell.trees.keys()) assert.deepEqual(await texts(view), [], view);
    });
    it("says so to who needs one", async () => {
      await assert.rejects(shell.connections.session(), { kind: "notFound", message: "No connection is chosen." });
    });
  });

  describe("the local lake", () => {
    it("is started by its command, once where that is pressed twice", async () => {
      await Promise.all([
        vscode.commands.executeCommand("boathouse.lake.start"),
        vscode.commands.executeCommand("boathouse.lake.start"),
      ]);
      assert.equal(state(), "connected");
      const lines = await texts();
      assert.match(lines[0] ?? "", /^Local lake: running · version /);
      assert.match(lines[1] ?? "", /^Endpoint: http:\/\/127\.0\.0\.1:\d+$/);
      assert.ok(lines.includes(`Folder: ${shownPath(folder())}`));
    });

    it("tells its engines", async () => {
      const all = await rows(shell, VIEW);
      const engines = all.find(({ item }) => label(item) === "Engines");
      const names = (await rows(shell, VIEW, engines?.node)).map(
        ({ item }) => `${label(item)} ${String(item.description)}`,
      );
      assert.match(
        names.join("\n"),
        /^PostgreSQL \S+ · (ready|running)\nSpark \S+ · (ready|running)\nTrino \S+ · (ready|running)$/,
      );
    });

    it("that was killed is seen as stopped, with no call made", async () => {
      process.kill(lakePid(), "SIGKILL");
      await until("stopped", async () => state() === "stopped");
      assert.deepEqual(await texts(), []);
    });

    it("that somebody else starts is found", async () => {
      const other = await startLake({
        folder: folder(),
        program: { file: join(extension().extensionPath, "dist", "lake.js") },
      });
      await until("connected", async () => state() === "connected");
      await other.dispose();
    });

    it("that somebody else stops is seen, and one on another port is found again", async () => {
      const before = (await texts())[1];
      await stopLake(folder());
      await until("stopped", async () => state() === "stopped");
      const other = await startLake({
        folder: folder(),
        program: { file: join(extension().extensionPath, "dist", "lake.js") },
      });
      await until("connected", async () => state() === "connected");
      assert.notEqual((await texts())[1], before);
      await other.dispose();
    });

    it("keeps one lease a window, and gives it back with the connection", async () => {
      const { lakeStatus } = await import("../../../src/local/status.ts");
      const leases = async () => {
        const status = await lakeStatus(folder());
        return status.state === "running" ? status.leases : -1;
      };
      await until("one lease", async () => (await leases()) === 1);
      // Chosen away while it is being opened again: nothing may be left behind.
      for (let round = 0; round < 5; round++) {
        void shell.connections.startLake().catch(() => undefined);
        await shell.connections.forget();
      }
      await until("no lease", async () => (await leases()) === 0);
      await shell.connections.session();
      // Those that were on their way still come, and go.
      await until("one lease", async () => (await leases()) === 1);
    });

    it("stops and starts anew by its commands", async () => {
      const pid = lakePid();
      await vscode.commands.executeCommand("boathouse.lake.restart");
      assert.equal(state(), "connected");
      assert.notEqual(lakePid(), pid);
      await vscode.commands.executeCommand("boathouse.lake.stop");
      assert.equal(state(), "stopped");
      assert.ok(!existsSync(join(folder(), "lake.json")));
    });

    it("that hangs is said to, and is found again where it goes on", async () => {
      await vscode.commands.executeCommand("boathouse.lake.start");
      const pid = lakePid();
      process.kill(pid, "SIGSTOP");
      try {
        await until("failed", async () => state() === "failed");
        assert.match(
          (await texts()).join("\n"),
          /does not answer.*\nRestart Local Lake: \nShow Log of the Local Lake: $/s,
        );
      } finally {
        process.kill(pid, "SIGCONT");
      }
      await vscode.commands.executeCommand("boathouse.refresh");
      await until("connected", async () => state() === "connected");
      assert.equal(lakePid(), pid);
      await vscode.commands.executeCommand("boathouse.lake.stop");
    });

    it("is not started by who only looks", async () => {
      await assert.rejects(shell.use(databases), { kind: "network", resource: "the local lake" });
      assert.equal(state(), "stopped");
    });

    it("is copied as lines for a shell", async () => {
      await vscode.commands.executeCommand("boathouse.lake.start");
      await vscode.commands.executeCommand("boathouse.connections.copyEnvironment");
      const text = await vscode.env.clipboard.readText();
      assert.match(text, /^export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m);
      assert.match(text, /^export AWS_SECRET_ACCESS_KEY=\S+$/m);
    });
  });

  describe("an endpoint", () => {
    let fake: FakeAws;
    const keys = (key: string) =>
      writeFileSync(
        process.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "",
        `[p]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`,
      );
    const choose = async (url: string) => {
      keys("AKIAOLD");
      await shell.connections.credentials.forget("p");
      await shell.connections.choose({ kind: "endpoint", url, region: "eu-west-1", profile: "p" });
    };

    beforeEach(async () => {
      fake = await FakeAws.start();
    });
    afterEach(async () => fake.stop());

    it("tells who one is there", async () => {
      await choose(fake.url);
      await shell.connections.session();
      const lines = await texts();
      assert.equal(lines[0], `${fake.url}: connected`);
      assert.ok(lines.includes("Account: 123456789012"), lines.join("\n"));
      assert.ok(lines.includes("Signed in as: role Analyst (AKIAOLD)"));
      assert.ok(lines.includes("Profile: p"));
    });

    it("that knows no STS is connected all the same", async () => {
      fake.refuse = (operation) =>
        operation === "GetCallerIdentity" ? { status: 400, code: "InvalidAction", message: "unknown" } : undefined;
      await choose(fake.url);
      await shell.connections.session();
      assert.equal(state(), "connected");
    });

    it("whose credentials expire asks once, however many calls failed, and all of them go on", async () => {
      await choose(fake.url);
      await shell.connections.session();
      fake.refuse = (_operation, key) => (key === "AKIAOLD" ? EXPIRED : undefined);
      answer(async (renewed) => {
        keys("AKIANEW");
        await renewed();
        return true;
      });
      const all = await Promise.all(Array.from({ length: 8 }, async () => shell.use(databases)));
      assert.equal(asked, 1);
      assert.deepEqual(
        all.map(({ DatabaseList }) => DatabaseList?.[0]?.Name),
        Array.from({ length: 8 }, () => "sales"),
      );
      assert.ok((await texts()).includes("Signed in as: role Analyst (AKIANEW)"));
    });

    it("where the person does not sign in, views ask no second time, and a command that is pressed does", async () => {
      await choose(fake.url);
      await shell.connections.session();
      fake.refuse = () => EXPIRED;
      await assert.rejects(shell.use(databases, { quietly: true }), { kind: "credentials" });
      await until("asked", async () => asked === 1);
      await assert.rejects(shell.use(databases, { quietly: true }), { kind: "credentials" });
      assert.equal(asked, 1);
      await assert.rejects(shell.use(databases), { kind: "credentials" });
      assert.equal(asked, 2);
    });

    it("whose credentials were never good says so in its view, with the way to mend it", async () => {
      fake.refuse = () => ({ status: 403, code: "InvalidClientTokenId", message: "The token is invalid." });
      await choose(fake.url);
      await assert.rejects(shell.connections.session(), { kind: "credentials" });
      assert.equal(state(), "failed");
      assert.deepEqual((await texts()).slice(2), ["Sign In: ", "Choose Connection: "]);
      const calls = fake.calls.length;
      for (const view of shell.trees.keys()) if (view !== VIEW) assert.deepEqual(await texts(view), []);
      assert.equal(fake.calls.length, calls, "views don't try it in turns");
    });

    it("that denies shows it where it is denied", async () => {
      await choose(fake.url);
      fake.refuse = (operation) =>
        operation === "GetCallerIdentity"
          ? undefined
          : {
              status: 400,
              code: "AccessDeniedException",
              message: "User is not authorized to perform: glue:GetDatabases",
            };
      const [row] = await rows(shell, "boathouse.catalog");
      assert.equal(row?.item.contextValue, "state:denied");
      assert.match(label(row.item), /glue:GetDatabases/);
      assert.equal(row.item.command?.command, "boathouse.connections.choose");
      assert.equal(state(), "connected");
    });

    it("that throttles is tried again, and said where it lasts", async () => {
      await choose(fake.url);
      await shell.connections.session();
      let left = 2;
      const slow = { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
      fake.refuse = () => (left-- > 0 ? slow : undefined);
      assert.equal((await shell.use(databases)).DatabaseList?.length, 1);
      fake.refuse = () => slow;
      await assert.rejects(shell.use(databases), { kind: "throttled" });
      assert.ok(fake.count("GetDatabases") >= 7);
    });

    it("that can't be reached is said once, and tried anew when a person asks", async () => {
      const port = await freePort();
      await choose(`http://127.0.0.1:${port}`);
      await assert.rejects(shell.connections.session(), {
        kind: "network",
        message: /can't be reached: .*ECONNREFUSED/,
      });
      assert.equal(state(), "failed");
      await assert.rejects(shell.use(databases, { quietly: true }), { kind: "network" });
      await choose(fake.url);
      await vscode.commands.executeCommand("boathouse.refresh");
      await shell.use(databases);
      assert.equal(state(), "connected");
    });

    it("that is left while it is being opened leaves nothing of itself", async () => {
      await choose(fake.url);
      let open = (): void => undefined;
      fake.gate = new Promise((resolve) => {
        open = resolve;
      });
      const opening = shell.connections.session();
      await until("asked", async () => fake.count("GetCallerIdentity") === 1);
      await shell.connections.choose(undefined);
      open();
      await assert.rejects(opening, { kind: "cancelled" });
      assert.equal(state(), "none");
    });
  });

  describe("a workspace", () => {
    it("remembers its connection, and that it wants none", async () => {
      await shell.connections.choose({ kind: "aws", profile: "p", region: "eu-west-1" });
      assert.deepEqual(memory(shell), { kind: "aws", profile: "p", region: "eu-west-1" });
      await vscode.commands.executeCommand("boathouse.connections.disconnect");
      assert.equal(memory(shell), null);
    });

    it("that remembers a profile which is not there any more says which", async () => {
      await shell.connections.choose({
        kind: "aws",
        profile: "$(trash) <img src=x onerror=alert(1)>",
        region: "eu-west-1",
      });
      await assert.rejects(shell.connections.session(), {
        kind: "credentials",
        message: /There is no profile \$\(trash\)/,
      });
      const [head, problem] = await rows(shell, VIEW);
      assert.equal(typeof head?.item.label, "string");
      assert.equal(typeof problem?.item.tooltip, "string", "no Markdown of what others wrote");
    });
  });
});

function memory(shell: Shell): unknown {
  return shell.context.workspaceState.get("boathouse.connection");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
