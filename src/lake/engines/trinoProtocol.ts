// Trino's client protocol: POST a statement, follow nextUri until there is none, DELETE it to end the query early.
// https://trino.io/docs/current/develop/client-protocol.html
import { messageOf } from "../../base/errors.ts";
import {
  type ColumnType,
  EngineError,
  type QueryColumn,
  QueryError,
  type QueryOptions,
  type QueryPage,
  type QueryStats,
} from "./query.ts";

interface TypeSignature {
  rawType: string;
  arguments: { kind: string; value: unknown }[];
}

interface Answer {
  id: string;
  nextUri?: string;
  columns?: { name: string; typeSignature: TypeSignature }[];
  data?: QueryPage["rows"];
  stats: Record<string, string> & { state: string };
  error?: { message: string; errorName: string; errorType: QueryError["fault"] };
  updateType?: string;
  updateCount?: string;
}

/** Rows a page holds at most in bytes of JSON, so that memory stays small whatever a query returns. */
const PAGE = "2MB";
const BUSY = [429, 502, 503, 504];

/** A running server: "http://127.0.0.1:port", and the bearer token that it takes. */
export interface Address {
  readonly base: string;
  readonly token: string;
}

/** Runs one statement on the server. */
export async function* runStatement(
  address: Address,
  statement: string,
  options: QueryOptions,
): AsyncGenerator<QueryPage> {
  const { signal } = options;
  let columns: QueryColumn[] | undefined;
  let next: string | undefined;
  try {
    let answer = await ask(`${address.base}/v1/statement`, {
      method: "POST",
      body: statement,
      headers: { ...signed(address), ...headers(options) },
      signal,
    });
    for (;;) {
      // The server believes that it speaks TLS.
      next = answer.nextUri === undefined ? undefined : address.base + new URL(answer.nextUri).pathname;
      const stats = readStats(answer.stats);
      if (answer.error !== undefined) {
        next = undefined;
        throw new QueryError(answer.error.errorName, answer.error.errorType, answer.error.message, stats);
      }
      columns ??= answer.columns?.map(({ name, typeSignature }) => ({ name, type: readType(typeSignature) }));
      yield {
        queryId: answer.id,
        stats,
        columns,
        rows: answer.data ?? [],
        updateType: answer.updateType,
        updateCount: answer.updateCount === undefined ? undefined : Number(answer.updateCount),
      };
      if (next === undefined) return;
      answer = await ask(`${next}?targetResultSize=${PAGE}`, { signal, headers: signed(address) });
    }
  } finally {
    // Left early: whoever reads no further must not leave the query running.
    if (next !== undefined) await end(next, address);
  }
}

/** A server that can't be told any more has ended the query in its own way. */
async function end(uri: string, address: Address): Promise<void> {
  const request = { method: "DELETE", headers: signed(address), signal: AbortSignal.timeout(10_000) };
  await fetch(uri, request).catch(() => undefined);
}

function signed({ token }: Address): Record<string, string> {
  return { authorization: `Bearer ${token}`, "x-forwarded-proto": "https" };
}

function headers({ catalog, schema, session }: QueryOptions): Record<string, string> {
  const properties = Object.entries(session ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    "content-type": "text/plain; charset=utf-8",
    "x-trino-source": "athena",
    "x-trino-catalog": catalog,
    "x-trino-time-zone": "UTC",
    // Without it every timestamp would come cut to milliseconds.
    "x-trino-client-capabilities": "PARAMETRIC_DATETIME",
    ...(schema === undefined ? {} : { "x-trino-schema": encodeURIComponent(schema) }),
    ...(properties.length === 0 ? {} : { "x-trino-session": properties.join(",") }),
  };
}

async function ask(uri: string, request: RequestInit): Promise<Answer> {
  for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
    let response: Response;
    try {
      response = await fetch(uri, request);
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new EngineError(`The query engine does not answer: ${messageOf(cause)}`, { cause: error });
    }
    const text = await response.text();
    if (response.ok) return JSON.parse(quoteNumbers(text)) as Answer;
    if (!BUSY.includes(response.status))
      throw new EngineError(`The query engine answered ${response.status}: ${text.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, wait));
    request.signal?.throwIfAborted();
  }
}

/** Numbers become strings of their own digits: JSON.parse would round what is beyond 2^53, and write 1.0E10 as 10000000000. */
function quoteNumbers(json: string): string {
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]*(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function readStats(stats: Answer["stats"]): QueryStats {
  const number = (name: string): number => Number(stats[name] ?? 0);
  return {
    queued: ["QUEUED", "WAITING_FOR_RESOURCES"].includes(stats.state),
    queuedTime: number("queuedTimeMillis"),
    analysisTime: number("analysisTimeMillis"),
    planningTime: number("planningTimeMillis"),
    elapsedTime: number("elapsedTimeMillis"),
    physicalInputBytes: number("physicalInputBytes"),
    physicalWrittenBytes: number("physicalWrittenBytes"),
    processedRows: number("processedRows"),
    processedBytes: number("processedBytes"),
  };
}

function readType({ rawType, arguments: parameters }: TypeSignature): ColumnType {
  const numbers: number[] = [];
  const inner: { field?: string; type: ColumnType }[] = [];
  for (const { kind, value } of parameters) {
    if (kind === "LONG") numbers.push(Number(value));
    else if (kind === "TYPE") inner.push({ type: readType(value as TypeSignature) });
    else if (kind === "NAMED_TYPE") {
      const { fieldName, typeSignature } = value as { fieldName?: { name: string }; typeSignature: TypeSignature };
      inner.push({ ...(fieldName === undefined ? {} : { field: fieldName.name }), type: readType(typeSignature) });
    }
  }
  return { name: rawType, numbers, inner };
}
