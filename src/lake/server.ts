// The lake's request path, one ordered list: guard, private routes, authenticate, route, run and encode; then log.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../base/errors.ts";
import type { Operation, OperationContext, ServiceId } from "./call.ts";
import type { Exchange } from "./exchange.ts";
import { goOn, readBody } from "./exchange.ts";
import { notImplemented, ServiceError } from "./fault.ts";
import { refuseUnknown } from "./fields.ts";
import type { Identities } from "./identity.ts";
import type { Log, PrivateRoute, Service } from "./lake.ts";
import { decodeJson, encodeJson, encodeJsonError, jsonOperation } from "./protocols/json.ts";
import { decodeQuery, encodeQuery, encodeQueryError } from "./protocols/query.ts";
import { type Address, decodeRest, encodeRest, encodeRestError, routeRest } from "./protocols/restXml.ts";
import { operationShapes } from "./protocols/schema.ts";
import { payloadStream } from "./payload.ts";
import { presignedPartsV2, verifyPresignedV2 } from "./sigv2.ts";
import { sha256, signedParts, verifySignature } from "./sigv4.ts";

export interface ServerParts {
  readonly identities: Identities;
  readonly services: ReadonlyMap<string, Service>;
  readonly routes: ReadonlyMap<string, PrivateRoute>;
  readonly log: Log;
}

export interface ListeningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A handler either answers (true) or leaves the exchange to the next one. */
type Handler = (exchange: Exchange) => Promise<boolean>;

