// AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, one JSON document each way.
import { JsonCodec } from "@aws-sdk/core/protocols";
import { ServiceError } from "../fault.ts";
import type { OperationShape } from "./schema.ts";

const codec = new JsonCodec({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });

/** "AWSGlue.GetTable" -> "GetTable" */
export function jsonOperation(target: string | undefined): string | undefined {
  return target?.slice(target.lastIndexOf(".") + 1);
}

export async function decodeJson(shape: OperationShape, body: Uint8Array): Promise<object> {
  if (body.byteLength === 0) return {};
  try {
    const text = Buffer.from(body).toString("utf8");
    const document: unknown = JSON.parse(text);
    if (typeof document !== "object" || document === null || Array.isArray(document)) throw new Error("not an object");
    if (shape.input.isUnitSchema()) return {};
    return (await codec.createDeserializer().read(shape.input, text)) as object;
  } catch (error) {
    throw new ServiceError("SerializationException", "The request body is not the JSON that this operation takes.", {
      cause: error,
    });
  }
}

export function encodeJson(shape: OperationShape, output: object | undefined): string {
  if (shape.output.isUnitSchema()) return "{}";
  const serializer = codec.createSerializer();
  serializer.write(shape.output, output ?? {});
  return String(serializer.flush());
}

export function encodeJsonError(error: ServiceError): string {
  return JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.members });
}
