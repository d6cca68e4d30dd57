// Tags of workgroups. https://docs.aws.amazon.com/athena/latest/APIReference/API_TagResource.html
import type { Tag } from "@aws-sdk/client-athena";
import type { Lake } from "../../lake.ts";
import { invalidRequest } from "./faults.ts";
import { keys } from "./store.ts";

const MOST = 50;

export class Tags {
  constructor(private readonly lake: Lake) {}

  of(arn: string): Tag[] {
    const own = this.lake.store.get<Record<string, string>>(keys.tags(arn)) ?? {};
    return Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
  }

  async put(arn: string, tags: readonly Tag[]): Promise<void> {
    if (tags.length === 0) return;
    const own = { ...this.lake.store.get<Record<string, string>>(keys.tags(arn)) };
    for (const { Key, Value } of tags) {
      if (Key === undefined || Key === "" || Key.length > 128 || (Value ?? "").length > 256) {
        throw invalidRequest("A tag has a key of 1 to 128 and a value of at most 256 characters.");
      }
      own[Key] = Value ?? "";
    }
    if (Object.keys(own).length > MOST) throw invalidRequest(`A resource has at most ${MOST} tags.`);
    await this.lake.store.write((writer) => writer.put(keys.tags(arn), own));
  }

  async remove(arn: string, names: readonly string[]): Promise<void> {
    const own = { ...this.lake.store.get<Record<string, string>>(keys.tags(arn)) };
    for (const name of names) delete own[name];
    await this.lake.store.write((writer) => writer.put(keys.tags(arn), own));
  }

  async forget(arn: string): Promise<void> {
    await this.lake.store.write((writer) => writer.delete(keys.tags(arn)));
  }
}
