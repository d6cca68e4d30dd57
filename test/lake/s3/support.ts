// What the S3 tests share: one lake a file, a client, and errors as one readable word.
import { S3Client } from "@aws-sdk/client-s3";
import { startTestLake, type TestLake, type TestLakeOptions } from "../harness.ts";

export interface UsedLake {
  readonly lake: TestLake;
  readonly s3: S3Client;
}

/** Starts a lake before the tests of this `describe` and stops it behind them. */
export function useLake(options: TestLakeOptions = {}): UsedLake {
  let lake: TestLake | undefined;
  let s3: S3Client | undefined;
  before(async () => {
    lake = await startTestLake(options);
    s3 = new S3Client(lake.config);
  });
  after(async () => {
    s3?.destroy();
    await lake?.stop();
  });
  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the lake has not started");
    return value;
  };
  return {
    get lake() {
      return started(lake);
    },
    get s3() {
      return started(s3);
    },
  };
}

/** "NoSuchKey 404: The specified key does not exist.", or "ok" where nothing was refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return `${name} ${$metadata?.httpStatusCode ?? ""}: ${message}`;
  }
}

export async function textOf(output: { Body?: { transformToString(): Promise<string> } | undefined }): Promise<string> {
  return (await output.Body?.transformToString()) ?? "";
}

/** A seeded generator (mulberry32): the same numbers on every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that differ from place to place, the same on every run. */
export function bytesOf(size: number, seed = 1): Buffer {
  const next = seeded(seed);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.floor(next() * 2 ** 32), at);
  return bytes;
}
