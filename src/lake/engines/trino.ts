// Trino as a process: started on first need, restarted when it died, one server for the whole lake.
import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { readEngine } from "../../base/engines.ts";
import { messageOf } from "../../base/errors.ts";
import type { Lake } from "../lake.ts";
import { type Child, startChild } from "./child.ts";
import { EngineError, type QueryEngine, type QueryOptions, type QueryPage } from "./query.ts";
import { CATALOG, configureTrino } from "./trinoConfig.ts";
import { runStatement } from "./trinoProtocol.ts";

interface Server {
  readonly child: Child;
  readonly base: string;
  readonly user: string;
}

/** A cold start on two busy cores took 20 s; beyond this something is wrong. ms */
const START_LIMIT = 180_000;
const STARTS = 3;
/** Asks the catalog, as a query will: /v1/info says "started" seconds before a query finds a node to run on. */
const PROBE = `SELECT count(*) FROM ${CATALOG}.information_schema.schemata`;

export class Trino implements QueryEngine {
  private server: Promise<Server> | undefined;
  private running = 0;
  private starting = 0;
  private stopped = false;

  constructor(
    private readonly lake: Lake,
    /** Heap, MB. */
    private readonly heap: number,
  ) {}

  get busy(): boolean {
    return this.running + this.starting > 0;
  }

  warm(): void {
    this.need().catch((error: unknown) => this.lake.log("trino did not start", { message: messageOf(error) }));
  }

  async *run(statement: string, options: QueryOptions): AsyncGenerator<QueryPage> {
    this.running++;
    try {
      const server = await abortable(this.need(), options.signal);
      yield* runStatement(server.base, server.user, statement, options);
    } finally {
      this.running--;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const server = await this.server?.catch(() => undefined);
    await server?.child.stop(2000);
  }

  private need(): Promise<Server> {
    if (this.stopped) return Promise.reject(new EngineError("The lake is stopping."));
    if (this.server === undefined) {
      const server = this.start();
      this.server = server;
      const forget = (): void => {
        if (this.server === server) this.server = undefined;
      };
      // A server that ended, or did not start, is started anew by the next query.
      server.then(({ child }) => child.ended.then(forget, forget), forget);
    }
    return this.server;
  }

  private async start(): Promise<Server> {
    const engine = readEngine(this.lake.cache, "trino");
    if (engine === undefined) {
      throw new EngineError("The query engine Trino is not installed; `boathouse lake start` fetches the engines.");
    }
    this.starting++;
    const began = performance.now();
    try {
      for (let attempt = 1; ; attempt++) {
        const port = await freePort();
        const user = `athena-${randomBytes(18).toString("base64url")}`;
        const args = configureTrino(this.lake, engine, { port, heap: this.heap, user });
        const child = startChild({
          folder: this.lake.folder,
          command: engine.java,
          args: [`-Dplugin.dir=${engine.plugins}`, ...args],
        });
        try {
          const server = { child, base: `http://127.0.0.1:${port}`, user };
          await this.ready(server);
          this.lake.log("trino started", { pid: child.pid, port, ms: Math.round(performance.now() - began) });
          return server;
        } catch (error) {
          await child.stop(0, "SIGKILL");
          // The port may have been taken between choosing and using it.
          if (attempt === STARTS || this.stopped || !messageOf(error).includes("BindException")) throw error;
        }
      }
    } finally {
      this.starting--;
    }
  }

  /** Resolves once a query on the catalog is answered. */
  private async ready({ child, base, user }: Server): Promise<void> {
    const tail = lastWords(child);
    let ended = false;
    const end = child.ended.then(
      (code) => `exit code ${code}`,
      (error: unknown) => messageOf(error),
    );
    void end.then(() => {
      ended = true;
    });
    const signal = AbortSignal.timeout(START_LIMIT);
    let last: unknown;
    while (!ended && !this.stopped && !signal.aborted) {
      try {
        for await (const _page of runStatement(base, user, PROBE, { catalog: CATALOG, signal }));
        return;
      } catch (error) {
        last = error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const why = ended
      ? await end
      : this.stopped
        ? "the lake is stopping"
        : `no answer within ${START_LIMIT / 1000} s: ${messageOf(last)}`;
    throw new EngineError(`The query engine Trino did not start (${why}).${tail()}`);
  }
}

/** Reads the process's output to its end; the returned function gives the errors it wrote last. */
function lastWords(child: Child): () => string {
  let text = "";
  for (const stream of [child.process.stdout, child.process.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString("utf8")).slice(-16_384);
    });
  }
  return () => {
    const lines = text
      .split("\n")
      .filter((line) => /error|exception|caused by|\d\) /i.test(line) && !line.startsWith("\tat "));
    return lines.length === 0 ? "" : ` It said: ${lines.slice(0, 6).join(" | ").slice(0, 1000)}`;
  };
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
