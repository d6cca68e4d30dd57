// What CloudFormation keeps: stacks, their resources and events, change sets, exports, and the operation that is under way.
import type { StackStatus } from "@aws-sdk/client-cloudformation";
import type { Lake } from "../../lake.ts";
import type { Key, Store, Writer } from "../../state/store.ts";
import type { Policy } from "./template/template.ts";

/** What a deployment aims at: all that a template is evaluated with. */
export interface StackVersion {
  readonly template: string;
  /** Parameters' values as text. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

export interface OutputRecord {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackRecord {
  readonly stackId: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  readonly description?: string;
  /** Times in ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  /** The version that stands, or that is being made. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that are never shown. */
  readonly hidden: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly outputs: readonly OutputRecord[];
  /** Names of exports that it uses. */
  readonly imports: readonly string[];
  readonly disableRollback: boolean;
  readonly terminationProtection: boolean;
  readonly timeoutMinutes?: number;
  readonly changeSetId?: string;
}

export type ResourceStatus =
  | "CREATE_IN_PROGRESS"
  | "CREATE_COMPLETE"
  | "CREATE_FAILED"
  | "UPDATE_IN_PROGRESS"
  | "UPDATE_COMPLETE"
  | "UPDATE_FAILED"
  | "DELETE_IN_PROGRESS"
  | "DELETE_COMPLETE"
  | "DELETE_FAILED"
  | "DELETE_SKIPPED";

/** How a resource was before the update that is under way. */
export interface ResourceBefore {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy?: Policy;
}

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly at: number;
  readonly recorded: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Logical ids that had to exist before it, and so go after it. */
  readonly dependsOn: readonly string[];
  readonly deletionPolicy?: Policy;
  readonly metadata?: unknown;
  /** Drawn once, so that generated names stay the same. */
  readonly nonce: string;
  /** The stack operation that touched it last. */
  readonly operation: string;
  /** The operation made it, so undoing the operation deletes it. */
  readonly made?: boolean;
  /** Names that `create` was given, while it runs: what may exist of it if the lake dies. */
  readonly names?: readonly string[];
  readonly before?: ResourceBefore;
}

export interface EventRecord {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly at: number;
  readonly properties?: string;
  readonly token?: string;
}

/** A create, update or delete that is under way. Its phase is the stack's status. */
export interface OperationRecord {
  readonly id: string;
  readonly stackId: string;
  readonly kind: "create" | "update" | "delete";
  /** Undefined for delete. */
  readonly target?: StackVersion;
  /** For update: what to go back to. */
  readonly before?: StackVersion;
  /** What a failed create or update leads to. */
  readonly onFailure: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  /** Delete: logical ids that are let go of. */
  readonly retain: readonly string[];
  readonly token?: string;
  /** ms since the epoch. */
  readonly deadline?: number;
}

export interface ChangeSetRecord {
  readonly changeSetId: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: "CREATE" | "UPDATE";
  readonly status: "CREATE_COMPLETE" | "FAILED" | "DELETE_FAILED";
  readonly statusReason?: string;
  readonly executionStatus:
    | "AVAILABLE"
    | "UNAVAILABLE"
    | "EXECUTE_IN_PROGRESS"
    | "EXECUTE_COMPLETE"
    | "EXECUTE_FAILED"
    | "OBSOLETE";
  readonly description?: string;
  readonly createdAt: number;
  readonly version: StackVersion;
  readonly hidden: readonly string[];
  readonly changes: readonly unknown[];
  readonly onStackFailure?: OperationRecord["onFailure"];
  readonly token?: string;
}

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

  /** Rises with time and never repeats, so that events keep their order within a millisecond and over a restart. */
  private numbered(event: Omit<EventRecord, "at">): [string, EventRecord] {
    const at = this.lake.clock.now();
    this.lastEvent = Math.max(this.lastEvent + 1, at * 1000);
    return [String(this.lastEvent).padStart(17, "0"), { ...event, at }];
  }
}

export interface ExportRecord {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
}

/** Puts and deletes of one transaction. */
export class StackWriter {
  constructor(
    private readonly writer: Writer,
    private readonly numbered: (event: Omit<EventRecord, "at">) => [string, EventRecord],
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

  event(stackId: string, event: Omit<EventRecord, "at">): void {
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

  export(record: ExportRecord): void {
    this.writer.put(key("export", record.name), record);
  }

  removeExport(name: string): void {
    this.writer.delete(key("export", name));
  }
}
