// Records as JSON: the SDK's shapes hold Dates and bytes, which JSON has not; they are tagged on the way to the store and back.

/** A copy of `value` that survives JSON. Members that are undefined are left out. */
export function pack(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === undefined ? [] : [[name, pack(member)]])),
  );
}

/** The shape that `pack` was given. */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  const { $date: date, $bytes: bytes } = value as { $date?: unknown; $bytes?: unknown };
  if (typeof date === "number") return new Date(date);
  if (typeof bytes === "string") return new Uint8Array(Buffer.from(bytes, "base64"));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unpack(member)]));
}
