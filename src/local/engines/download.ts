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
  checksum: Checksum;
  /** Bytes. */
  size: number;
}

export interface Checksum {
  algorithm: "sha256" | "sha512";
  /** Hexadecimal. */
  hex: string;
}

/** How a server is asked: `make-fetch-happen`, or what wraps it in a registry's login. */
export type Request = (url: string, options: Readonly<Record<string, unknown>>) => Promise<Answer>;

export interface Answer {
  status: number;
  statusText: string;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array>;
}

/** Tries in a row that bring no byte before it gives up. */
const fruitlessTries = 4;
/** A connection that brings nothing for so long counts as broken. */
const idleMilliseconds = 60_000;

/**
 * Leaves the artifact in `file`. Bytes that arrive are kept in `<file>.part` over failures, cancelling and restarts, and asked for
 * only once where the server knows HTTP ranges. Throws what the network threw, `EINTEGRITY` where the whole file is not the pinned one.
 */
export async function download(artifact: Artifact, file: string, work: Work, request?: Request): Promise<void> {
  if (sizeOf(file) === artifact.size) return;
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.part`;
  if (sizeOf(part) > artifact.size) rmSync(part);
  const ask = request ?? (await plainRequest(work));
  say(work, artifact, sizeOf(part));
  for (let fruitless = 0; sizeOf(part) < artifact.size; ) {
    const before = sizeOf(part);
    try {
      await append(artifact, part, ask, work);
    } catch (error) {
      work.signal.throwIfAborted();
      const received = sizeOf(part);
      fruitless = received > before ? 0 : fruitless + 1;
      if (!isUnreachable(error) || fruitless >= fruitlessTries) throw error;
      work.report({ kind: "retry", engine: work.engine, name: artifact.name, received, reason: messageOf(error) });
      await sleep(250 * 2 ** fruitless, undefined, { signal: work.signal });
    }
  }
  const { algorithm, hex } = artifact.checksum;
  const found = await checksumOf(part, algorithm);
  if (found !== hex) {
    rmSync(part, { force: true });
    throw Object.assign(new Error(`${artifact.name}: ${algorithm} is ${found} and should be ${hex}`), {
      code: "EINTEGRITY",
    });
  }
  renameSync(part, file);
  work.report({ kind: "downloaded", engine: work.engine, name: artifact.name, total: artifact.size });
}

async function plainRequest(work: Work): Promise<Request> {
  const { default: fetch } = await import("make-fetch-happen");
  const settings = await httpSettings(work.environment, work.inEditor);
  return (url, options) => fetch(url, { ...settings, cache: "no-store", ...options });
}

async function append(artifact: Artifact, part: string, request: Request, work: Work): Promise<void> {
  const have = sizeOf(part);
  const response = await request(artifact.url, {
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

async function checksumOf(file: string, algorithm: Checksum["algorithm"]): Promise<string> {
  const hash = createHash(algorithm);
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
