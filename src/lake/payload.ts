// The body of an S3 request as a stream of its plain bytes: `aws-chunked` undone, chunk signatures checked as they pass, hashes at the end.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { ChunkedDecoder } from "./chunked.ts";
import { type Exchange, goOn, LARGEST_BODY } from "./exchange.ts";
import { ServiceError } from "./fault.ts";
import {
  CHECKSUMS,
  type ChecksumName,
  createDigest,
  type DigestName,
  type Digests,
  finishDigests,
  isChecksum,
} from "./hashing/checksums.ts";

const UNSIGNED = "UNSIGNED-PAYLOAD";
const CHUNKED = new Set([
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
]);

/** The plain bytes of a request. Whoever reads them computes `digestNames` and has them verified before the bytes count. */
export function payloadStream(exchange: Required<Exchange>): Payload {
  return new Payload(exchange);
}

export class Payload extends Readable {
  /** What to compute over the plain bytes for `verify`. */
  readonly digestNames: readonly DigestName[];
  /** The checksum that the client sent, or promised in the trailer. */
  readonly checksum: ChecksumName | undefined;
  /** Plain bytes to come, where the client says. */
  readonly expectedSize: number | undefined;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly headers: IncomingHttpHeaders;
  private readonly decoder: ChunkedDecoder | undefined;
  private readonly signedHash: string | undefined;
  private readonly declared: readonly DigestName[];
  private size = 0;
  private started = false;

  constructor({ request, response, signed, secret, shape }: Required<Exchange>) {
    super({ highWaterMark: 1 << 16 });
    this.request = request;
    this.response = response;
    this.headers = request.headers;
    const kind = signed.payload;
    if (CHUNKED.has(kind)) {
      this.decoder = new ChunkedDecoder(
        signed,
        kind.startsWith("STREAMING-AWS4") ? secret : undefined,
        kind.endsWith("-TRAILER"),
      );
    } else if (/^[0-9a-f]{64}$/.test(kind)) this.signedHash = kind;
    else if (kind === "")
      throw new ServiceError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
    else if (kind !== UNSIGNED) {
      throw new ServiceError(
        "InvalidArgument",
        `x-amz-content-sha256 must be ${[UNSIGNED, ...CHUNKED].join(", ")}, or a valid sha256 value.`,
      );
    }
    // Of an upload that is completed, checksum headers speak of the whole object, not of this document.
    const checksums = shape.name === "CompleteMultipartUpload" ? [] : declaredChecksums(this.headers);
    this.checksum = checksums[0];
    this.declared = [...(this.headers["content-md5"] === undefined ? [] : ["md5" as const]), ...checksums];
    this.digestNames = [
      ...new Set<DigestName>([...this.declared, ...(this.signedHash === undefined ? [] : ["sha256" as const])]),
    ];
    const length = this.headers[this.decoder === undefined ? "content-length" : "x-amz-decoded-content-length"];
    this.expectedSize = length === undefined || !/^\d+$/.test(String(length)) ? undefined : Number(length);
  }

  /** The whole body, verified: for documents. */
  async document(): Promise<Buffer> {
    const running = new Map(this.digestNames.map((name) => [name, createDigest(name)]));
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_BODY) throw new ServiceError("MaxMessageLengthExceeded", "Your request was too large.");
      for (const digest of running.values()) digest.update(chunk);
      chunks.push(chunk);
    }
    this.verify(await finishDigests(running));
    return Buffer.concat(chunks);
  }

  /** Throws unless the bytes are what the client signed and said. */
  verify(digests: Digests): void {
    const hash = Buffer.from(digests.get("sha256") ?? []).toString("hex");
    if (this.signedHash !== undefined && hash !== this.signedHash) {
      throw new ServiceError(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        {
          members: { ClientComputedContentSHA256: this.signedHash, S3ComputedContentSHA256: hash },
        },
      );
    }
    for (const name of this.declared) this.check(name, digests.get(name));
  }

  /** The first byte is taken from the request only when somebody reads: what is refused unread costs nothing. */
  override _read(): void {
    const { request } = this;
    if (this.started) {
      request.resume();
      return;
    }
    this.started = true;
    goOn(request, this.response);
    request.once("error", (error) => this.destroy(error));
    request.once("close", () => {
      if (!request.complete)
        this.destroy(new ServiceError("IncompleteBody", "The client went away before its body was whole."));
    });
    // Neither a pipe nor a Transform: of a large body, those take more time than everything else that is done with it here.
    request.once("end", this.onEnd);
    request.on("data", this.onData);
  }

  /** What is left of the request stays unread. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { request } = this;
    request.off("data", this.onData);
    request.off("end", this.onEnd);
    if (this.started && !request.readableEnded) request.pause();
    done(error);
  }

  private readonly onData = (chunk: Buffer): void => {
    try {
      if (this.decoder === undefined) this.pass(chunk);
      else this.decoder.write(chunk, (data) => this.pass(data));
    } catch (error) {
      this.destroy(error as Error);
    }
  };

  private readonly onEnd = (): void => {
    try {
      this.decoder?.end();
      if (this.expectedSize !== undefined && this.expectedSize !== this.size) {
        throw new ServiceError(
          "IncompleteBody",
          "You did not provide the number of bytes specified by the Content-Length HTTP header",
        );
      }
      this.push(null);
    } catch (error) {
      this.destroy(error as Error);
    }
  };

  private pass(data: Buffer): void {
    this.size += data.length;
    if (!this.push(data)) this.request.pause();
  }

  private check(name: DigestName, computed: Uint8Array | undefined): void {
    const header = name === "md5" ? "content-md5" : `x-amz-checksum-${name}`;
    const given = this.headers[header] ?? this.decoder?.trailers.get(header);
    if (given === undefined)
      throw new ServiceError(
        "MalformedTrailerError",
        `The request promised the trailer ${header} and did not send it.`,
      );
    const bytes = Buffer.from(String(given), "base64");
    if (bytes.length !== computed?.length) {
      if (name === "md5") throw new ServiceError("InvalidDigest", "The Content-MD5 you specified was invalid.");
      throw new ServiceError("InvalidRequest", `Value for ${header} header is invalid.`);
    }
    if (bytes.equals(computed)) return;
    const what = name === "md5" ? "Content-MD5" : name.toUpperCase();
    throw new ServiceError("BadDigest", `The ${what} you specified did not match the calculated checksum.`);
  }
}

/** Checksums that headers give, or promise in the trailer; one at most. */
function declaredChecksums(headers: IncomingHttpHeaders): ChecksumName[] {
  const found: ChecksumName[] = CHECKSUMS.filter((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  for (const trailer of String(headers["x-amz-trailer"] ?? "").split(",")) {
    const name = trailer.trim().toLowerCase().replace("x-amz-checksum-", "");
    if (isChecksum(name)) found.push(name);
    else if (name !== "") {
      throw new ServiceError(
        "InvalidRequest",
        `The value specified in the x-amz-trailer header is not supported: ${trailer.trim()}`,
      );
    }
  }
  if (found.length > 1) {
    throw new ServiceError(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  return found;
}
