// One file from a server to disk: checked against the checksum pinned in our sources, and taken up again where it broke off.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/errors.ts";
import { codeOf, isUnreachable } from "./failures.ts";
import { httpSettings } from "./npmconfig.ts";
import type { Work } from "./work.ts";

export interface Artifact {
  /** As a person is told of it: the file's name. */
  name: string;
  url: string;
  /** Hexadecimal. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/** Tries in a row that bring no byte before it gives up. */
const fruitlessTries = 4;
/** A connection that brings nothing for so long counts as broken. */
const idleMilliseconds = 60_000;

/**
 * Leaves the artifact in `file`. Bytes that arrive are kept in `<file>.part` over failures, cancelling and restarts, and asked for
 * only once where the server knows HTTP ranges. Throws what the network threw, `EINTEGRITY` where the whole file is not the pinned one.
 */
export async function download(artifact: Artifact, file: string, work: Work): Promise<void> {
  if (sizeOf(file) === artifact.size) return;
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.part`;
  if (sizeOf(part) > artifact.size) rmSync(part);
  const settings = await httpSettings(work.environment);
  say(work, artifact, sizeOf(part));
  for (let fruitless = 0; sizeOf(part) < artifact.size; ) {
    const before = sizeOf(part);
    try {
      await append(artifact, part, settings, work);
    } catch (error) {
      work.signal.throwIfAborted();
      const received = sizeOf(part);
      fruitless = received > before ? 0 : fruitless + 1;
      if (!isUnreachable(error) || fruitless >= fruitlessTries) throw error;
      work.report({ kind: "retry", engine: work.engine, name: artifact.name, received, reason: messageOf(error) });
      await sleep(250 * 2 ** fruitless, undefined, { signal: work.signal });
    }
  }
  const found = await sha256Of(part);
  if (found !== artifact.sha256) {
    rmSync(part, { force: true });
    throw Object.assign(new Error(`${artifact.name}: SHA-256 is ${found} and should be ${artifact.sha256}`), {
      code: "EINTEGRITY",
    });
  }
  renameSync(part, file);
  work.report({ kind: "downloaded", engine: work.engine, name: artifact.name, total: artifact.size });
}

async function append(artifact: Artifact, part: string, settings: Record<string, unknown>, work: Work): Promise<void> {
  const { default: fetch } = await import("make-fetch-happen");
  const have = sizeOf(part);
  const response = await fetch(artifact.url, {
    ...settings,
    cache: "no-store",
    // Bytes as they lie on the server: a range of a compressed transfer could not be put together.
    compress: false,
    headers: { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
    signal: work.signal,
    timeout: idleMilliseconds,
  });
  if (response.status === 416) rmSync(part, { force: true });
  const resumes = response.status === 206 && (response.headers.get("content-range") ?? "").startsWith(`bytes ${have}-`);
  if (response.status !== 200 && !resumes) {
    throw Object.assign(new Error(`the server answered ${response.status} ${response.statusText}`), {
      statusCode: response.status,
      ...(response.status === 416 ? { code: "ECUTOFF" } : {}),
    });
  }
  let received = resumes ? have : 0;
  await pipeline(
    Readable.from(response.body),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        received += chunk.length;
        // More than there should be is cut here and shows in the checksum.
        if (received > artifact.size)
          throw Object.assign(new Error("more bytes than expected"), { code: "EINTEGRITY" });
        say(work, artifact, received);
        yield chunk;
      }
    },
    createWriteStream(part, { flags: resumes ? "a" : "w" }),
    { signal: work.signal },
  );
  if (received < artifact.size) {
    throw Object.assign(new Error(`the connection ended after ${received} of ${artifact.size} bytes`), {
      code: "ECUTOFF",
    });
  }
}

function say(work: Work, artifact: Artifact, received: number): void {
  work.report({ kind: "download", engine: work.engine, name: artifact.name, received, total: artifact.size });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
}
