// Virtual environments, filled by pip with pinned packages.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BoathouseError } from "../../base/errors.ts";
import { diskFull, downloadFailure } from "./failures.ts";
import { type Python, pythonEnvironment } from "./python.ts";
import { type PinnedWheel, requirementsText } from "./requirements.ts";
import { run } from "./run.ts";
import type { Work } from "./work.ts";

/** Makes a virtual environment in `folder` and installs exactly the pinned packages. Resolves to its interpreter. */
export async function makeVenv(
  python: Python,
  folder: string,
  wheels: readonly PinnedWheel[],
  work: Work,
): Promise<string> {
  const options = { environment: pythonEnvironment(work), signal: work.signal };
  const made = await run(python.program, ["-m", "venv", "--clear", folder], options);
  if (made.code !== 0) throw pipFailure(made.tail, `a virtual environment of Python ${python.version}`);
  const program = join(folder, "bin", "python");
  // pip and setuptools first: pip takes broken-off downloads up again only from 25.1 on, and what comes as source
  // is built with this very setuptools instead of one that pip would fetch unpinned.
  const [tools, others] = [wheels.filter(({ tool }) => tool === true), wheels.filter(({ tool }) => tool !== true)];
  await pipInstall(program, folder, tools, [], work);
  const resume = ["--no-build-isolation", "--progress-bar", "raw", "--resume-retries", "20"];
  await pipInstall(program, folder, others, resume, work);
  rmSync(downloadsOf(tools, work), { recursive: true, force: true });
  rmSync(downloadsOf(others, work), { recursive: true, force: true });
  return program;
}

async function pipInstall(
  program: string,
  folder: string,
  wheels: readonly PinnedWheel[],
  extra: readonly string[],
  work: Work,
): Promise<void> {
  const file = join(folder, "requirements.txt");
  writeFileSync(file, requirementsText(wheels));
  const meter = new PipMeter(work);
  const index = work.mirrors.pip === undefined ? [] : ["--index-url", work.mirrors.pip];
  const fixed = ["--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check"];
  const { code, tail } = await run(
    program,
    ["-m", "pip", "install", ...fixed, "--cache-dir", downloadsOf(wheels, work), ...index, ...extra, "-r", file],
    { environment: pythonEnvironment(work), signal: work.signal, onLine: (line) => meter.line(line) },
  );
  if (code !== 0) throw pipFailure(tail, wheels.map(({ name, version }) => `${name} ${version}`).join(", "));
}

/** pip keeps what has arrived whole here, so that a later try need not fetch it again. */
function downloadsOf(wheels: readonly PinnedWheel[], work: Work): string {
  const first = wheels[0];
  return join(work.cache, "downloads", `pip-${first?.name}-${first?.version}`);
}

/** Turns pip's lines ("Downloading x.whl (4.1 MB)", "Progress 1 of 2") into events. */
class PipMeter {
  private readonly work: Work;
  private name: string | undefined;
  private total = 0;

  constructor(work: Work) {
    this.work = work;
  }

  line(line: string): void {
    const { engine } = this.work;
    const [, started, size] = /^\s*Downloading (\S+)(?: \(([^)]*)\))?/.exec(line) ?? [];
    const progress = /^Progress (\d+) of (\d+)/.exec(line);
    const installing = /^Installing collected packages: (.*)/.exec(line)?.[1];
    if (started !== undefined) {
      this.done();
      this.name = started.split("/").at(-1) ?? started;
      this.total = bytesOf(size);
      this.work.report({ kind: "download", engine, name: this.name, received: 0, total: this.total });
    } else if (progress !== null && this.name !== undefined) {
      this.total = Number(progress[2]);
      this.work.report({ kind: "download", engine, name: this.name, received: Number(progress[1]), total: this.total });
    } else if (installing !== undefined) {
      this.done();
      this.work.report({ kind: "install", engine, part: installing });
    }
  }

  private done(): void {
    const { name, total } = this;
    if (name !== undefined) this.work.report({ kind: "downloaded", engine: this.work.engine, name, total });
    this.name = undefined;
  }
}

/** What pip says of a size: "876 kB", "317.4 MB". */
function bytesOf(size: string | undefined): number {
  const [, count = "0", unit = ""] = /^([\d.]+) (\w+)$/.exec(size ?? "") ?? [];
  return Math.round(Number(count) * (unit === "GB" ? 1e9 : unit === "MB" ? 1e6 : unit === "kB" ? 1e3 : 1));
}

const brokenConnection = new RegExp(
  [
    "Failed to establish a new connection",
    "NewConnectionError|NameResolutionError|Max retries exceeded|ProtocolError",
    "Name or service not known|Temporary failure in name resolution|Network is unreachable",
    "Connection (refused|reset|aborted|broken)|Read timed out|IncompleteRead|incomplete-download",
  ].join("|"),
);

function pipFailure(tail: readonly string[], what: string): unknown {
  const text = tail.join("\n");
  const said = tail.filter((line) => /^(ERROR|error|WARNING: Retrying)/.test(line)).at(-1) ?? tail.at(-1) ?? "";
  const message = said.replace(/^ERROR: /, "");
  if (/No space left on device|Errno 28|Disk quota exceeded/.test(text)) return diskFull(what, new Error(message));
  if (text.includes("DO NOT MATCH THE HASHES")) return downloadFailure(coded(message, "EINTEGRITY"), what, "pip");
  if (brokenConnection.test(text)) return downloadFailure(coded(message, "ECUTOFF"), what, "pip");
  return new BoathouseError("service", `pip could not install ${what}: ${message}`, {
    resource: what,
    next: "See pip's last lines in the cause; pip's own configuration and BOATHOUSE_PIP_INDEX say where it fetches from.",
    cause: new Error(text),
  });
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
