// One request on its way through the lake: what each handler of the request path has found out so far.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { Principal } from "./call.ts";
import { ServiceError } from "./fault.ts";
import type { Access, Service } from "./lake.ts";
import type { OperationShape } from "./protocols/schema.ts";
import type { SignedParts } from "./sigv4.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly started: number;
  readonly url: URL;
  /** Path as sent, undecoded. */
  readonly rawPath: string;
  /** The signature and the key that checks it, for chunk signatures. */
  signed?: SignedParts;
  secret?: string;
  principal?: Principal;
  /** The body, where the protocol reads it whole. */
  body?: Buffer;
  service?: Service;
  shape?: OperationShape;
  /** What the request is about, for the log: a bucket and key, a name. */
  resource?: string;
  /** The rights that it needs, where a role asks. */
  accesses?: readonly Access[];
  error?: ServiceError;
}

/** A whole body may hold this many bytes; S3 streams its own. */
export const LARGEST_BODY = 16 * 1024 * 1024;

export async function readBody(request: Readable, limit = LARGEST_BODY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit)
      throw new ServiceError("RequestEntityTooLarge", `The request is larger than ${limit} bytes.`, { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Tells a client that waits with its body that it is wanted. */
export function goOn(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}
