// What the lake and its hashing thread say to each other; bytes stay where they are, in shared memory.
import type { DigestName } from "./checksums.ts";

export type HashRequest =
  | { readonly kind: "open"; readonly id: number; readonly names: readonly DigestName[] }
  | { readonly kind: "update"; readonly id: number; readonly slab: SharedArrayBuffer; readonly length: number }
  | { readonly kind: "digest"; readonly id: number }
  | { readonly kind: "abandon"; readonly id: number };

/** One answer to each `update`, in order, and one to `digest`. */
export type HashAnswer =
  | { readonly kind: "updated"; readonly id: number }
  | { readonly kind: "digest"; readonly id: number; readonly digests: ReadonlyMap<DigestName, Uint8Array> };
