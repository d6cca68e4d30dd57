// What has happened to the instances, and why, as DescribeEvents tells it for 14 days; every event goes to the lake's log too.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
import type { Lake } from "../../lake.ts";

export type Category = "availability" | "configuration change" | "creation" | "deletion" | "failure" | "recovery";

export interface Event {
  readonly instance: string;
  readonly at: number;
  readonly category: Category;
  readonly message: string;
}

const KEPT = 14 * 86_400_000;

export class Events {
  private sequence = 0;

  constructor(private readonly lake: Lake) {}

  async add(instance: string, category: Category, message: string): Promise<void> {
    const event: Event = { instance, at: this.lake.clock.now(), category, message };
    this.lake.log("database", { instance, category, message });
    this.sequence++;
    const key = [
      "rds",
      "event",
      String(event.at).padStart(15, "0"),
      `${process.pid}.${String(this.sequence).padStart(9, "0")}`,
    ];
    await this.lake.store.write((writer) => writer.put(key, event));
  }

  /** Oldest first. */
  async all(): Promise<Event[]> {
    const since = this.lake.clock.now() - KEPT;
    return (await this.lake.store.all<Event>(["rds", "event"])).filter((event) => event.at >= since);
  }

  async prune(): Promise<void> {
    const since = String(this.lake.clock.now() - KEPT).padStart(15, "0");
    const old: (readonly string[])[] = [];
    for await (const [key] of this.lake.store.entries(["rds", "event"])) if ((key[2] ?? "") < since) old.push(key);
    await this.lake.store.write((writer) => {
      for (const key of old) writer.delete(key);
    });
  }
}
