// Pages of results, read back from the result file at the byte where the page before ended: no cursor is kept, memory stays small.
import { Readable } from "node:stream";
import type { Principal } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import { invalidRequest } from "../faults.ts";
import type { ExecutionRecord } from "../store.ts";
import { csvCutter, lineCutter, type Row } from "./csv.ts";
import { parsePlace } from "./place.ts";

export interface ResultPage {
  readonly rows: Row[];
  readonly token: string | undefined;
}

/** Rows of a finished execution from `token` on, at most `limit`. The first row of a SELECT holds the column names. */
export async function readPage(
  lake: Lake,
  execution: ExecutionRecord,
  options: { token: string | undefined; limit: number; principal: Principal },
): Promise<ResultPage> {
  const { token, limit, principal } = options;
  const start = token === undefined ? 0 : readToken(token, execution.id);
  const size = execution.statistics?.outputBytes ?? 0;
  if (size === 0) return { rows: [], token: undefined };
  const cutter = execution.output.endsWith(".csv") ? csvCutter() : lineCutter();
  const rows: Row[] = [];
  let offset = start;
  const take = (cut: { row: Row; length: number }[]): boolean => {
    for (const { row, length } of cut) {
      if (rows.length === limit) return true;
      rows.push(row);
      offset += length;
    }
    return false;
  };
  const body = start < size ? await open(lake, execution, start, principal) : Readable.from([]);
  try {
    for await (const chunk of body) {
      if (take(cutter.push(chunk as Buffer))) return { rows, token: makeToken(execution.id, offset) };
    }
  } finally {
    body.destroy();
  }
  return { rows, token: take(cutter.end()) ? makeToken(execution.id, offset) : undefined };
}

async function open(lake: Lake, { output }: ExecutionRecord, start: number, principal: Principal): Promise<Readable> {
  const { bucket, key } = parsePlace(output);
  try {
    const range = start === 0 ? {} : { Range: `bytes=${start}-` };
    const { Body } = await lake.call("s3", "GetObject", { Bucket: bucket, Key: key, ...range }, { principal });
    return Body instanceof Readable ? Body : Readable.from([Buffer.from(Body ?? [])]);
  } catch (error) {
    const gone = error instanceof ServiceError && ["NoSuchKey", "NoSuchBucket"].includes(error.code);
    throw gone ? invalidRequest("Could not find results", "RESULT_NOT_FOUND") : error;
  }
}

function makeToken(id: string, offset: number): string {
  return Buffer.from(`${id}:${offset}`).toString("base64");
}

function readToken(token: string, id: string): number {
  const [of, offset] = Buffer.from(token, "base64").toString("utf8").split(":");
  if (of === id && /^\d{1,15}$/.test(offset ?? "")) return Number(offset);
  throw invalidRequest(`Malformed nextPageToken ${token}`);
}
