// The body of an S3 request as a stream of its plain bytes, checked against the signed hash while it passes.
import { createHash } from "node:crypto";
import { Transform, type Readable } from "node:stream";
import type { Exchange } from "./exchange.ts";
import { notImplemented, ServiceError } from "./fault.ts";

/** Undoes what the client's x-amz-content-sha256 says was done to the body. */
export function payloadStream(exchange: Required<Exchange>): Readable {
  const { request, signed } = exchange;
  if (signed.payload.startsWith("STREAMING-")) throw notImplemented(`the payload ${signed.payload}`);
  if (!/^[0-9a-f]{64}$/.test(signed.payload)) return request;
  const hash = createHash("sha256");
  return request.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
      flush(done) {
        const whole = hash.digest("hex") === signed.payload;
        done(whole ? null : new ServiceError("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."));
      },
    }),
  );
}
