// The body of an S3 request as a stream of its plain bytes: `aws-chunked` undone, every signature, hash and checksum checked as it passes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
import { createHash, type Hash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ChunkedDecoder } from "./chunked.ts";
import { CHECKSUMS, type DigestName, isChecksum } from "./checksums.ts";
import { DigestStream } from "./digestStream.ts";
import type { Exchange } from "./exchange.ts";
import { ServiceError } from "./fault.ts";

const UNSIGNED = "UNSIGNED-PAYLOAD";
const CHUNKED = new Set([
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
]);

/** The plain bytes of a request. Ends with an error where they are not what the client signed or said. */
export function payloadStream(exchange: Required<Exchange>): Payload {
  return new Payload(exchange);
}

export class Payload extends DigestStream {
  private readonly request: IncomingMessage;
  private readonly headers: IncomingHttpHeaders;
  private readonly declaresObject: boolean;
  private readonly decoder: ChunkedDecoder | undefined;
  private readonly signedHash: string | undefined;
  private readonly hash: Hash | undefined;
  private started = false;

  constructor({ request, signed, secret, shape }: Pick<Required<Exchange>, "request" | "signed" | "secret" | "shape">) {
    super();
    this.request = request;
    this.headers = request.headers;
    // Here the headers speak of the object that is completed, not of the document that completes it.
    this.declaresObject = shape.name === "CompleteMultipartUpload";
    const kind = signed.payload;
    if (CHUNKED.has(kind))
      this.decoder = new ChunkedDecoder(
        signed,
        kind.startsWith("STREAMING-AWS4") ? secret : undefined,
        kind.endsWith("-TRAILER"),
      );
    else if (/^[0-9a-f]{64}$/.test(kind)) this.signedHash = kind;
    else if (kind === "")
      throw new ServiceError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
    else if (kind !== UNSIGNED) {
      throw new ServiceError(
        "InvalidArgument",
        `x-amz-content-sha256 must be ${[UNSIGNED, ...CHUNKED].join(", ")}, or a valid sha256 value.`,
      );
    }
    if (this.signedHash !== undefined) this.hash = createHash("sha256");
    const names = [...this.declared()];
    if (names.filter(isChecksum).length > 1) {
      throw new ServiceError(
        "InvalidRequest",
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
      );
    }
    for (const name of names) this.add(name);
  }

  /** The first byte is taken from the request only when somebody reads: what is refused unread costs nothing. */
  override _read(size: number): void {
    if (!this.started) {
      this.started = true;
      const { request } = this;
      request.once("error", (error) => this.destroy(error));
      request.once("close", () => {
        if (!request.complete)
          this.destroy(new ServiceError("IncompleteBody", "The client went away before its body was whole."));
      });
      request.pipe(this);
    }
    super._read(size);
  }

  protected override consume(chunk: Buffer): void {
    this.hash?.update(chunk);
    if (this.decoder === undefined) this.pass(chunk);
    else this.decoder.write(chunk, (data) => this.pass(data));
  }

  protected override async finish(): Promise<void> {
    this.decoder?.end();
    if (this.hash !== undefined && this.hash.digest("hex") !== this.signedHash) {
      throw new ServiceError(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    const length = this.headers["x-amz-decoded-content-length"];
    if (this.decoder !== undefined && length !== undefined && Number(length) !== this.size) {
      throw new ServiceError(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header.",
      );
    }
    await super.finish();
    for (const name of this.declared()) this.check(name);
  }

  /** Digests that headers give, or promise in the trailer. */
  private *declared(): Generator<DigestName> {
    if (this.headers["content-md5"] !== undefined) yield "md5";
    if (this.declaresObject) return;
    for (const name of CHECKSUMS) if (this.headers[`x-amz-checksum-${name}`] !== undefined) yield name;
    for (const trailer of String(this.headers["x-amz-trailer"] ?? "").split(",")) {
      const name = trailer.trim().toLowerCase().replace("x-amz-checksum-", "");
      if (isChecksum(name)) yield name;
      else if (name !== "")
        throw new ServiceError(
          "InvalidRequest",
          `The value specified in the x-amz-trailer header is not supported: ${trailer.trim()}`,
        );
    }
  }

  private check(name: DigestName): void {
    const header = name === "md5" ? "content-md5" : `x-amz-checksum-${name}`;
    const given = this.headers[header] ?? this.decoder?.trailers.get(header);
    if (given === undefined)
      throw new ServiceError(
        "MalformedTrailerError",
        `The request promised the trailer ${header} and did not send it.`,
      );
    const computed = Buffer.from(this.digest(name) ?? []).toString("base64");
    if (Buffer.from(String(given), "base64").length !== Buffer.from(computed, "base64").length) {
      if (name === "md5") throw new ServiceError("InvalidDigest", "The Content-MD5 you specified was invalid.");
      throw new ServiceError("InvalidRequest", `Value for ${header} header is invalid.`);
    }
    if (given !== computed) {
      const what = name === "md5" ? "Content-MD5" : name.toUpperCase();
      throw new ServiceError("BadDigest", `The ${what} you specified did not match the calculated checksum.`);
    }
  }
}
