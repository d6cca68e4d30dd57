// The keys of CloudFormation's records, and every read and write of them.
import { randomUUID } from "node:crypto";
import type { Lake } from "../../lake.ts";
import type { Key, Store, Writer } from "../../state/store.ts";
import type {
  ChangeSetRecord,
  EventRecord,
  ExportRecord,
  OperationRecord,
  ResourceRecord,
  StackRecord,
} from "./records.ts";

/** An event before it has its number, time and id. */
export type NewEvent = Omit<EventRecord, "at" | "eventId">;

const key = (...parts: string[]): Key => ["cloudformation", ...parts];

export class StackStore {
  private readonly store: Store;
  private lastEvent = 0;

  constructor(private readonly lake: Lake) {
    this.store = lake.store;
  }

  write(fill: (writer: StackWriter) => void): Promise<void> {
    return this.store.write((writer) => fill(new StackWriter(writer, (event) => this.numbered(event))));
  }

  /** Alone among the operations on stacks: reads and writes of names and statuses. */
  lock<T>(action: () => Promise<T>): Promise<T> {
    return this.store.lock("cloudformation", action);
  }

  stack(stackId: string): StackRecord | undefined {
    return this.store.get(key("stack", stackId));
  }

  /** The stack of a name that is not deleted, or of an id. */
  find(nameOrId: string): StackRecord | undefined {
    if (nameOrId.startsWith("arn:")) return this.stack(nameOrId);
    const stackId = this.store.get<string>(key("name", nameOrId));
    return stackId === undefined ? undefined : this.stack(stackId);
  }

  stacks(): Promise<StackRecord[]> {
    return this.store.all(key("stack"));
  }

  template(stackId: string): string | undefined {
    return this.store.get(key("template", stackId));
  }

  resource(stackId: string, logicalId: string): ResourceRecord | undefined {
    return this.store.get(key("resource", stackId, logicalId));
  }

  resources(stackId: string): Promise<ResourceRecord[]> {
    return this.store.all(key("resource", stackId));
  }

  operation(stackId: string): OperationRecord | undefined {
    return this.store.get(key("operation", stackId));
  }

  operations(): Promise<OperationRecord[]> {
    return this.store.all(key("operation"));
  }

  /** Newest first; `before` is the number of the last event of the page before. */
  async events(stackId: string, before: string | undefined, limit: number): Promise<[number: string, EventRecord][]> {
    const found: [string, EventRecord][] = [];
    const options = {
      reverse: true,
      limit,
      ...(before === undefined ? {} : { before: key("event", stackId, before) }),
    };
    for await (const [parts, event] of this.store.entries<EventRecord>(key("event", stackId), options)) {
      found.push([parts.at(-1) as string, event]);
    }
    return found;
  }

  changeSet(changeSetId: string): ChangeSetRecord | undefined {
    return this.store.get(key("change-set", changeSetId));
  }

  changeSetNamed(stackId: string, name: string): ChangeSetRecord | undefined {
    const id = this.store.get<string>(key("change-set-name", stackId, name));
    return id === undefined ? undefined : this.changeSet(id);
  }

  async changeSets(stackId: string): Promise<ChangeSetRecord[]> {
    const ids = await this.store.all<string>(key("change-set-name", stackId));
    return ids.map((id) => this.changeSet(id)).filter((record) => record !== undefined);
  }

  exported(name: string): ExportRecord | undefined {
    return this.store.get(key("export", name));
  }

  exports(): Promise<ExportRecord[]> {
    return this.store.all(key("export"));
  }

  /** What an operation answered to a client token; undefined where the token is new. */
  answered(operation: string, subject: string, token: string | undefined): string | undefined {
    return token === undefined ? undefined : this.store.get(key("token", operation, subject, token));
  }

  /** After a restart: events go on behind the last one, though the clock may have been moved before. */
  async start(): Promise<void> {
    for (const { stackId } of await this.stacks()) {
      const [last] = await this.events(stackId, undefined, 1);
      if (last !== undefined) this.lastEvent = Math.max(this.lastEvent, Number(last[0]));
    }
  }

  /** Rises with time and never repeats, so that events keep their order within a millisecond and over a restart. */
  private numbered(event: NewEvent): [string, EventRecord] {
    const at = this.lake.clock.now();
    this.lastEvent = Math.max(this.lastEvent + 1, at * 1000);
    const micros = String(this.lastEvent % 1000).padStart(3, "0");
    const time = new Date(Math.floor(this.lastEvent / 1000)).toISOString().replace("Z", `${micros}Z`);
    // AWS names a resource's event by its id, status and time, a stack's by a random id.
    const eventId =
      event.type === "AWS::CloudFormation::Stack" ? randomUUID() : `${event.logicalId}-${event.status}-${time}`;
    return [String(this.lastEvent).padStart(17, "0"), { ...event, eventId, at }];
  }
}

/** Puts and deletes of one transaction. */
export class StackWriter {
  constructor(
    private readonly writer: Writer,
    private readonly numbered: (event: NewEvent) => [string, EventRecord],
  ) {}

  stack(record: StackRecord): void {
    this.writer.put(key("stack", record.stackId), record);
    if (record.status === "DELETE_COMPLETE") this.writer.delete(key("name", record.name));
    else this.writer.put(key("name", record.name), record.stackId);
  }

  removeStack(record: StackRecord): void {
    this.writer.delete(key("stack", record.stackId));
    this.writer.delete(key("name", record.name));
  }

  template(stackId: string, text: string): void {
    this.writer.put(key("template", stackId), text);
  }

  resource(stackId: string, record: ResourceRecord): void {
    this.writer.put(key("resource", stackId, record.logicalId), record);
  }

  removeResource(stackId: string, logicalId: string): void {
    this.writer.delete(key("resource", stackId, logicalId));
  }

  event(stackId: string, event: NewEvent): void {
    const [number, record] = this.numbered(event);
    this.writer.put(key("event", stackId, number), record);
  }

  operation(record: OperationRecord): void {
    this.writer.put(key("operation", record.stackId), record);
  }

  endOperation(stackId: string): void {
    this.writer.delete(key("operation", stackId));
  }

  changeSet(record: ChangeSetRecord): void {
    this.writer.put(key("change-set", record.changeSetId), record);
    this.writer.put(key("change-set-name", record.stackId, record.name), record.changeSetId);
  }

  removeChangeSet(record: ChangeSetRecord): void {
    this.writer.delete(key("change-set", record.changeSetId));
    this.writer.delete(key("change-set-name", record.stackId, record.name));
  }

  answer(operation: string, subject: string, token: string | undefined, result: string): void {
    if (token !== undefined) this.writer.put(key("token", operation, subject, token), result);
  }

  export(record: ExportRecord): void {
    this.writer.put(key("export", record.name), record);
  }

  removeExport(name: string): void {
    this.writer.delete(key("export", name));
  }
}
