// Query executions: submitted once for a token, run beside each other, stopped, and taken up after a lake that died.
import type { Principal } from "../../call.ts";
import { EngineError, type QueryEngine } from "../../engines/query.ts";
import type { Lake } from "../../lake.ts";
import { invalidRequest } from "./faults.ts";
import { BY_END, BY_USER, Cancellation, failureOf } from "./failures.ts";
import { type Progress, type RunParts, runExecution, writeReason } from "./run.ts";
import { Slots } from "./slots.ts";
import { parseCatalogStatement } from "./statements/parse.ts";
import { type Prepared, prepareStatement } from "./statements/prepare.ts";
import {
  type ExecutionRecord,
  type ExecutionStatistics,
  keys,
  type PreparedStatementRecord,
  type TokenRecord,
} from "./store.ts";

interface Live {
  readonly record: ExecutionRecord;
  readonly controller: AbortController;
  readonly progress: Progress;
  /** ms of the monotonic clock. */
  readonly submitted: number;
  ended: Promise<void>;
}

/** Queries in the engine at once: its heap is small, and two at a time keep two cores busy. */
const AT_ONCE = 4;
/** Athena keeps a query's history for 45 days; ms. */
const KEPT = 45 * 24 * 3600 * 1000;

export class Executions {
  private readonly live = new Map<string, Live>();
  private latest = 0;
  private readonly slots = new Slots(AT_ONCE);

  constructor(
    private readonly lake: Lake,
    private readonly engine: QueryEngine,
  ) {}

  get busy(): boolean {
    return this.live.size > 0;
  }

  /** When an execution is submitted: the lake's time, later than of any before it, so that lists have one order. */
  submissionTime(): number {
    this.latest = Math.max(this.lake.clock.now(), this.latest + 1);
    return this.latest;
  }

  /** The execution of an earlier call with this token; throws where that call asked for something else. */
  async ofToken(token: string, parameters: string): Promise<string | undefined> {
    const earlier = this.lake.store.get<TokenRecord>(keys.token(token));
    if (earlier === undefined || earlier.parameters === parameters) return earlier?.id;
    throw invalidRequest("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH");
  }

  /** Writes the execution down and sets it going; the same token gives the same execution, also when both calls come at once. */
  async submit(record: ExecutionRecord, token: string, parameters: string, principal: Principal): Promise<string> {
    return this.lake.store.lock(`athena token ${token}`, async () => {
      const earlier = await this.ofToken(token, parameters);
      if (earlier !== undefined) return earlier;
      await this.lake.store.write((writer) => {
        writer.put(keys.token(token), { id: record.id, parameters } satisfies TokenRecord);
        writer.put(keys.execution(record.id), record);
        writer.put(keys.executionIn(record.workGroup, record.submitted, record.id), record.id);
        writer.put(keys.inFlightOne(record.id), token);
      });
      this.begin(record, principal);
      return record.id;
    });
  }

  /** The execution as it stands now. */
  get(id: string): ExecutionRecord {
    const record = this.lake.store.get<ExecutionRecord>(keys.execution(id));
    if (record === undefined) throw invalidRequest(`QueryExecution ${id} was not found`, "QUERY_EXECUTION_NOT_FOUND");
    const live = this.live.get(id);
    if (live === undefined || record.state !== "QUEUED") return record;
    const state = live.progress.begun === undefined ? "QUEUED" : "RUNNING";
    return { ...record, state, statistics: statisticsOf(live) };
  }

  /** Ends it; resolves once its state is final. An execution that has ended stays as it is. */
  async stop(id: string): Promise<void> {
    this.get(id);
    const live = this.live.get(id);
    live?.controller.abort(new Cancellation(BY_USER));
    await live?.ended;
  }

  /** Ends all of a workgroup's executions. */
  async stopAll(workGroup: string): Promise<void> {
    const own = [...this.live.values()].filter(({ record }) => record.workGroup === workGroup);
    await Promise.all(own.map(({ record }) => this.stop(record.id)));
  }

  /** Executions that an earlier lake left unfinished end FAILED; those older than 45 days are forgotten. */
  async recover(): Promise<void> {
    const now = this.lake.clock.now();
    for (const id of await this.ids(keys.inFlight)) {
      const record = this.lake.store.get<ExecutionRecord>(keys.execution(id));
      const failure = { category: 1, type: 100, retryable: true, message: BY_END };
      await this.lake.store.write((writer) => {
        if (record !== undefined) {
          writer.put(keys.execution(id), { ...record, state: "FAILED", completed: now, reason: BY_END, failure });
        }
        writer.delete(keys.inFlightOne(id));
      });
    }
    await this.forget(now - KEPT);
  }