export async function listen(parts: ServerParts, port: number): Promise<ListeningServer> {
  const handlers: Handler[] = [guard, privateRoutes(parts), authenticate(parts), route(parts), run];
  const accept = (request: IncomingMessage, response: ServerResponse) => {
    const target = request.url ?? "/";
    const exchange: Exchange = {
      request,
      response,
      requestId: randomUUID(),
      started: performance.now(),
      url: new URL(target.startsWith("/") ? `http://lake${target}` : "http://lake/"),
      rawPath: target.split("?")[0] ?? "/",
    };
    void handle(exchange, handlers, parts.log);
  };
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, noDelay: true }, accept);
  // A client that waits with its body ("Expect: 100-continue") is told to go on by whoever first reads it, or refused before.
  server.on("checkContinue", accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function handle(exchange: Exchange, handlers: readonly Handler[], log: Log): Promise<void> {
  exchange.response.setHeader("x-amzn-requestid", exchange.requestId);
  try {
    for (const handler of handlers) if (await handler(exchange)) break;
  } catch (error) {
    exchange.error =
      error instanceof ServiceError
        ? error
        : new ServiceError("InternalFailure", messageOf(error), { status: 500, cause: error });
    answerError(exchange, exchange.error);
  }
  if (exchange.service !== undefined || exchange.error !== undefined) logExchange(exchange, log);
}

function logExchange(exchange: Exchange, log: Log): void {
  const failed = exchange.error;
  log("request", {
    id: exchange.requestId,
    principal: exchange.principal?.arn,
    action: exchange.shape === undefined ? undefined : `${exchange.service?.id ?? ""}:${exchange.shape.name}`,
    resource: exchange.resource,
    ...(exchange.accesses === undefined ? {} : { accesses: exchange.accesses }),
    status: exchange.response.statusCode,
    ms: Math.round(performance.now() - exchange.started),
    ...(failed === undefined ? {} : { error: failed.code, message: failed.message }),
    ...(failed?.status === 500 && failed.cause instanceof Error ? { stack: failed.cause.stack } : {}),
  });
}

/** Only loopback's own names as Host, and nothing from a web page: a site must not reach the lake by DNS rebinding. */
const guard: Handler = async ({ request }) => {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (host !== "127.0.0.1" && host !== "localhost") {
    throw new ServiceError("AccessDenied", `The lake does not answer for the host "${host}".`, { status: 403 });
  }
  if (request.headers.origin !== undefined) {
    throw new ServiceError("AccessDenied", "The lake does not answer web pages.", { status: 403 });
  }
  return false;
};

function privateRoutes({ routes }: ServerParts): Handler {
  return async ({ rawPath, request, response }) => {
    const [, mark, name = "", ...rest] = rawPath.split("/");
    if (mark !== "_lake") return false;
    const found = routes.get(name);
    if (found === undefined) throw new ServiceError("NotFound", `The lake has no route ${rawPath}.`, { status: 404 });
    goOn(request, response);
    await found(request, response, rest.join("/"));
    return true;
  };
}

function authenticate({ identities, services }: ServerParts): Handler {
  return async (exchange) => {
    const { request, url, rawPath } = exchange;
    const parts = signedParts(url, request.headers) ?? presignedPartsV2(url);
    if (parts === undefined) {
      throw new ServiceError("MissingAuthenticationToken", "The request is not signed with Signature Version 4.", {
        status: 403,
      });
    }
    const service = services.get(parts.service);
    if (service === undefined) throw notImplemented(`the service "${parts.service}"`);
    exchange.service = service;
    exchange.signed = parts;
    const found = identities.find(parts.accessKeyId);
    if (found === undefined) {
      const code = service.protocol === "rest-xml" ? "InvalidAccessKeyId" : "UnrecognizedClientException";
      throw new ServiceError(code, "The lake does not know this access key; `boathouse lake env` prints its keys.", {
        status: 403,
      });
    }
    if (found.expired) throw new ServiceError("ExpiredTokenException", "The session's time is over.", { status: 403 });
    if (found.sessionToken !== undefined && found.sessionToken !== parts.sessionToken) {
      throw new ServiceError("InvalidClientTokenId", "The session token does not belong to the access key.", {
        status: 403,
      });
    }
    if (service.protocol !== "rest-xml") {
      goOn(request, exchange.response);
      exchange.body = await readBody(request);
    }
    const method = request.method ?? "GET";
    if (parts.version === 2) verifyPresignedV2(method, url, rawPath, request.headers, parts, found.secretAccessKey);
    else
      verifySignature(method, url, rawPath, request.headers, parts, found.secretAccessKey, () =>
        sha256(exchange.body ?? ""),
      );
    if (
      exchange.body !== undefined &&
      /^[0-9a-f]{64}$/.test(parts.payload) &&
      sha256(exchange.body) !== parts.payload
    ) {
      throw new ServiceError("SignatureDoesNotMatch", "The body is not the one that was signed.", { status: 403 });
    }
    exchange.secret = found.secretAccessKey;
    exchange.principal = found.principal;
    return false;
  };
}

function route(_parts: ServerParts): Handler {
  return async (exchange) => {
    const service = exchange.service as Service;
    const shapes = operationShapes(await service.schemas());
    if (service.protocol === "rest-xml") {
      const address = addressOf(exchange.rawPath);
      exchange.resource = exchange.rawPath;
      const shape = routeRest(
        shapes,
        exchange.request.method ?? "GET",
        address,
        exchange.url.searchParams,
        exchange.request.headers,
      );
      if (shape === undefined) {
        throw new ServiceError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
          status: 405,
        });
      }
      exchange.shape = shape;
      return false;
    }
    const name =
      service.protocol === "json"
        ? jsonOperation(exchange.request.headers["x-amz-target"] as string | undefined)
        : (new URLSearchParams(String(exchange.body)).get("Action") ?? undefined);
    const shape = name === undefined ? undefined : shapes.get(name);
    if (shape === undefined)
      throw new ServiceError("InvalidAction", `${service.id} has no operation ${name ?? "(none given)"}.`);
    exchange.shape = shape;
    return false;
  };
}

