// The bytes of objects as files named by random ids: written once, synced, never changed, dropped after the index forgot them.
import { randomBytes } from "node:crypto";
import { createReadStream, mkdirSync, opendirSync } from "node:fs";
import { type FileHandle, copyFile, link, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ServiceError } from "../../fault.ts";

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

export class Files {
  /** Ids that are on disk and not yet, or no longer, in the index. */
  private readonly pending = new Set<string>();

  constructor(private readonly folder: string) {
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
  }

  /** Writes a stream to a new file, synced with its folder before it resolves; nothing stays where it fails. No bytes, no file. */
  async write(source: Readable, signal?: AbortSignal): Promise<Segment | undefined> {
    const file = randomBytes(16).toString("hex");
    this.pending.add(file);
    const sink = new FileSink(this.path(file));
    try {
      await pipeline(source, sink, signal === undefined ? {} : { signal });
      if (sink.size === 0) {
        this.pending.delete(file);
        return undefined;
      }
      await this.syncFolder(file);
      return { file, size: sink.size };
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
  async read(segments: readonly Segment[], range: ByteRange): Promise<Readable> {
    const pieces: Piece[] = [];
    let offset = 0;
    try {
      for (const { file, size } of segments) {
        const start = Math.max(range.start - offset, 0);
        const end = Math.min(range.end - offset, size - 1);
        offset += size;
        if (start <= end) pieces.push({ handle: await open(this.path(file), "r"), start, end });
      }
    } catch (error) {
      for (const { handle } of pieces) await handle.close();
      throw error;
    }
    const [first, ...rest] = pieces;
    if (first === undefined) return Readable.from([]);
    return rest.length === 0
      ? streamOf(first)
      : Readable.from(sequence(pieces), { objectMode: false, highWaterMark: READ_SIZE });
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

/** One read takes this many bytes. */
const READ_SIZE = 1 << 20;

interface Piece {
  readonly handle: FileHandle;
  readonly start: number;
  readonly end: number;
}

function streamOf({ handle, start, end }: Piece): Readable {
  return createReadStream("", { fd: handle, start, end, highWaterMark: READ_SIZE });
}

async function* sequence(pieces: Piece[]): AsyncGenerator<Buffer> {
  const left = [...pieces];
  try {
    for (let piece = left.shift(); piece !== undefined; piece = left.shift()) {
      for await (const chunk of streamOf(piece)) yield chunk as Buffer;
    }
  } finally {
    for (const { handle } of left) await handle.close().catch(() => undefined);
  }
}

/** Writes what it is given to a new file and syncs it; makes no file before the first byte. */
class FileSink extends Writable {
  size = 0;
  private handle: FileHandle | undefined;

  constructor(private readonly path: string) {
    super({ highWaterMark: 4 << 20 });
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.append(chunks.map(({ chunk }) => chunk)).then(
      () => done(),
      (error: unknown) => done(error as Error),
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    (this.handle?.sync() ?? Promise.resolve()).then(
      () => done(),
      (error: unknown) => done(error as Error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    (this.handle?.close() ?? Promise.resolve()).then(
      () => done(error),
      (failure: unknown) => done(error ?? (failure as Error)),
    );
  }

  private async append(chunks: Buffer[]): Promise<void> {
    this.handle ??= await open(this.path, "wx", 0o600);
    let left = chunks.filter((chunk) => chunk.length > 0);
    while (left.length > 0) {
      const { bytesWritten } = await this.handle.writev(left);
      this.size += bytesWritten;
      left = behind(left, bytesWritten);
    }
  }
}

/** What is left of `chunks` once `written` bytes of them are on disk: a write may be short. */
function behind(chunks: Buffer[], written: number): Buffer[] {
  let skip = written;
  const left: Buffer[] = [];
  for (const chunk of chunks) {
    if (skip >= chunk.length) skip -= chunk.length;
    else {
      left.push(skip === 0 ? chunk : chunk.subarray(skip));
      skip = 0;
    }
  }
  return left;
}

function diskError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new ServiceError("InsufficientStorage", "The disk that holds the lake is full.", {
    status: 507,
    cause: error,
  });
}
