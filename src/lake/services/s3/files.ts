// The bytes of objects as files named by random ids: written once, synced, never changed, dropped after the index forgot them.
import { randomBytes } from "node:crypto";
import { mkdirSync, opendirSync } from "node:fs";
import { copyFile, link, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { ServiceError } from "../../fault.ts";
import type { DigestName, Digests } from "../../hashing/checksums.ts";
import { Hashing } from "../../hashing/hasher.ts";
import { FileSink } from "./fileSink.ts";
import { ObjectBody, type Piece } from "./objectBody.ts";

/** A stretch of an object: a whole file. Objects of a multipart upload have one a part. */
export interface Segment {
  readonly file: string;
  readonly size: number;
}

/** Bytes from `start` to `end`, both inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface WriteOptions {
  /** Digests to compute. */
  readonly names: readonly DigestName[];
  /** Bytes to come, where known. */
  readonly size: number | undefined;
  readonly signal: AbortSignal;
  /** Throws where the bytes are not what the client said. */
  readonly check?: (digests: Digests) => void;
}

export interface Written {
  readonly segments: readonly Segment[];
  readonly size: number;
  readonly digests: Digests;
}

/** The object was replaced or deleted between the index and its files: what is in the index now is the truth. */
export class ReplacedError extends Error {
  override readonly name = "ReplacedError";
}

const FOLDERS = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, "0"));

export class Files {
  /** On disk and not yet in the index. */
  private readonly pending = new Set<string>();
  /** By file: how many readers it has. */
  private readonly readers = new Map<string, number>();
  /** No longer in the index, but still read: the last reader drops them. */
  private readonly doomed = new Set<string>();
  private readonly hashing = new Hashing();
  private writes = 0;

  /** `isIndexed`: whether the index holds a file. */
  constructor(
    private readonly folder: string,
    private readonly isIndexed: (file: string) => boolean,
  ) {
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
  }

  /** Whether bytes are on their way in or out. */
  get isBusy(): boolean {
    return this.writes > 0 || this.readers.size > 0;
  }

  /** Writes a stream to a new file, synced with its folder before it resolves; nothing stays where it fails. No bytes, no file. */
  async write(source: Readable, { names, size, signal, check }: WriteOptions): Promise<Written> {
    const file = this.begin();
    const hasher = this.hashing.hasher(names, size);
    const sink = new FileSink(this.path(file), hasher);
    this.writes += 1;
    try {
      await sink.take(source, signal);
      const digests = await hasher.digest();
      check?.(digests);
      const segments = sink.size === 0 ? [] : [{ file, size: sink.size }];
      if (sink.size === 0) this.pending.delete(file);
      else await this.syncFolder(file);
      return { segments, size: sink.size, digests };
    } catch (error) {
      await this.drop(file);
      throw diskError(error);
    } finally {
      this.writes -= 1;
    }
  }

  /** The same bytes under new names. Files never change, so a hard link will do; a copy where the file system has none. */
  async duplicate(segments: readonly Segment[]): Promise<Segment[]> {
    const made: Segment[] = [];
    try {
      for (const { file, size } of segments) {
        const copy = this.begin();
        made.push({ file: copy, size });
        await this.linkOrCopy(this.path(file), this.path(copy));
        await this.syncFolder(copy);
      }
      return made;
    } catch (error) {
      await this.discard(made);
      throw (error as NodeJS.ErrnoException).code === "ENOENT" ? new ReplacedError() : diskError(error);
    }
  }

  /** The index holds these files now. */
  settle(segments: readonly Segment[]): void {
    for (const { file } of segments) this.pending.delete(file);
  }

  /** Removes files that the index does not hold, once nobody reads them. Never throws: the next start sweeps what stays. */
  async discard(segments: readonly Segment[]): Promise<void> {
    for (const { file } of segments) {
      if (this.readers.has(file)) this.doomed.add(file);
      else await this.drop(file);
    }
  }

  /** Opens a stretch of an object; it is read whole, whatever happens to the object meanwhile. Throws ReplacedError where it is gone already. */
  async read(segments: readonly Segment[], range: ByteRange): Promise<ObjectBody> {
    const pieces: Piece[] = [];
    let offset = 0;
    for (const { file, size } of segments) {
      const start = Math.max(range.start - offset, 0);
      const end = Math.min(range.end + 1 - offset, size);
      offset += size;
      if (start < end) pieces.push({ file, path: this.path(file), start, end });
    }
    const files = pieces.map(({ file }) => file);
    for (const file of files) this.readers.set(file, (this.readers.get(file) ?? 0) + 1);
    const body = new ObjectBody(pieces, () => this.release(files));
    // Asked once its files can't be dropped any more; a version's files leave the index together.
    if (files[0] !== undefined && !this.isIndexed(files[0])) {
      body.destroy();
      throw new ReplacedError();
    }
    try {
      await body.open();
      return body;
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  /** Removes files that nothing names: what a killed lake left. Returns their number. */
  async sweep(signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (const name of FOLDERS) {
      for await (const entry of opendirSync(join(this.folder, name))) {
        if (signal.aborted) return removed;
        const file = entry.name;
        if (this.pending.has(file) || this.readers.has(file) || this.isIndexed(file)) continue;
        await this.drop(file);
        removed += 1;
      }
    }
    return removed;
  }

  dispose(): void {
    this.hashing.dispose();
  }

  private begin(): string {
    const file = randomBytes(16).toString("hex");
    this.pending.add(file);
    return file;
  }

  private release(files: readonly string[]): void {
    for (const file of files) {
      const left = (this.readers.get(file) ?? 1) - 1;
      if (left > 0) this.readers.set(file, left);
      else {
        this.readers.delete(file);
        if (this.doomed.delete(file)) void this.drop(file);
      }
    }
  }

  private async drop(file: string): Promise<void> {
    await unlink(this.path(file)).catch(() => undefined);
    this.pending.delete(file);
  }

  private path(file: string): string {
    return join(this.folder, file.slice(0, 2), file);
  }

  private async linkOrCopy(from: string, to: string): Promise<void> {
    try {
      await link(from, to);
    } catch {
      await copyFile(from, to);
      await sync(to);
    }
  }

  private syncFolder(file: string): Promise<void> {
    return sync(join(this.folder, file.slice(0, 2)));
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function diskError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new ServiceError("InsufficientStorage", "The disk that holds the lake is full.", {
    status: 507,
    cause: error,
  });
}
