// Numbers that look random and are the same for the same seed.

/** Returns a generator of numbers from 0 (inclusive) to 1, by Mulberry32 over a hash of `seed`. */
export function randomOf(seed: string): () => number {
  let state = 2166136261;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 16777619) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `size` bytes that the seed alone decides. */
export function bytesOf(seed: string, size: number): Buffer {
  const next = randomOf(seed);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.floor(next() * 4294967296), at);
  for (; at < size; at++) bytes[at] = Math.floor(next() * 256);
  return bytes;
}
