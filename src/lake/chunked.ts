// Undoes `aws-chunked`: chunks with their sizes, each with its signature where the payload is signed, then trailers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
import { createHash, createHmac, type Hash, timingSafeEqual } from "node:crypto";
import { ServiceError } from "./fault.ts";
import { type SignedParts, sha256, signingKey } from "./sigv4.ts";

/** A line (chunk header or trailer) holds this many bytes at most. */
const LONGEST_LINE = 16 * 1024;
const EMPTY = sha256("");

type State = "size" | "data" | "dataEnd" | "trailer" | "over";

export class ChunkedDecoder {
  /** Trailing headers by lower-case name; whole after `end`. */
  readonly trailers = new Map<string, string>();
  private state: State = "size";
  private line: Buffer = Buffer.alloc(0);
  /** Bytes of the chunk that are still to come. */
  private left = 0;
  private hash: Hash = createHash("sha256");
  private chunkSignature = "";
  private previous: string;
  private readonly key: Buffer | undefined;

  /** `secret`: set where every chunk is signed. */
  constructor(
    private readonly signed: SignedParts,
    secret: string | undefined,
    private readonly hasTrailer: boolean,
  ) {
    this.previous = signed.signature;
    this.key = secret === undefined ? undefined : signingKey(secret, signed.scope);
  }

  /** Takes wire bytes; gives plain ones to `pass`, without copying. */
  write(bytes: Buffer, pass: (data: Buffer) => void): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.state === "over") throw malformed("Bytes follow the last chunk.");
      if (this.state === "data") {
        const data = bytes.subarray(at, at + this.left);
        at += data.length;
        this.left -= data.length;
        if (this.key !== undefined) this.hash.update(data);
        pass(data);
        if (this.left === 0) {
          this.checkChunk();
          this.state = "dataEnd";
        }
        continue;
      }
      const end = bytes.indexOf(10, at);
      const piece = bytes.subarray(at, end < 0 ? bytes.length : end);
      if (this.line.length + piece.length > LONGEST_LINE) throw malformed("A chunk's header is too long.");
      this.line = this.line.length === 0 ? Buffer.from(piece) : Buffer.concat([this.line, piece]);
      at += piece.length;
      if (end < 0) return;
      at += 1;
      const text = this.line.toString("latin1").replace(/\r$/, "");
      this.line = Buffer.alloc(0);
      this.take(text);
    }
  }

  /** Throws unless the last chunk, and the trailer where one was announced, has come. */
  end(): void {
    // A client may leave out the empty line behind the last chunk.
    if (this.state === "trailer" && this.line.length === 0 && !this.hasTrailer) this.state = "over";
    if (this.state !== "over") throw new ServiceError("IncompleteBody", "The request body terminated unexpectedly.");
  }

  private take(line: string): void {
    if (this.state === "size") this.startChunk(line);
    else if (this.state === "dataEnd") {
      if (line !== "") throw malformed("A chunk is longer than its header says.");
      this.state = "size";
    } else if (line === "") {
      this.checkTrailer();
      this.state = "over";
    } else {
      const at = line.indexOf(":");
      if (at < 1 || !this.hasTrailer) throw malformed("A trailing header is malformed.");
      this.trailers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
    }
  }

  private startChunk(line: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
    if (match === null) throw malformed("A chunk's header is malformed.");
    if (this.key !== undefined && match[2] === undefined) throw malformed("A chunk is not signed.");
    this.left = Number.parseInt(match[1] ?? "", 16);
    this.chunkSignature = match[2] ?? "";
    if (this.left > 0) this.state = "data";
    else {
      this.checkChunk();
      this.state = "trailer";
    }
  }

  private checkChunk(): void {
    if (this.key === undefined) return;
    const { date, scope } = this.signed;
    const toSign = ["AWS4-HMAC-SHA256-PAYLOAD", date, scope, this.previous, EMPTY, this.hash.digest("hex")].join("\n");
    this.checkSignature(toSign, this.chunkSignature);
    this.hash = createHash("sha256");
    this.previous = this.chunkSignature;
  }

  private checkTrailer(): void {
    if (this.key === undefined || !this.hasTrailer) return;
    const lines = [...this.trailers].filter(([name]) => name !== "x-amz-trailer-signature");
    const { date, scope } = this.signed;
    const trailers = sha256(lines.map(([name, value]) => `${name}:${value}\n`).join(""));
    const toSign = ["AWS4-HMAC-SHA256-TRAILER", date, scope, this.previous, trailers].join("\n");
    this.checkSignature(toSign, this.trailers.get("x-amz-trailer-signature") ?? "");
  }

  private checkSignature(toSign: string, signature: string): void {
    const expected = createHmac("sha256", this.key ?? "")
      .update(toSign)
      .digest();
    const given = Buffer.from(signature, "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ServiceError(
        "SignatureDoesNotMatch",
        "The signature of a chunk does not match what the lake calculated.",
        { status: 403 },
      );
    }
  }
}

function malformed(message: string): ServiceError {
  return new ServiceError("InvalidRequest", message);
}
