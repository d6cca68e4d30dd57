// The whole result as a CSV file: streamed from S3, whatever its size, and there under its name only once it is whole.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { abortable } from "../aws/abortable.ts";
import { calling, failure } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";
import { BoathouseError, messageOf } from "../base/errors.ts";
import { sleep, throwIfAborted } from "../base/wait.ts";
import type { Execution } from "./executions.ts";
import { hasCsv, openResult, splitLocation } from "./results.ts";
import { WRITERS } from "./rowText.ts";

export interface ExportOptions {
  readonly signal?: AbortSignal;
  /** Bytes so far, and of how many where that is known. */
  readonly onProgress?: (bytes: number, of: number | undefined) => void;
}

interface Source {
  /** Bytes in all, where they are known beforehand. */
  readonly size: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A download that breaks off is gone on with; so often in a row without a byte of progress, it is given up. */
const TRIES = 4;

/**
 * Writes the result of an execution that SUCCEEDED to `file` as CSV with a header, NULL as an empty field and '' as a pair of quotes.
 * It grows as a `.part` file beside it and is renamed once it is on disk; what was under that name before stays until then.
 * Returns its bytes.
 * @throws BoathouseError `notFound` where the result object is gone, `cancelled` where the signal aborted; the `.part` file is deleted.
 */
export async function exportCsv(
  session: AwsSession,
  execution: Execution,
  file: string,
  { signal, onProgress }: ExportOptions = {},
): Promise<number> {
  const { outputLocation } = execution;
  const { size, chunks } =
    outputLocation !== undefined && hasCsv(execution)
      ? await objectSource(session, outputLocation, signal)
      : await rowSource(session, execution, signal);
  const part = `${file}.${randomBytes(4).toString("hex")}.part`;
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    onProgress?.(0, size);
    for await (const chunk of chunks) {
      throwIfAborted(signal);
      yield chunk;
      bytes += chunk.length;
      onProgress?.(bytes, size);
    }
  }
  try {
    await pipeline(Readable.from(counted()), createWriteStream(part, { flags: "wx" }));
    const written = await open(part, "r+");
    try {
      await written.sync();
    } finally {
      await written.close();
    }
    throwIfAborted(signal);
    await rename(part, file);
    return bytes;
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw fileFailure(error, file);
  }
}

/** The object's bytes. Where the download breaks off it goes on from there, as long as the object is still the same one. */
async function objectSource(session: AwsSession, location: string, signal: AbortSignal | undefined): Promise<Source> {
  const { GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client = await session.s3();
  const { bucket, key } = splitLocation(location);
  const get = (from: number, tag: string | undefined) =>
    calling(location, () =>
      client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          ...(from === 0 ? {} : { Range: `bytes=${from}-`, IfMatch: tag }),
        }),
        abortable(signal),
      ),
    );
  const first = await get(0, undefined);
  const size = first.ContentLength;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let object = first;
    let at = 0;
    for (let tries = 1; ; tries++) {
      try {
        for await (const chunk of object.Body as Readable) {
          yield chunk as Uint8Array;
          at += (chunk as Uint8Array).length;
          tries = 0;
        }
        if (size === undefined || at === size) return;
        throw new BoathouseError("network", "The download ended early.", { resource: location });
      } catch (error) {
        const broken = failure(error, location);
        if (broken.kind !== "network" || tries >= TRIES) throw broken;
        await sleep(200 * tries, signal);
        object = await get(at, first.ETag);
      }
    }
  }
  return { size, chunks: chunks() };
}

/** Of statements whose result is no CSV object: their rows, written as Athena writes CSV. */
async function rowSource(session: AwsSession, execution: Execution, signal: AbortSignal | undefined): Promise<Source> {
  const { columns, rows } = await openResult(session, execution, signal);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(WRITERS.csv.head(columns, true));
    for await (const row of rows) yield Buffer.from(WRITERS.csv.row(row, columns, false));
  }
  return { size: undefined, chunks: chunks() };
}

const UNWRITABLE = new Set(["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR"]);

function fileFailure(error: unknown, file: string): BoathouseError {
  if (UNWRITABLE.has(String((error as { code?: unknown }).code))) {
    return new BoathouseError("invalid", `${file} can't be written: ${messageOf(error)}.`, {
      resource: file,
      next: "Choose another folder, or make room there.",
      cause: error,
    });
  }
  return failure(error, file);
}
