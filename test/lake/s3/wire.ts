// Requests as bytes on the wire, for what no SDK at hand would send.
import { type IncomingHttpHeaders, request } from "node:http";

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request on a connection of its own and collects the answer. */
export function send(
  url: string,
  method: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      headers: { ...(body === undefined ? {} : { "content-length": String(body.length) }), ...headers },
      agent: false,
    });
    sent.once("error", reject);
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.end(body);
  });
}

/** "NoSuchKey" of an error document. */
export function codeOf({ body, status }: WireAnswer): string {
  return `${/<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? "none"} ${status}`;
}
