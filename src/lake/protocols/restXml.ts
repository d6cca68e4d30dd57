// REST-XML (S3): method, path, query and headers carry members; bodies are XML or streams. Bindings come from the SDK's schemas.
import { XmlCodec } from "@aws-sdk/core/protocols";
import { FromStringShapeDeserializer, ToStringShapeSerializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable, Writable } from "node:stream";
import { ServiceError } from "../fault.ts";
import { escapeXml } from "./xml.ts";
import { type OperationShape, requiredCount } from "./schema.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const settings = {
  timestampFormat: { useTrait: true, default: 5 as const },
  httpBindings: true,
  xmlNamespace: NAMESPACE,
  serviceNamespace: "com.amazonaws.s3",
};
const fromText = new FromStringShapeDeserializer(settings);
const codec = new XmlCodec(settings);

/** A path-style address: /bucket/key. Both are decoded; `key` may hold slashes. */
export interface Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

interface Route {
  readonly shape: OperationShape;
  readonly method: string;
  readonly level: "service" | "bucket" | "key";
  /** Literal query pairs of the path, e.g. list-type=2, versions. */
  readonly literals: readonly (readonly [string, string])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

const routes = new WeakMap<Map<string, OperationShape>, Route[]>();

/** The operation that a request addresses: of all that fit, the one that asks for most. */
export function routeRest(
  shapes: Map<string, OperationShape>,
  method: string,
  address: Address,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): OperationShape | undefined {
  const level = address.bucket === undefined ? "service" : address.key === undefined ? "bucket" : "key";
  let best: Route | undefined;
  let most = -1;
  for (const route of routeTable(shapes)) {
    if (route.method !== method || route.level !== level) continue;
    const fits =
      route.literals.every(([name, value]) => query.has(name) && (value === "" || query.get(name) === value)) &&
      route.requiredQuery.every((name) => query.has(name)) &&
      route.requiredHeaders.every((name) => headers[name] !== undefined);
    const weight = 2 * route.literals.length + route.requiredQuery.length + route.requiredHeaders.length;
    if (fits && weight > most) {
      best = route;
      most = weight;
    }
  }
  return best?.shape;
}

function routeTable(shapes: Map<string, OperationShape>): Route[] {
  let table = routes.get(shapes);
  if (table === undefined) {
    table = [...shapes.values()].flatMap((shape) => (shape.http === undefined ? [] : [routeOf(shape, shape.http)]));
    routes.set(shapes, table);
  }
  return table;
}

function routeOf(shape: OperationShape, [method, path]: readonly [string, string, number]): Route {
  const [pattern = "/", literal = ""] = path.split("?");
  const members = shape.input.isStructSchema() ? [...shape.input.structIterator()] : [];
  const required = members.slice(0, requiredCount(shape.input)).map(([, member]) => member.getMergedTraits());
  return {
    shape,
    method,
    level: pattern.includes("{Key+}") ? "key" : members.some(([name]) => name === "Bucket") ? "bucket" : "service",
    literals: literal
      .split("&")
      .filter((pair) => pair !== "" && !pair.startsWith("x-id="))
      .map((pair) => {
        const [name = "", value = ""] = pair.split("=");
        return [name, value] as const;
      }),
    requiredQuery: required.flatMap((traits) => traits.httpQuery ?? []),
    requiredHeaders: required.flatMap((traits) => traits.httpHeader?.toLowerCase() ?? []),
  };
}

export interface RestRequest {
  readonly address: Address;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Collects the body where it is a document. */
  readonly collect: () => Promise<Uint8Array>;
}

export async function decodeRest(shape: OperationShape, request: RestRequest): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  if (!shape.input.isStructSchema()) return input;
  for (const [name, member] of shape.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) {
      input[name] = name === "Bucket" ? request.address.bucket : request.address.key;
    } else if (traits.httpQuery) {
      const values = request.query.getAll(traits.httpQuery);
      if (values.length > 0) input[name] = member.isListSchema() ? values : readText(member, values[0] ?? "");
    } else if (traits.httpHeader) {
      const value = request.headers[traits.httpHeader.toLowerCase()];
      if (value !== undefined) input[name] = readText(member, Array.isArray(value) ? value.join(",") : value);
    } else if (typeof traits.httpPrefixHeaders === "string") {
      const prefix = traits.httpPrefixHeaders.toLowerCase();
      input[name] = Object.fromEntries(
        Object.entries(request.headers)
          .filter(([header]) => header.startsWith(prefix))
          .map(([header, value]) => [header.slice(prefix.length), String(value)]),
      );
    } else if (traits.httpPayload) {
      if (member.isStructSchema()) {
        const body = await request.collect();
        if (body.byteLength > 0) input[name] = readXml(member, body);
      } else input[name] = member.isStreaming() ? request.body : Buffer.from(await request.collect()).toString("utf8");
    }
  }
  return input;
}

