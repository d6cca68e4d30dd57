// The hashing thread (dist/hashing.js): keeps the running digests of each object that is on its way in.
import { parentPort } from "node:worker_threads";
import { createDigest, type Digest, type DigestName, finishDigests } from "./checksums.ts";
import type { HashAnswer, HashRequest } from "./messages.ts";

const objects = new Map<number, ReadonlyMap<DigestName, Digest>>();
const answer = (message: HashAnswer) => parentPort?.postMessage(message);

parentPort?.on("message", (request: HashRequest) => {
  const running = objects.get(request.id);
  if (request.kind === "open")
    objects.set(request.id, new Map(request.names.map((name) => [name, createDigest(name)])));
  else if (request.kind === "abandon") objects.delete(request.id);
  else if (request.kind === "update") {
    const bytes = new Uint8Array(request.slab, 0, request.length);
    for (const digest of running?.values() ?? []) digest.update(bytes);
    answer({ kind: "updated", id: request.id });
  } else {
    objects.delete(request.id);
    void finishDigests(running ?? new Map()).then((digests) => answer({ kind: "digest", id: request.id, digests }));
  }
});
