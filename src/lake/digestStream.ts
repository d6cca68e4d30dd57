// Bytes on their way to the disk, counted and hashed as they pass.
import { Transform, type TransformCallback } from "node:stream";
import { createDigest, type Digest, type DigestName } from "./checksums.ts";

export class DigestStream extends Transform {
  /** Bytes so far. */
  size = 0;
  private readonly running = new Map<DigestName, Digest>();
  private readonly results = new Map<DigestName, Uint8Array>();

  constructor() {
    super({ readableHighWaterMark: 1 << 20, writableHighWaterMark: 1 << 20 });
  }

  /** Also computes this digest; to be asked before the first byte is read. */
  add(name: DigestName): void {
    if (!this.running.has(name)) this.running.set(name, createDigest(name));
  }

  /** A digest of all bytes; known once the stream has ended. */
  digest(name: DigestName): Uint8Array | undefined {
    return this.results.get(name);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.consume(chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    this.finish().then(
      () => done(),
      (error: unknown) => done(error as Error),
    );
  }

  /** Bytes as they come; a subclass that decodes them passes on what it finds. */
  protected consume(chunk: Buffer): void {
    this.pass(chunk);
  }

  protected pass(data: Buffer): void {
    this.size += data.length;
    for (const digest of this.running.values()) digest.update(data);
    this.push(data);
  }

  /** The last byte has come: computes the results; a subclass checks them. */
  protected async finish(): Promise<void> {
    for (const [name, digest] of this.running) this.results.set(name, await digest.digest());
  }
}
