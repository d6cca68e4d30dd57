// Sets up VS Code's server once for each user and lock file, out of npm, and finds the Chromium to open it in.
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "../../src/base/lock.ts";
import { cacheFolder } from "../../src/base/paths.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

export interface VsCode {
  /** The Node that the server and the packer need. */
  readonly node: string;
  readonly serverMain: string;
  readonly vsce: string;
}

type Say = (line: string) => void;
const toStderr: Say = (line) => process.stderr.write(`${line}\n`);

/** Parts of the server that nothing of ours touches: half of its bytes, and what needs headers of libraries to build. */
const UNNEEDED = [
  "@devcontainers/cli",
  "@github/copilot-sdk",
  "@microsoft/mxc-sdk",
  "@vscode/sqlite3",
  "@vscode/windows-process-tree",
  "@vscode/windows-registry",
  "kerberos",
  "ssh2",
];
const UNNEEDED_EXTENSIONS = ["copilot", "mermaid-markdown-features", "microsoft-authentication"];

/** Builds what is missing; a set-up that was interrupted goes on at the step where it stopped. */
export async function ensureVsCode(say: Say = toStderr): Promise<VsCode> {
  const folder = join(cacheFolder(), `vscode-${pins()}`);
  if (!existsSync(folder)) {
    const lock = await acquireLock(`${folder}.lock`, undefined, (pid) => say(`Process ${pid} is setting VS Code up.`));
    try {
      if (!existsSync(folder)) build(folder, say);
    } finally {
      lock.release();
    }
  }
  return parts(folder);
}

function pins(): string {
  const hash = createHash("sha256").update(readFileSync(join(HERE, "package-lock.json")));
  return hash
    .update(JSON.stringify([UNNEEDED, UNNEEDED_EXTENSIONS]))
    .digest("hex")
    .slice(0, 12);
}

function parts(folder: string): VsCode {
  const modules = join(folder, "node_modules");
  const node = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
  return {
    node: existsSync(node) ? node : process.execPath,
    serverMain: join(modules, "code-server", "lib", "vscode", "out", "server-main.js"),
    vsce: join(modules, "@vscode", "vsce", "vsce"),
  };
}

function build(folder: string, say: Say): void {
  const draft = `${folder}.part`;
  const server = join(draft, "node_modules", "code-server", "lib", "vscode");
  mkdirSync(draft, { recursive: true });
  const steps: readonly (readonly [what: string, act: () => void])[] = [
    ["VS Code's server and the Node that runs it, out of npm (about 150 MB to download)", () => fetchServer(draft)],
    ["the server's own packages (about 70 MB)", () => fetchModules(draft, server)],
    ["its log and its watchdog, which are native", () => buildNative(draft, server, say)],
  ];
  for (const [index, [what, act]] of steps.entries()) {
    const done = join(draft, `.step-${index + 1}`);
    if (existsSync(done)) continue;
    say(`Setting VS Code up in ${folder}, ${index + 1} of ${steps.length}: ${what}`);
    act();
    writeFileSync(done, "");
  }
  renameSync(draft, folder);
}

function fetchServer(draft: string): void {
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) cpSync(join(HERE, name), join(draft, name));
  npm(draft, draft, ["ci", "--ignore-scripts"]);
}

function fetchModules(draft: string, server: string): void {
  const file = join(server, "package.json");
  const described = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
  for (const name of UNNEEDED) delete described.dependencies[name];
  writeFileSync(file, JSON.stringify(described, undefined, 2));
  for (const name of UNNEEDED_EXTENSIONS) rmSync(join(server, "extensions", name), { recursive: true, force: true });
  // Not `npm ci`: the shrinkwrap that comes with the server lacks a package.
  npm(draft, server, ["install", "--omit=dev", "--ignore-scripts"]);
}

/** Without spdlog no output channel shows a line. */
function buildNative(draft: string, server: string, say: Say): void {
  const missing = ["make", "g++", "python3"].filter((program) => which(program) === undefined);
  if (missing.length > 0) aptInstall(missing, say);
  npm(draft, server, ["rebuild", "@vscode/spdlog", "@vscode/native-watchdog"]);
}

/** npm on the Node of the server, with that Node's headers. A download that broke off gets one more try. */
function npm(draft: string, cwd: string, args: readonly string[]): void {
  const { node } = parts(draft);
  const headers = join(node, "..", "..");
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${join(node, "..")}:${process.env["PATH"] ?? ""}` };
  if (existsSync(join(headers, "include"))) env["npm_config_nodedir"] = headers;
  let run: SpawnSyncReturns<string> | undefined;
  for (let tries = 0; tries < 2; tries++) {
    run = spawnSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, env, encoding: "utf8" });
    if (run.status === 0) return;
  }
  throw new Error(`npm ${args.join(" ")} failed in ${cwd}: ${run?.error?.message ?? run?.stderr ?? ""}`);
}

/** `$BOATHOUSE_CHROMIUM`, a Chromium or Chrome on PATH, or Debian's package where we may install it. */
export function ensureChromium(say: Say = toStderr): string {
  const named = process.env["BOATHOUSE_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`BOATHOUSE_CHROMIUM names ${named}, which is not there.`);
    return named;
  }
  const find = () => ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].map(which).find(Boolean);
  const found = find();
  if (found !== undefined) return found;
  aptInstall(["chromium", "fonts-dejavu-core"], say);
  const installed = find();
  if (installed === undefined)
    throw new Error("Debian's package chromium was installed, but holds no program chromium.");
  return installed;
}

function aptInstall(packages: readonly string[], say: Say): void {
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || which("apt-get") === undefined) {
    throw new Error(`VS Code's tests need what is not installed here. Install it by: sudo ${command}`);
  }
  say(`Installing from the system's packages: ${packages.join(", ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // The lists of packages may be missing or old; a machine without network has them in its image.
  spawnSync("apt-get", ["update", "-qq"], { env, stdio: "ignore" });
  const [program = "", ...args] = command.split(" ");
  const run = spawnSync(program, args, { env, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${command} failed: ${run.stderr}`);
}

function which(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(":")
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { serverMain } = await ensureVsCode();
  toStderr(`VS Code's server: ${serverMain}\nChromium: ${ensureChromium()}`);
}
