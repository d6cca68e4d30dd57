// VS Code's server on a free loopback port, with folders of its own: the machine's and the person's VS Code stay as they are.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureVsCode } from "./install.ts";

export interface ServerOptions {
  /** Holds the server's folders and its log; made where it is missing. */
  readonly folder: string;
  /** The user's settings, on top of ours. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** On top of this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A built tree to install as it lies there, or a .vsix to install as a person does. */
  readonly extension?: string;
  /** The driver lets the page's address name an extension under development and its tests; it hides messages and dialogs. */
  readonly driver?: boolean;
  /** Ask whether a workspace is trusted, as VS Code does for people. */
  readonly trust?: boolean;
}

/** How long a server may take until it answers; ms. */
const UP_WITHIN = 60_000;

const SETTINGS = {
  "chat.disableAIFeatures": true,
  "chat.agentHost.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  // The browser says which colours the person wants, so that a picture in another theme takes no focus away.
  "window.autoDetectColorScheme": true,
  "window.autoDetectHighContrast": true,
  "workbench.preferredDarkColorTheme": "Dark Modern",
  "workbench.preferredLightColorTheme": "Light Modern",
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.quickOpen.closeOnFocusLost": false,
  "workbench.reduceMotion": "on",
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

export class Server {
  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(options: ServerOptions): Promise<Server> {
    const { node, serverMain } = await ensureVsCode();
    const folder = resolve(options.folder);
    const folders = folderArgs(folder);
    mkdirSync(join(folder, "user", "User"), { recursive: true });
    mkdirSync(join(folder, "extensions"), { recursive: true });
    const env = environment(options.env ?? {});
    if (options.extension?.endsWith(".vsix") === true) {
      installVsix(node, [serverMain, ...folders], resolve(options.extension), env);
    } else if (options.extension !== undefined) installTree(folder, resolve(options.extension));
    writeSettings(folder, { ...SETTINGS, ...options.settings });
    const port = await freePort();
    const child = spawn(
      node,
      [
        serverMain,
        "--host=127.0.0.1",
        `--port=${port}`,
        "--without-connection-token",
        "--accept-server-license-terms",
        "--disable-telemetry",
        ...(options.driver === true ? ["--enable-smoke-test-driver"] : []),
        ...(options.trust === true ? [] : ["--disable-workspace-trust"]),
        ...folders,
      ],
      // A group of its own, so that stop() also reaches the extension hosts.
      { env, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    );
    const log = createWriteStream(join(folder, "server.log"));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const server = new Server(port, folder, child);
    try {
      await server.up();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Where a browser opens `workspace`: a folder or a .code-workspace file. `payload`: see the options' driver. */
  address(workspace: string | undefined, payload: readonly (readonly [string, string])[] = []): string {
    const url = new URL(`http://127.0.0.1:${this.port}/`);
    if (workspace !== undefined) {
      url.searchParams.set(workspace.endsWith(".code-workspace") ? "workspace" : "folder", workspace);
    } else url.searchParams.set("ew", "true");
    if (payload.length > 0) url.searchParams.set("payload", JSON.stringify(payload));
    return url.href;
  }

  /** A file of this machine as the driver's payload names it. */
  remote(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${resolve(path)}`;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends the server and its extension hosts; a lake is no child of them and goes on. */
  async stop(): Promise<void> {
    const { pid } = this.child;
    if (pid === undefined) return;
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      try {
        process.kill(-pid, signal);
      } catch {
        return;
      }
      for (let waited = 0; waited < 5000 && groupRuns(pid); waited += 50) await sleep(50);
    }
  }

  private async up(): Promise<void> {
    const until = Date.now() + UP_WITHIN;
    while (Date.now() < until) {
      if (!this.running) break;
      if (await answers(this.port)) return;
      await sleep(50);
    }
    const said = readFileSync(join(this.folder, "server.log"), "utf8").split("\n").slice(-20).join("\n");
    throw new Error(`VS Code's server did not come up on port ${this.port}:\n${said}`);
  }
}

function folderArgs(folder: string): string[] {
  return [
    `--user-data-dir=${join(folder, "user")}`,
    `--extensions-dir=${join(folder, "extensions")}`,
    `--server-data-dir=${join(folder, "server")}`,
  ];
}

function writeSettings(folder: string, settings: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(settings, undefined, 2);
  // A remote window takes settings of machine scope from the machine's file alone, once it knows their scope.
  for (const place of ["User", "Machine"]) {
    mkdirSync(join(folder, "user", place), { recursive: true });
    writeFileSync(join(folder, "user", place, "settings.json"), text);
  }
}

function environment(more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: "{}", ...more };
  for (const name of Object.keys(env)) {
    // Of a VS Code that we may have been started from, and of the process that starts us.
    if (name.startsWith("VSCODE_") || name === "NODE_OPTIONS" || env[name] === undefined) delete env[name];
  }
  return env;
}

function installVsix(node: string, server: readonly string[], vsix: string, env: NodeJS.ProcessEnv): void {
  const run = spawnSync(node, [...server, "--install-extension", vsix, "--force"], { env, encoding: "utf8" });
  if (run.status !== 0 || !run.stdout.includes("successfully installed")) {
    throw new Error(`${vsix} could not be installed:\n${run.stdout}${run.stderr}`);
  }
}

/** VS Code's list of installed extensions, naming the tree where it lies: messages and dialogs show, as with a .vsix. */
function installTree(folder: string, tree: string): void {
  const { publisher, name, version } = JSON.parse(readFileSync(join(tree, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, path: tree, scheme: "file" },
  };
  writeFileSync(join(folder, "extensions", "extensions.json"), JSON.stringify([entry]));
}

function freePort(): Promise<number> {
  return new Promise((found, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? found(address.port) : fail(new Error("no port")),
      );
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((tell) => {
    const socket = connect(port, "127.0.0.1", () => tell(true));
    socket.once("error", () => tell(false));
    socket.once("connect", () => socket.destroy());
  });
}

function groupRuns(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
