// The Range header as S3 takes it: one range of bytes, from the start, from an offset, or from the end.
import { ServiceError } from "../../fault.ts";
import type { ByteRange } from "./files.ts";

/**
 * The bytes that `header` asks for of an object of `size` bytes; undefined where the whole is meant:
 * a header that is no byte range, or several ranges, is not heeded (RFC 9110, and S3 does the same).
 * Throws InvalidRange (416) where none of the bytes are there.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/.exec(header ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const count = Math.min(Number(last), size);
    if (count === 0) throw invalidRange(header ?? "", size);
    return { start: size - count, end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Number(last);
  if (last !== "" && end < start) return undefined;
  if (start >= size) throw invalidRange(header ?? "", size);
  return { start, end: Math.min(end, size - 1) };
}

function invalidRange(header: string, size: number): ServiceError {
  return new ServiceError("InvalidRange", "The requested range is not satisfiable", {
    status: 416,
    members: { RangeRequested: header, ActualObjectSize: size },
  });
}
