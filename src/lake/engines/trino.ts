// Trino as a process: started on first need, restarted when it died, one server for the whole lake.
import { createServer, type AddressInfo } from "node:net";
import { readEngine } from "../../base/engines.ts";
import { messageOf } from "../../base/errors.ts";
import type { Lake } from "../lake.ts";
import { type Child, startChild } from "./child.ts";
import { EngineError, type QueryEngine, QueryError, type QueryOptions, type QueryPage } from "./query.ts";
import { CATALOG, configureTrino } from "./trinoConfig.ts";
import { type Address, runStatement } from "./trinoProtocol.ts";

interface Server extends Address {
  readonly child: Child;
}

/** A cold start on two busy cores took 20 s; beyond this something is wrong. ms */
const START_LIMIT = 180_000;
/** How long a query waits for a worker; ms. */
const NODES_LIMIT = 30_000;
const STARTS = 3;
/** Asks the catalog, as a query will: /v1/info says "started" seconds before a query finds a node to run on. */
const PROBE = `SELECT count(*) FROM ${CATALOG}.information_schema.schemata`;

export class Trino implements QueryEngine {
  private server: Promise<Server> | undefined;
  private running = 0;
  /** The process while it starts. */
  private starting: Child | undefined;
  private stopped = false;

  constructor(
    private readonly lake: Lake,
    /** Heap, MB. */
    private readonly heap: number,
  ) {}

  get busy(): boolean {
    return this.running > 0 || this.starting !== undefined;
  }

  warm(): void {
    this.need().catch((error: unknown) => this.lake.log("trino did not start", { message: messageOf(error) }));
  }

  async *run(statement: string, options: QueryOptions): AsyncGenerator<QueryPage> {
    this.running++;
    try {
      const server = await abortable(this.need(), options.signal);
      yield* this.onNodes(server, statement, options);
    } finally {
      this.running--;
    }
  }

  /**
   * For some seconds behind the start (and when a machine is very busy) the server does not find itself among its workers. Such a
   * query has not begun: it is sent again.
   */
  private async *onNodes(server: Server, statement: string, options: QueryOptions): AsyncGenerator<QueryPage> {
    const until = performance.now() + NODES_LIMIT;
    for (;;) {
      try {
        yield* runStatement(server, statement, options);
        return;
      } catch (error) {
        const early = error instanceof QueryError && error.code === "NO_NODES_AVAILABLE" && performance.now() < until;
        if (!early) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
        options.signal.throwIfAborted();
      }
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    // One that still starts has nothing to lose, and its answers may be long in coming.
    await this.starting?.stop(0, "SIGKILL");
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
    const began = performance.now();
    try {
      for (let attempt = 1; ; attempt++) {
        const port = await freePort();
        const { args, token } = configureTrino(this.lake, engine, { port, heap: this.heap });
        if (this.stopped) throw new EngineError("The lake is stopping.");
        const child = startChild({ folder: this.lake.folder, command: engine.java, args });
        this.starting = child;
        try {
          const server = { child, base: `http://127.0.0.1:${port}`, token };
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
      this.starting = undefined;
    }
  }

  /** Resolves once a query on the catalog is answered. */
  private async ready(server: Server): Promise<void> {
    const { child } = server;
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
        for await (const _page of runStatement(server, PROBE, { catalog: CATALOG, signal }));
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
