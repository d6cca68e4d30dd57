// One execution from its first step to its results in S3: the catalog or the engine answers, rows are written while they come.
import type { ColumnInfo } from "@aws-sdk/client-athena";
import { hasHeaderRow } from "../../../sql/classify.ts";
import type { Principal } from "../../call.ts";
import { CATALOG } from "../../engines/trinoConfig.ts";
import { type QueryEngine, type QueryPage, QueryError, type QueryStats } from "../../engines/query.ts";
import type { Lake } from "../../lake.ts";
import { BY_LIMIT, Cancellation } from "./failures.ts";
import { columnInfo } from "./results/columns.ts";
import { csvLine } from "./results/csv.ts";
import { encodeMetadata } from "./results/metadata.ts";
import { ObjectWriter, type Place, parsePlace } from "./results/place.ts";
import { formatValue } from "./results/values.ts";
import { answerFromCatalog } from "./statements/catalog.ts";
import { GlueCatalog } from "./statements/glue.ts";
import { parseCatalogStatement } from "./statements/parse.ts";
import type { Prepared } from "./statements/prepare.ts";
import type { ExecutionRecord } from "./store.ts";

/** Where an execution stands; its owner looks at it while it runs. */
export interface Progress {
  /** When the engine began to work on it; ms of the monotonic clock. */
  begun: number | undefined;
  engineEnded: number | undefined;
  stats: QueryStats | undefined;
  columns: readonly ColumnInfo[] | undefined;
  updateCount: number | undefined;
  substatement: string | undefined;
  outputRows: number;
  outputBytes: number;
}