function addressOf(rawPath: string): Address {
  const path = rawPath.slice(1);
  const slash = path.indexOf("/");
  const bucket = slash < 0 ? path : path.slice(0, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  try {
    return {
      bucket: bucket === "" ? undefined : decodeURIComponent(bucket),
      key: key === "" ? undefined : decodeURIComponent(key),
    };
  } catch {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

const run: Handler = async (exchange) => {
  const { service, shape, response, requestId } = exchange as Required<Exchange>;
  const operation = (service.operations as Record<string, Operation<ServiceId, never> | undefined>)[shape.name];
  if (operation === undefined) throw notImplemented(`${service.id}:${shape.name}`);
  const input = await decode(exchange as Required<Exchange>);
  if (exchange.principal?.roleArn !== undefined && service.accesses !== undefined)
    exchange.accesses = service.accesses(shape.name, input);
  refuseUnknown(`${service.id}:${shape.name}`, input, operation.fields);
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const context: OperationContext = {
    principal: exchange.principal as OperationContext["principal"],
    requestId,
    signal: gone.signal,
    headers: exchange.request.headers,
  };
  const output = (await operation.run(input as never, context)) as Record<string, unknown>;
  await answer(exchange as Required<Exchange>, output);
  return true;
};

async function decode(exchange: Required<Exchange>): Promise<object> {
  const { service, shape, body } = exchange;
  if (service.protocol === "json") {
    const input = await decodeJson(shape, body);
    exchange.resource = nameOf(input);
    return input;
  }
  if (service.protocol === "query") {
    const input = decodeQuery(shape, new URLSearchParams(String(body)));
    exchange.resource = nameOf(input);
    return input;
  }
  const stream = payloadStream(exchange);
  return decodeRest(shape, {
    address: addressOf(exchange.rawPath),
    query: exchange.url.searchParams,
    headers: exchange.request.headers,
    body: stream,
    collect: () => stream.document(),
  });
}

/** The first member that ends in Name, Id or Arn: what the request is about, for the log. */
function nameOf(input: object): string {
  const found = Object.entries(input).find(
    ([key, value]) => typeof value === "string" && /(Name|Id|Arn|Identifier)$/.test(key),
  );
  return found === undefined ? "" : String(found[1]);
}

async function answer(exchange: Required<Exchange>, output: Record<string, unknown>): Promise<void> {
  const { service, shape, response, request, requestId } = exchange;
  if (service.protocol === "json") {
    send(
      response,
      200,
      String(request.headers["content-type"] ?? "application/x-amz-json-1.1"),
      encodeJson(shape, output),
    );
  } else if (service.protocol === "query") {
    send(response, 200, "text/xml", encodeQuery(service.id, shape, output, requestId));
  } else {
    const encoded = encodeRest(shape, output);
    response.setHeader("x-amz-request-id", requestId);
    try {
      response.writeHead(encoded.status, encoded.headers);
    } catch (error) {
      // A header that can't be sent; the files behind the body must not stay open.
      if (encoded.body instanceof Readable) encoded.body.destroy();
      throw error;
    }
    if (encoded.body === undefined || request.method === "HEAD") response.end();
    else if (typeof encoded.body === "string" || encoded.body instanceof Uint8Array) response.end(encoded.body);
    else if ("sendTo" in encoded.body)
      await encoded.body.sendTo(response).catch((error: unknown) => response.destroy(error as Error));
    else await pipeline(encoded.body, response).catch((error: unknown) => response.destroy(error as Error));
  }
}

/** Bytes of a refused body that are still read. */
const DRAINED = 16 * 1024 * 1024;

function answerError(exchange: Exchange, error: ServiceError): void {
  const { response, request, requestId } = exchange;
  if (response.headersSent) {
    response.destroy(error);
    return;
  }
  // The rest of a body that nobody reads is taken in where it is short, so that a client which sends on still hears the answer;
  // a long one, or one that waits to be asked for, costs it the connection.
  const { headers } = request;
  const left =
    headers["transfer-encoding"] === undefined ? Number(headers["content-length"] ?? 0) : Number.POSITIVE_INFINITY;
  if (!request.readableEnded && left > 0) {
    if (left <= DRAINED && headers.expect === undefined) request.resume();
    else response.setHeader("connection", "close");
  }
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  const protocol = exchange.service?.protocol ?? (request.headers["x-amz-target"] === undefined ? "rest-xml" : "json");
  if (protocol === "json") {
    response.setHeader("x-amzn-errortype", error.code);
    send(response, error.status, "application/x-amz-json-1.1", encodeJsonError(error));
  } else if (protocol === "query") {
    send(response, error.status, "text/xml", encodeQueryError(exchange.service?.id ?? "", error, requestId));
  } else {
    response.setHeader("x-amz-request-id", requestId);
    const body =
      request.method === "HEAD" || error.status === 304 ? "" : encodeRestError(error, exchange.rawPath, requestId);
    send(response, error.status, "application/xml", body);
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}
