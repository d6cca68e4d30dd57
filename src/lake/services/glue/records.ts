// Glue's records in the lake's store, with the SDK's Dates and bytes kept whole.
import type { Lake } from "../../lake.ts";
import type { Key, Writer } from "../../state/store.ts";
import { pack, unpack } from "./packing.ts";

export class Records {
  constructor(readonly lake: Lake) {}

  get<T>(key: Key): T | undefined {
    const record = this.lake.store.get<unknown>(key);
    return record === undefined ? undefined : (unpack(record) as T);
  }

  async all<T>(prefix: Key): Promise<T[]> {
    return (await this.lake.store.all<unknown>(prefix)).map((record) => unpack(record) as T);
  }

  /** One batch; resolved once it is on disk. */
  async write(fill: (writer: Writer) => void): Promise<void> {
    await this.lake.store.write((writer) =>
      fill({ put: (key, value) => writer.put(key, pack(value)), delete: (key) => writer.delete(key) }),
    );
  }

  /** All keys below `prefix`, to be deleted with what they belong to. */
  async keysBelow(prefix: Key): Promise<Key[]> {
    const keys: Key[] = [];
    for await (const [key] of this.lake.store.entries(prefix)) keys.push(key);
    return keys;
  }

  /** Runs `action` alone among those of the same name within Glue. */
  alone<T>(name: string, action: () => Promise<T>): Promise<T> {
    return this.lake.store.lock(`glue/${name}`, action);
  }

  now(): Date {
    return new Date(this.lake.clock.now());
  }
}
