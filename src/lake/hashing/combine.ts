// The CRC of bytes joined from parts, from the parts' CRCs alone: what FULL_OBJECT checksums of multipart uploads need.
// A CRC is linear: appending zeros to a part is a matrix over GF(2), and squaring it doubles the zeros (Mark Adler's method).
import type { ChecksumName } from "./checksums.ts";

/** Reflected polynomials. */
const POLYNOMIALS: Partial<Record<ChecksumName, { readonly width: number; readonly polynomial: bigint }>> = {
  crc32: { width: 32, polynomial: 0xed_b8_83_20n },
  crc32c: { width: 32, polynomial: 0x82_f6_3b_78n },
  crc64nvme: { width: 64, polynomial: 0x9a_6c_93_29_ac_4b_c9_b5n },
};

export interface PartCrc {
  /** Base64 of the big-endian value. */
  readonly value: string;
  readonly size: number;
}

/** Whether parts of this checksum can be joined. */
export function canCombine(name: ChecksumName): boolean {
  return POLYNOMIALS[name] !== undefined;
}

/** Base64 of the CRC of all parts joined. */
export function combineCrcs(name: ChecksumName, parts: readonly PartCrc[]): string {
  const kind = POLYNOMIALS[name];
  if (kind === undefined) throw new Error(`${name} can't be combined`);
  let joined = 0n;
  for (const { value, size } of parts) joined = appendZeros(kind, joined, size) ^ readValue(value);
  return Buffer.from(joined.toString(16).padStart(kind.width / 4, "0"), "hex").toString("base64");
}

function readValue(base64: string): bigint {
  return BigInt(`0x${Buffer.from(base64, "base64").toString("hex") || "0"}`);
}

type Matrix = readonly bigint[];

function appendZeros({ width, polynomial }: { width: number; polynomial: bigint }, crc: bigint, bytes: number): bigint {
  // The matrix of one zero bit: shift, and take in the polynomial where a bit falls out.
  let matrix: Matrix = Array.from({ length: width }, (_, row) => (row === 0 ? polynomial : 1n << BigInt(row - 1)));
  for (let doubling = 0; doubling < 3; doubling += 1) matrix = square(matrix);
  let result = crc;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = times(matrix, result);
    matrix = square(matrix);
  }
  return result;
}

function times(matrix: Matrix, vector: bigint): bigint {
  let sum = 0n;
  let row = 0;
  for (let bits = vector; bits > 0n; bits >>= 1n) {
    if ((bits & 1n) === 1n) sum ^= matrix[row] ?? 0n;
    row += 1;
  }
  return sum;
}

function square(matrix: Matrix): Matrix {
  return matrix.map((row) => times(matrix, row));
}
