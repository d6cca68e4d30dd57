// The bytes of objects as files named by random ids: written once, synced, never changed, dropped after the index forgot them.
import { randomBytes } from "node:crypto";
import { mkdirSync, opendirSync } from "node:fs";
import { copyFile, link, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ServiceError } from "../../fault.ts";
import type { DigestName, Digests } from "../../hashing/checksums.ts";
import { Hashing } from "../../hashing/hasher.ts";
import { FileSink } from "./fileSink.ts";
import { ObjectBody, type OpenPiece } from "./objectBody.ts";

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

const FOLDERS = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, "0"));

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

export class Files {
  /** Ids that are on disk and not yet, or no longer, in the index. */
  private readonly pending = new Set<string>();

  private readonly hashing = new Hashing();

  constructor(private readonly folder: string) {
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
  }

  /** Writes a stream to a new file, synced with its folder before it resolves; nothing stays where it fails. No bytes, no file. */
  async write(source: Readable, { names, size, signal, check }: WriteOptions): Promise<Written> {
    const file = randomBytes(16).toString("hex");
    this.pending.add(file);
    const hasher = this.hashing.hasher(names, size);
    const sink = new FileSink(this.path(file), hasher);
    try {
      await pipeline(source, sink, { signal });
      const digests = await hasher.digest();
      check?.(digests);
      const segments = sink.size === 0 ? [] : [{ file, size: sink.size }];
      if (sink.size === 0) this.pending.delete(file);
      else await this.syncFolder(file);
      return { segments, size: sink.size, digests };
    } catch (error) {
      await this.discard([{ file, size: 0 }]);
      throw diskError(error);
    }
  }

  /** The same bytes under new names. Files never change, so a hard link will do; a copy where the file system has none. */
  async duplicate(segments: readonly Segment[]): Promise<Segment[]> {
    const made: Segment[] = [];
    try {
      for (const { file, size } of segments) {
        const copy = randomBytes(16).toString("hex");
        this.pending.add(copy);
        made.push({ file: copy, size });
        await this.linkOrCopy(this.path(file), this.path(copy));
        await this.syncFolder(copy);
      }
      return made;
    } catch (error) {
      await this.discard(made);
      throw diskError(error);
    }
  }

  /** The index holds these files now: the sweep may look at them. */
  settle(segments: readonly Segment[]): void {
    for (const { file } of segments) this.pending.delete(file);
  }

  /** Removes files that the index does not hold. Readers that have them open read on. Never throws: the next start sweeps what stays. */
  async discard(segments: readonly Segment[]): Promise<void> {
    for (const { file } of segments) {
      await unlink(this.path(file)).catch(() => undefined);
      this.pending.delete(file);
    }
  }

  /**
   * Opens a stretch of an object for reading. All files are opened before it resolves,
   * so that an object which is replaced meanwhile is still read whole.
   */
  async read(segments: readonly Segment[], range: ByteRange): Promise<ObjectBody> {
    const pieces: OpenPiece[] = [];
    let offset = 0;
    try {
      for (const { file, size } of segments) {
        const start = Math.max(range.start - offset, 0);
        const end = Math.min(range.end + 1 - offset, size);
        offset += size;
        if (start < end) pieces.push({ handle: await open(this.path(file), "r"), start, end });
      }
      return new ObjectBody(pieces);
    } catch (error) {
      for (const { handle } of pieces) await handle.close();
      throw error;
    }
  }

  dispose(): void {
    this.hashing.dispose();
  }

  /** Removes files that `isKept` does not know: what a killed lake left. Returns their number. */
  async sweep(isKept: (file: string) => boolean, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (const name of FOLDERS) {
      const folder = opendirSync(join(this.folder, name));
      for await (const entry of folder) {
        if (signal.aborted) return removed;
        if (this.pending.has(entry.name) || isKept(entry.name)) continue;
        await unlink(join(this.folder, name, entry.name)).catch(() => undefined);
        removed += 1;
      }
    }
    return removed;
  }

  private path(file: string): string {
    return join(this.folder, file.slice(0, 2), file);
  }

  private async linkOrCopy(from: string, to: string): Promise<void> {
    try {
      await link(from, to);
    } catch {
      await copyFile(from, to);
      const handle = await open(to, "r+");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  }

  private async syncFolder(file: string): Promise<void> {
    const handle = await open(join(this.folder, file.slice(0, 2)), "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
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
