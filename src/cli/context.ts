// What every command is given: its output, its abort signal, and a session on the connection that the options name.
import type { Command } from "commander";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Connection } from "../aws/connection.ts";
import { AwsSession } from "../aws/session.ts";
import { BoathouseError } from "../base/errors.ts";
import { cacheFolder, defaultLakeFolder } from "../base/paths.ts";
import type { EngineName } from "../base/engines.ts";
import { DEFAULT_STACK } from "../flows/lakeStack.ts";
import { ensureEngines } from "../local/engines/ensure.ts";
import { type RunningLake, startLake } from "../local/start.ts";
import { Output } from "./output.ts";

export interface GlobalOptions {
  readonly json?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly lake?: string;
  readonly stack?: string;
}

export const ENGINES: readonly EngineName[] = ["postgres", "spark", "trino"];

export class Context {
  readonly output: Output;
  readonly signal: AbortSignal;
  /** What Ctrl+C means just now. */
  onCancel = "Stopped waiting. What was started goes on; run the same command again to join it.";
  private readonly abort = new AbortController();
  private readonly leases: RunningLake[] = [];
  private session_: AwsSession | undefined;

  constructor(readonly options: GlobalOptions) {
    this.output = new Output(options.json === true);
    this.signal = this.abort.signal;
  }

  get lakeFolder(): string {
    return resolve(this.options.lake ?? defaultLakeFolder());
  }

  get stackName(): string {
    return this.options.stack ?? DEFAULT_STACK;
  }

  /** True where the local lake is meant: neither a profile, a region nor an endpoint was named. */
  get local(): boolean {
    const { profile, endpointUrl, region } = this.options;
    return profile === undefined && endpointUrl === undefined && region === undefined;
  }

  cancel(): void {
    this.abort.abort(new BoathouseError("cancelled", this.onCancel));
  }

  /** The session; the local lake is started where it does not run. `engines`: those that the command can't do without. */
  async session(engines: readonly EngineName[] = []): Promise<AwsSession> {
    this.session_ ??= new AwsSession(await this.connection(engines));
    return this.session_;
  }

  async startLake(
    options: { folder?: string; persistent?: boolean; engines?: readonly EngineName[] } = {},
  ): Promise<RunningLake> {
    if (options.engines !== undefined && options.engines.length > 0) await this.fetchEngines(options.engines);
    const lake = await startLake({
      folder: options.folder ?? this.lakeFolder,
      cache: cacheFolder(),
      persistent: options.persistent ?? false,
      signal: this.signal,
      onProgress: this.output.lake,
    });
    this.leases.push(lake);
    return lake;
  }

  async fetchEngines(names: readonly EngineName[]): Promise<void> {
    const before = this.onCancel;
    this.onCancel = "Stopped. What has been downloaded is kept; run the same command again to go on.";
    await ensureEngines(names, { cache: cacheFolder(), signal: this.signal, onProgress: this.output.engine });
    this.onCancel = before;
  }

  /** Asks on the terminal; where there is none, says which option answers. */
  async ask(question: string, option: string): Promise<string> {
    if (!process.stdin.isTTY || this.options.json === true) {
      throw new BoathouseError("invalid", "There is no terminal to ask on.", {
        next: `Say ${option} to answer beforehand.`,
      });
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // The terminal is in raw mode meanwhile: Ctrl+C comes as this event, not as a signal. Ctrl+D closes it: no answer.
    terminal.once("SIGINT", () => this.cancel());
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    try {
      return await Promise.race([terminal.question(question, { signal: this.signal }), closed]);
    } finally {
      terminal.close();
    }
  }

  async dispose(): Promise<void> {
    this.session_?.dispose();
    await Promise.allSettled(this.leases.map((lake) => lake.dispose()));
  }

  private async connection(engines: readonly EngineName[]): Promise<Connection> {
    const { profile, region, endpointUrl } = this.options;
    if (this.local) {
      if (process.env["AWS_PROFILE"] !== undefined) {
        this.output.note(
          `Using the local lake (AWS_PROFILE=${process.env["AWS_PROFILE"]} is set but not used; --profile chooses it).`,
        );
      }
      return localConnection(await this.startLake({ engines }));
    }
    if (endpointUrl !== undefined) checkEndpoint(endpointUrl);
    if (profile !== undefined) await checkProfile(profile);
    const where =
      region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? (await profileRegion(profile));
    if (endpointUrl !== undefined) {
      return { kind: "endpoint", region: where ?? "us-east-1", endpointUrl, keys: undefined, profile };
    }
    if (where === undefined) {
      throw new BoathouseError("invalid", `The profile ${profile ?? "default"} names no region, and no other is set.`, {
        next: "Say --region, or set one in the profile.",
      });
    }
    return { kind: "aws", region: where, profile };
  }
}

export function localConnection(lake: RunningLake): Connection {
  return {
    kind: "local",
    region: lake.region,
    endpointUrl: lake.endpoint,
    keys: { accessKeyId: lake.accessKeyId, secretAccessKey: lake.secretAccessKey },
  };
}

function checkEndpoint(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return;
  throw new BoathouseError("invalid", `--endpoint-url ${text} is not the address of a server.`, {
    next: "Say it whole, as http://host:port or https://host.",
  });
}

async function checkProfile(name: string): Promise<void> {
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const names = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])];
  if (names.includes(name)) return;
  const home = "~/.aws/config and ~/.aws/credentials";
  throw new BoathouseError("notFound", `There is no profile ${name} in ${home}.`, {
    resource: `profile ${name}`,
    next:
      names.length === 0
        ? "They name no profile at all; without --profile the local lake is used."
        : `Profiles there are: ${names.join(", ")}. Without --profile the local lake is used.`,
  });
}

/** The region that the profile names in the shared configuration files. */
async function profileRegion(profile: string | undefined): Promise<string | undefined> {
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const { configFile } = await loadSharedConfigFiles();
  return configFile[profile ?? process.env["AWS_PROFILE"] ?? "default"]?.["region"];
}

/** Wraps a command's action: makes its context, turns Ctrl+C into its signal, and an error into a message and exit code. */
export function action<A extends unknown[]>(run: (context: Context, ...values: A) => Promise<void>) {
  return async (...values: unknown[]): Promise<void> => {
    const command = values.at(-1) as Command;
    const context = new Context(command.optsWithGlobals<GlobalOptions>());
    const interrupt = () => context.cancel();
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    try {
      await run(context, ...(values.slice(0, -1) as A));
    } catch (error) {
      process.exitCode = context.output.failure(context.signal.aborted ? context.signal.reason : error);
    } finally {
      process.removeListener("SIGINT", interrupt);
      process.removeListener("SIGTERM", interrupt);
      await context.dispose();
    }
  };
}
