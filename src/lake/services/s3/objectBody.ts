// The bytes of an object, or a stretch of them, on their way out: a stream for callers in the lake, and a quicker way into a socket.
import type { FileHandle } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { callbackify } from "node:util";

/** One read takes this many bytes. */
const READ_SIZE = 256 << 10;

/** A stretch of an open file; `end` is exclusive. */
export interface OpenPiece {
  readonly handle: FileHandle;
  start: number;
  readonly end: number;
}

/** The files are open from the start, so what is replaced or deleted meanwhile is still read whole. */
export class ObjectBody extends Readable {
  constructor(private readonly pieces: OpenPiece[]) {
    super({ highWaterMark: READ_SIZE });
  }

  override _read(): void {
    this.next(undefined).then(
      (chunk) => this.push(chunk ?? null),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const pieces = this.pieces.splice(0);
    callbackify(() => Promise.all(pieces.map(({ handle }) => handle.close())))((failure) => done(error ?? failure));
  }

  /**
   * Writes all into `target` and ends it. Reads into two buffers in turn: the kernel fills one while it empties the other.
   * Rejects where the target closes before.
   */
  async sendTo(target: Writable): Promise<void> {
    const closed = new Promise<never>((_resolve, reject) => {
      target.once("close", () => reject(new Error("The client went away before its answer was whole.")));
    });
    closed.catch(() => undefined);
    try {
      const left = this.pieces.reduce((sum, { start, end }) => sum + end - start, 0);
      const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.max(1, Math.min(READ_SIZE, left))));
      let sent: Promise<void> = Promise.resolve();
      for (let turn = 0; ; turn = 1 - turn) {
        const chunk = await this.next(buffers[turn]);
        await Promise.race([sent, closed]);
        if (chunk === undefined) break;
        sent = new Promise((resolve, reject) => {
          target.write(chunk, (error) => (error ? reject(error) : resolve()));
        });
        sent.catch(() => undefined);
      }
      target.end();
    } finally {
      this.destroy();
    }
  }

  /** The next bytes, in `buffer` where one is given; undefined behind the last. */
  private async next(buffer: Buffer | undefined): Promise<Buffer | undefined> {
    const piece = this.pieces[0];
    if (piece === undefined) return undefined;
    const size = Math.min(READ_SIZE, piece.end - piece.start);
    const into = buffer ?? Buffer.allocUnsafeSlow(size);
    const { bytesRead } = await piece.handle.read(into, 0, size, piece.start);
    // Files never change; one that is too short was damaged from outside.
    if (bytesRead === 0)
      throw new Error("A file of the lake's object storage is shorter than it was when it was written.");
    piece.start += bytesRead;
    if (piece.start >= piece.end) {
      this.pieces.shift();
      await piece.handle.close();
    }
    return into.subarray(0, bytesRead);
  }
}