export interface RunParts {
  readonly lake: Lake;
  readonly engine: QueryEngine;
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/** Resolves when results are durable. Throws QueryError, EngineError, HiveFailure, ServiceError or the signal's reason. */
export async function runExecution(
  parts: RunParts,
  execution: ExecutionRecord,
  prepare: () => Promise<Prepared>,
  progress: Progress,
): Promise<void> {
  const statement = parseCatalogStatement(execution.query, execution.kind);
  if (statement === undefined) {
    await runOnEngine(parts, execution, await prepare(), progress);
    return;
  }
  progress.begun = performance.now();
  const catalog = new GlueCatalog(parts.lake, parts.principal, execution.database ?? "default");
  const answer = await answerFromCatalog(catalog, statement);
  const writer = openResult(parts, execution);
  try {
    for await (const line of answer.lines) {
      parts.signal.throwIfAborted();
      await writer.write(progress.outputRows === 0 ? line : `\n${line}`);
      progress.outputRows++;
    }
    progress.engineEnded = performance.now();
    await writer.close();
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
  progress.columns = answer.columns;
  progress.updateCount = answer.updateCount;
  progress.substatement = answer.substatement;
  progress.outputBytes = writer.size;
  await writeMetadata(parts, execution, execution.id, undefined, progress);
}

async function runOnEngine(
  parts: RunParts,
  execution: ExecutionRecord,
  prepared: Prepared,
  progress: Progress,
): Promise<void> {
  const sink = resultSink(parts, execution, progress);
  let last: QueryPage | undefined;
  try {
    for await (const page of parts.engine.run(prepared.text, {
      catalog: execution.catalog ?? CATALOG,
      schema: execution.database ?? "default",
      signal: parts.signal,
      session: {
        ...prepared.session,
        ...(execution.cutoff === undefined ? {} : { query_max_scan_physical_bytes: `${execution.cutoff}B` }),
      },
    })) {
      last = page;
      progress.stats = page.stats;
      if (!page.stats.queued) progress.begun ??= performance.now();
      checkLimit(execution, page.stats);
      progress.columns ??= page.columns?.map(columnInfo);
      await sink.write(page);
    }
    progress.engineEnded = performance.now();
    progress.updateCount = updateCountOf(execution, last);
    await sink.close();
  } catch (error) {
    await sink.abort(error);
    // However the abort came out of the engine's client, its reason is what counts.
    throw parts.signal.aborted ? parts.signal.reason : translate(error, prepared, progress);
  }
  await writeMetadata(parts, execution, last?.queryId ?? execution.id, last?.updateType, progress);
}

function checkLimit({ cutoff }: ExecutionRecord, { physicalInputBytes }: QueryStats): void {
  if (cutoff !== undefined && physicalInputBytes > cutoff) throw new Cancellation(BY_LIMIT);
}

/** The engine's error with the places of the person's own text; its scan limit is the workgroup's. */
function translate(error: unknown, prepared: Prepared, progress: Progress): unknown {
  if (!(error instanceof QueryError)) return error;
  progress.stats = error.stats ?? progress.stats;
  if (error.code === "EXCEEDED_SCAN_LIMIT") return new Cancellation(BY_LIMIT);
  return new QueryError(error.code, error.fault, prepared.message(error.message), error.stats);
}

function updateCountOf({ kind }: ExecutionRecord, last: QueryPage | undefined): number | undefined {
  if (kind === "EXPLAIN") return undefined;
  if (last?.updateType === undefined) return 0;
  return last.updateCount;
}

interface Sink {
  write(page: QueryPage): Promise<void>;
  close(): Promise<void>;
  abort(reason: unknown): Promise<void>;
}

/** Where the engine's rows go: CSV for queries, lines for plans, an empty file for DDL, nothing for what only counts rows. */
function resultSink(parts: RunParts, execution: ExecutionRecord, progress: Progress): Sink {
  const { kind } = execution;
  if (kind === "INSERT" || kind === "CREATE_TABLE_AS_SELECT") {
    return { write: async () => undefined, close: async () => undefined, abort: async () => undefined };
  }
  const writer = openResult(parts, execution);
  let headed = !hasHeaderRow(kind);
  const plan = kind === "EXPLAIN";
  return {
    async write({ columns, rows }) {
      if (columns === undefined) return;
      let text = "";
      if (!headed) {
        headed = true;
        const names = columns.map(({ name }) => name);
        text += plan ? `${names.join("\t")}\n` : csvLine(names);
      }
      for (const row of rows) {
        const values = columns.map(({ type }, at) => formatValue(row[at] ?? null, type));
        text += plan ? `${values.map((value) => value ?? "").join("\t")}\n` : csvLine(values);
      }
      progress.outputRows += rows.length;
      await writer.write(text);
    },
    async close() {
      await writer.close();
      progress.outputBytes = writer.size;
    },
    abort: (reason) => writer.abort(reason),
  };
}

function openResult({ lake, principal }: RunParts, { output, type, kind, bucketOwner }: ExecutionRecord): ObjectWriter {
  const contentType = type === "DML" || kind === "DESCRIBE_TABLE" ? "application/octet-stream" : "binary/octet-stream";
  return new ObjectWriter(lake, parsePlace(output), { contentType, bucketOwner, principal });
}

async function writeMetadata(
  { lake, principal }: RunParts,
  execution: ExecutionRecord,
  queryId: string,
  updateType: string | undefined,
  { columns = [], updateCount }: Progress,
): Promise<void> {
  if (columns.length === 0) return;
  const place: Place = parsePlace(execution.output);
  const options = { contentType: "application/octet-stream", bucketOwner: execution.bucketOwner, principal };
  const writer = new ObjectWriter(lake, { ...place, key: `${place.key}.metadata` }, options);
  await writer.write(encodeMetadata({ queryId, updateType, updateCount, columns }));
  await writer.close();
}

/** A failed SHOW, DESCRIBE or DDL leaves its reason in the result file, as Athena does. */
export async function writeReason(parts: RunParts, execution: ExecutionRecord, reason: string): Promise<void> {
  if (!execution.output.endsWith(".txt") || execution.kind === "EXPLAIN") return;
  const writer = openResult(parts, execution);
  await writer.write(reason.startsWith("FAILED: ") ? reason : `FAILED: ${reason}`);
  await writer.close();
}