  /** Forgets a workgroup's history, or what is older than `before`. */
  async forget(before: number, workGroup?: string): Promise<void> {
    const { store } = this.lake;
    const old = new Set<string>();
    for await (const [, record] of store.entries<ExecutionRecord>(keys.executions)) {
      if (record.submitted >= before || (workGroup !== undefined && record.workGroup !== workGroup)) continue;
      old.add(record.id);
      await store.write((writer) => {
        writer.delete(keys.execution(record.id));
        writer.delete(keys.executionIn(record.workGroup, record.submitted, record.id));
      });
    }
    if (old.size === 0) return;
    for await (const [key, token] of store.entries<TokenRecord>(["athena", "token"])) {
      if (old.has(token.id)) await store.write((writer) => writer.delete(key));
    }
  }

  /** The lake stops: what runs ends FAILED. */
  async close(): Promise<void> {
    const running = [...this.live.values()];
    for (const { controller } of running) controller.abort(new EngineError(BY_END));
    await Promise.allSettled(running.map(({ ended }) => ended));
  }

  private async ids(prefix: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for await (const [key] of this.lake.store.entries(prefix)) found.push(key.at(-1) ?? "");
    return found;
  }

  private begin(record: ExecutionRecord, principal: Principal): void {
    const progress: Progress = {
      begun: undefined,
      engineEnded: undefined,
      stats: undefined,
      columns: undefined,
      updateCount: undefined,
      substatement: undefined,
      outputRows: 0,
      outputBytes: 0,
    };
    const controller = new AbortController();
    const live: Live = { record, controller, progress, submitted: performance.now(), ended: Promise.resolve() };
    live.ended = this.finish(live, { lake: this.lake, engine: this.engine, principal, signal: controller.signal });
    this.live.set(record.id, live);
  }

  /** Runs it and writes its end down; never rejects. */
  private async finish(live: Live, parts: RunParts): Promise<void> {
    const { record, progress } = live;
    let end: Partial<ExecutionRecord>;
    try {
      await this.run(live, parts);
      end = { state: "SUCCEEDED" };
    } catch (error) {
      end = endOf(error);
      if (end.state === "FAILED") await writeReason(parts, record, end.reason ?? "").catch(() => undefined);
    }
    const ended: ExecutionRecord = {
      ...record,
      ...end,
      completed: this.lake.clock.now(),
      statistics: statisticsOf(live),
      ...(progress.columns === undefined ? {} : { columns: progress.columns }),
      ...(progress.substatement === undefined ? {} : { substatement: progress.substatement }),
      ...(progress.updateCount === undefined ? {} : { updateCount: progress.updateCount }),
    };
    try {
      await this.lake.store.write((writer) => {
        writer.put(keys.execution(record.id), ended);
        writer.delete(keys.inFlightOne(record.id));
      });
    } catch (error) {
      this.lake.log("query end not written", { id: record.id, error: String(error) });
    }
    this.live.delete(record.id);
  }

  private async run({ record, progress }: Live, parts: RunParts): Promise<void> {
    // What the catalog answers need not wait for the engine.
    const onEngine = parseCatalogStatement(record.query, record.kind) === undefined;
    const release = onEngine ? await this.slots.take(parts.signal) : undefined;
    const find = (name: string): string | undefined =>
      this.lake.store.get<PreparedStatementRecord>(keys.preparedStatement(record.workGroup, name))?.query;
    const prepare = (): Promise<Prepared> =>
      prepareStatement({ engine: this.engine, signal: parts.signal, find }, record);
    try {
      await runExecution(parts, record, prepare, progress);
    } finally {
      release?.();
    }
  }
}

function endOf(error: unknown): Partial<ExecutionRecord> {
  if (error instanceof Cancellation) return { state: "CANCELLED", reason: error.message };
  const failure = failureOf(error);
  return { state: "FAILED", reason: failure.message, failure };
}

function statisticsOf({ submitted, progress }: Live): ExecutionStatistics {
  const now = performance.now();
  const { begun = now, engineEnded = now, stats } = progress;
  const queueTime = Math.round(begun - submitted);
  const engineTime = Math.max(0, Math.round(engineEnded - begun));
  const processingTime = Math.max(0, Math.round(now - Math.max(engineEnded, begun)));
  return {
    queueTime,
    planningTime: (stats?.planningTime ?? 0) + (stats?.analysisTime ?? 0),
    engineTime,
    processingTime,
    totalTime: queueTime + engineTime + processingTime,
    scannedBytes: stats?.physicalInputBytes ?? 0,
    inputRows: stats?.processedRows ?? 0,
    inputBytes: stats?.processedBytes ?? 0,
    outputRows: progress.outputRows,
    outputBytes: progress.outputBytes,
  };
}