function readText(member: NormalizedSchema, text: string): unknown {
  try {
    return fromText.read(member, text) as unknown;
  } catch (error) {
    throw new ServiceError("InvalidArgument", `The value of ${member.getMemberName()} is malformed.`, { cause: error });
  }
}

function readXml(member: NormalizedSchema, body: Uint8Array): unknown {
  const text = Buffer.from(body).toString("utf8");
  const root = /^\s*(?:<\?[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?([\w.-]+)[\s/>]/s.exec(text)?.[1];
  // Document types could only bring entities; S3's own documents have none.
  if (root !== (member.getMergedTraits().xmlName ?? member.getName()) || text.includes("<!DOCTYPE"))
    throw malformedXml();
  try {
    return codec.createDeserializer().read(member, text) as unknown;
  } catch (error) {
    throw malformedXml(error);
  }
}

function malformedXml(cause?: unknown): ServiceError {
  return new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    { cause },
  );
}

export interface RestResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | Readable | SentBody | undefined;
}

/** A body that knows a quicker way into a socket than a pipe. Writes all, ends the target, rejects where that closes before. */
export interface SentBody {
  sendTo(target: Writable): Promise<void>;
}

export function encodeRest(shape: OperationShape, output: Readonly<Record<string, unknown>>): RestResponse {
  const headers: Record<string, string> = {};
  let status = shape.http?.[2] ?? 200;
  let body: RestResponse["body"];
  let inBody = false;
  if (shape.output.isStructSchema()) {
    for (const [name, member] of shape.output.structIterator()) {
      const value = output[name];
      const traits = member.getMergedTraits();
      const bound = traits.httpHeader ?? traits.httpPrefixHeaders ?? traits.httpPayload ?? traits.httpResponseCode;
      if (bound === undefined) inBody = true;
      if (value === undefined || value === null) continue;
      if (traits.httpHeader) headers[traits.httpHeader] = writeText(member, value);
      else if (typeof traits.httpPrefixHeaders === "string") {
        for (const [key, text] of Object.entries(value as Record<string, string>))
          headers[traits.httpPrefixHeaders + key] = text;
      } else if (traits.httpResponseCode) status = Number(value);
      else if (traits.httpPayload) {
        if (member.isStructSchema()) {
          body = writeXml(member, value);
          headers["Content-Type"] = "application/xml";
        } else body = value as RestResponse["body"];
      }
    }
    if (inBody) {
      body = writeXml(shape.output, output);
      headers["Content-Type"] = "application/xml";
    }
  }
  // No schema says so: a stretch of an object is "206 Partial Content".
  if (headers["Content-Range"] !== undefined) status = 206;
  return { status, headers, body };
}

function writeText(member: NormalizedSchema, value: unknown): string {
  const serializer = new ToStringShapeSerializer({ ...settings, timestampFormat: { useTrait: true, default: 6 } });
  serializer.write(member, value);
  // Headers are bytes: what Latin-1 does not have goes out as UTF-8, as it came in.
  const text = String(serializer.flush());
  return Array.from(text).every((character) => character <= "\u00ff") ? text : Buffer.from(text).toString("latin1");
}

function writeXml(schema: NormalizedSchema, value: unknown): string {
  const serializer = codec.createSerializer();
  serializer.write(schema, value);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${String(serializer.flush())}`;
}

export function encodeRestError(error: ServiceError, resource: string, requestId: string): string {
  const members = Object.entries(error.members).map(
    ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
    `${members.join("")}<Resource>${escapeXml(resource)}</Resource><RequestId>${requestId}</RequestId></Error>`
  );
}
