// The lake's side of its hashing thread (hashing/worker.ts).
import { Worker } from "node:worker_threads";
import type { DigestName, Digests } from "./checksums.ts";
import type { HashAnswer, HashRequest } from "./messages.ts";

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

interface HashedObject {
  readonly updates: Waiter<void>[];
  digest?: Waiter<Digests>;
}

export class HashThread {
  private readonly worker: Worker;
  private readonly objects = new Map<number, HashedObject>();
  private nextId = 1;
  private failure: Error | undefined;

  /** `idle`: the last object is done. `ended`: it is of no use any more. */
  constructor(private readonly events: { readonly idle: () => void; readonly ended: () => void }) {
    this.worker = startWorker();
    this.worker.unref();
    this.worker.on("message", (answer: HashAnswer) => this.receive(answer));
    this.worker.once("error", (error) => this.fail(error));
    this.worker.once("exit", () => this.fail(new Error("The hashing thread ended.")));
  }

  get isIdle(): boolean {
    return this.objects.size === 0;
  }

  open(names: readonly DigestName[]): number {
    const id = this.nextId;
    this.nextId += 1;
    this.objects.set(id, { updates: [] });
    this.worker.postMessage({ kind: "open", id, names } satisfies HashRequest);
    return id;
  }

  update(id: number, slab: Uint8Array, length: number): Promise<void> {
    return this.ask(
      id,
      { kind: "update", id, slab: slab.buffer as SharedArrayBuffer, length },
      (object, waiter: Waiter<void>) => object.updates.push(waiter),
    );
  }

  digest(id: number): Promise<Digests> {
    return this.ask(id, { kind: "digest", id }, (object, waiter: Waiter<Digests>) => {
      object.digest = waiter;
    });
  }

  abandon(id: number): void {
    const object = this.objects.get(id);
    if (object === undefined) return;
    this.worker.postMessage({ kind: "abandon", id } satisfies HashRequest);
    rejectAll(object, new Error("The object was given up."));
    this.close(id);
  }

  terminate(): void {
    void this.worker.terminate();
  }

  private ask<T>(
    id: number,
    request: HashRequest,
    wait: (object: HashedObject, waiter: Waiter<T>) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const object = this.objects.get(id);
      if (object === undefined) {
        reject(this.failure ?? new Error("The object was given up."));
        return;
      }
      wait(object, { resolve, reject });
      this.worker.postMessage(request);
    });
  }

  private receive(answer: HashAnswer): void {
    const object = this.objects.get(answer.id);
    if (answer.kind === "updated") object?.updates.shift()?.resolve();
    else {
      object?.digest?.resolve(answer.digests);
      this.close(answer.id);
    }
  }

  private close(id: number): void {
    this.objects.delete(id);
    if (this.isIdle) this.events.idle();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.events.ended();
    for (const object of this.objects.values()) rejectAll(object, error);
    this.objects.clear();
  }
}

/** Built, the thread is dist/hashing.js. Run from its sources it must load tsx by itself: threads do not inherit the loader. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./hashing.js", import.meta.url));
  const [loader, file] = [import.meta.resolve("tsx/esm/api"), new URL("./worker.ts", import.meta.url).href].map((url) =>
    JSON.stringify(url),
  );
  return new Worker(`import(${loader}).then(({ register }) => { register(); return import(${file}); });`, {
    eval: true,
  });
}

function rejectAll({ updates, digest }: HashedObject, error: Error): void {
  for (const { reject } of updates) reject(error);
  digest?.reject(error);
}
