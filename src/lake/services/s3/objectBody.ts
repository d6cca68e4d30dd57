// The bytes of an object, or a stretch of them, on their way out: a stream for callers in the lake, and a quicker way into a socket.
import { type FileHandle, open } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { callbackify } from "node:util";

/** One read takes this many bytes. */
const READ_SIZE = 256 << 10;

/** A stretch of a file; `end` is exclusive. */
export interface Piece {
  readonly file: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Reads its pieces one after another, with one file open at a time. `release` is called once, when the last byte is read or nobody wants more. */
export class ObjectBody extends Readable {
  private current: { handle: FileHandle; at: number; readonly end: number } | undefined;
  private readonly left: Piece[];

  constructor(
    pieces: readonly Piece[],
    private readonly release: () => void,
  ) {
    super({ highWaterMark: READ_SIZE });
    this.left = [...pieces];
  }

  /** Opens the first file, so that one that can't be opened is an error and not half an answer. */
  async open(): Promise<void> {
    const piece = this.left.shift();
    if (piece !== undefined) this.current = { handle: await open(piece.path, "r"), at: piece.start, end: piece.end };
  }

  override _read(): void {
    this.next(undefined).then(
      (chunk) => this.push(chunk ?? null),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.release();
    const { current } = this;
    this.current = undefined;
    callbackify(async () => current?.handle.close())((failure) => done(error ?? failure));
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
      const buffers = [this.buffer(), this.buffer()];
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

  private buffer(): Buffer {
    const { current, left } = this;
    const size =
      (current === undefined ? 0 : current.end - current.at) +
      left.reduce((sum, { start, end }) => sum + end - start, 0);
    return Buffer.allocUnsafeSlow(Math.max(1, Math.min(READ_SIZE, size)));
  }

  /** The next bytes, in `buffer` where one is given; undefined behind the last. */
  private async next(buffer: Buffer | undefined): Promise<Buffer | undefined> {
    if (this.current === undefined) await this.open();
    const { current } = this;
    if (current === undefined) return undefined;
    const size = Math.min(READ_SIZE, current.end - current.at);
    const into = buffer ?? Buffer.allocUnsafeSlow(size);
    const { bytesRead } = await current.handle.read(into, 0, Math.min(size, into.length), current.at);
    // Files never change; one that is too short was damaged from outside.
    if (bytesRead === 0)
      throw new Error("A file of the lake's object storage is shorter than it was when it was written.");
    current.at += bytesRead;
    if (current.at >= current.end) {
      this.current = undefined;
      await current.handle.close();
    }
    return into.subarray(0, bytesRead);
  }
}
