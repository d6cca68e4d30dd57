// An HTTP server on loopback that serves real bytes, and breaks off where a test wants it to.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StandIn {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** "GET /path" or "GET /path bytes=5-", in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface Served {
  body: Buffer;
  type?: string;
  /** The connection is destroyed after so many bytes of each answer, as many times as there are entries. */
  cuts?: number[];
  /** The answer stops after so many bytes and the connection stays. */
  stallAt?: number | undefined;
  /** False: answers whole where a range is asked for. */
  ranges?: boolean;
  status?: number;
}

/** Serves `files` by path; what it lacks is 404. */
export async function standIn(files: Readonly<Record<string, Served>>): Promise<StandIn> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    const path = decodeURIComponent(request.url ?? "");
    requests.push(`${request.method} ${path}${range === undefined ? "" : ` ${range}`}`);
    const served = files[path];
    if (served === undefined) response.writeHead(404).end("not here");
    else answer(served, range, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(served: Served, range: string | undefined, response: ServerResponse): void {
  const { body, cuts = [], ranges = true } = served;
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0) : 0;
  if (from >= body.length && from > 0) {
    response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
    return;
  }
  const part = body.subarray(from);
  response.writeHead(from > 0 ? 206 : (served.status ?? 200), {
    "content-length": part.length,
    "content-type": served.type ?? "application/octet-stream",
    etag: `"${body.length}"`,
    ...(ranges ? { "accept-ranges": "bytes" } : {}),
    ...(from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
  });
  const cut = cuts.shift();
  if (served.stallAt !== undefined) response.write(part.subarray(0, served.stallAt));
  else if (cut === undefined) response.end(part);
  else response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
}

/** An address on loopback where nothing listens. */
export async function closedAddress(): Promise<string> {
  const server = await standIn({});
  await server.close();
  return server.url;
}
