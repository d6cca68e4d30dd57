// AWS query: a form of dotted names in, XML out. The SDK has no deserializer for such requests: `decodeQuery` is ours.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
import { XmlCodec } from "@aws-sdk/core/protocols";
import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { ServiceError } from "../fault.ts";
import type { OperationShape } from "./schema.ts";
import { escapeXml, innerXml } from "./xml.ts";

const NAMESPACES: Readonly<Record<string, string>> = {
  cloudformation: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  rds: "http://rds.amazonaws.com/doc/2014-10-31/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
};

const scalars = new FromStringShapeDeserializer({
  httpBindings: false,
  timestampFormat: { useTrait: true, default: 5 },
});

/** Form fields as a tree: "A.member.1.B" = v -> { A: { member: { 1: { B: v } } } } */
interface Node {
  value?: string;
  children: Map<string, Node>;
}

export function decodeQuery(shape: OperationShape, form: URLSearchParams): object {
  const root: Node = { children: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const part of name.split(".")) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  if (shape.input.isUnitSchema()) return {};
  return readStructure(shape.input, root);
}

function readStructure(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const wire = member.getMergedTraits().xmlName ?? name;
    const child = node.children.get(wire) ?? node.children.get(name);
    if (child !== undefined) result[name] = readValue(member, child);
  }
  return result;
}

function readValue(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  try {
    return scalars.read(schema, node.value ?? "") as unknown;
  } catch (error) {
    throw new ServiceError("MalformedInput", `The value of ${schema.getMemberName()} is malformed.`, { cause: error });
  }
}

function readList(schema: NormalizedSchema, node: Node): unknown[] {
  const item = schema.getValueSchema();
  // Items stand below "member", below a name of their own, or (flattened) right here.
  const holder = node.children.get("member") ?? node.children.get(item.getMergedTraits().xmlName ?? "member") ?? node;
  return [...holder.children]
    .filter(([index]) => /^\d+$/.test(index))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => readValue(item, child));
}

function readMap(schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const holder = node.children.get("entry") ?? node;
  for (const [index, entry] of holder.children) {
    if (!/^\d+$/.test(index)) continue;
    const key = entry.children.get("key")?.value ?? "";
    const value = entry.children.get("value");
    if (value !== undefined) result[key] = readValue(schema.getValueSchema(), value);
  }
  return result;
}

export function encodeQuery(
  service: string,
  shape: OperationShape,
  output: object | undefined,
  requestId: string,
): string {
  const namespace = NAMESPACES[service] ?? "";
  const result = shape.output.isUnitSchema()
    ? ""
    : `<${shape.name}Result>${innerXml(writeXml(shape.output, output ?? {}, namespace))}</${shape.name}Result>`;
  return `<${shape.name}Response xmlns="${namespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${shape.name}Response>`;
}

export function encodeQueryError(service: string, error: ServiceError, requestId: string): string {
  const type = error.status < 500 ? "Sender" : "Receiver";
  return (
    `<ErrorResponse xmlns="${NAMESPACES[service] ?? ""}"><Error><Type>${type}</Type><Code>${escapeXml(error.code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function writeXml(schema: NormalizedSchema, value: object, namespace: string): string {
  const serializer = new XmlCodec({
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: false,
    xmlNamespace: namespace,
    serviceNamespace: namespace,
  }).createSerializer();
  serializer.write(schema, value);
  return String(serializer.flush());
}
