// What is under way, on disk: one append-only file an operation, leased by one process at a time, so that a closed window loses nothing.
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isLocked, type Lock, tryLock } from "./lock.ts";

/** JSON values by name. */
export type JournalData = Readonly<Record<string, unknown>>;

export interface JournalEntry {
  /** Which flow: "deploy", "runJob" ... Who takes an entry up again is chosen by it. */
  readonly kind: string;
  /** As a person names it: "Deploy stack boathouse". */
  readonly title: string;
  /** Whose it is: an entry is taken up by a window of the same workspace. */
  readonly workspace: string;
  /** What it takes to go on: client token, ids, connection. */
  readonly data: JournalData;
}

export class Journal {
  /** @param folder made with the first entry. */
  constructor(private readonly folder: string) {}

  /** Writes an entry down, synced, and holds its lease. Call it before the first request goes out. */
  begin(entry: JournalEntry): Operation {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const id = randomUUID();
    const lock = tryLock(this.lockFile(id));
    if (lock === undefined) throw new Error(`The lock of the new entry ${id} is taken.`);
    const file = this.file(id);
    append(file, { ...entry, at: new Date().toISOString() });
    return new Operation(id, file, { ...entry, at: new Date() }, lock);
  }

  /** Ids of entries that have not ended; who holds them is not looked at. Reads one folder. */
  open(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => name.slice(0, -".jsonl".length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  /** Whether an entry of `workspace` is open and nobody who lives holds it: what `take` would be given. Only reads. */
  isLeft(id: string, workspace: string): boolean {
    return !isLocked(this.lockFile(id)) && read(this.file(id))?.workspace === workspace;
  }

  /** Takes the lease of an entry of `workspace` whose process is gone. Undefined where it has ended, is held, or is another workspace's. */
  take(id: string, workspace: string): Operation | undefined {
    const file = this.file(id);
    if (read(file)?.workspace !== workspace) return undefined;
    const lock = tryLock(this.lockFile(id));
    if (lock === undefined) return undefined;
    // Read again under the lease: its holder may have ended it meanwhile.
    const entry = read(file);
    if (entry !== undefined) return new Operation(id, file, entry, lock);
    lock.release();
    return undefined;
  }

  private file(id: string): string {
    return join(this.folder, `${id}.jsonl`);
  }

  private lockFile(id: string): string {
    return join(this.folder, `${id}.lock`);
  }
}

/** An entry whose lease this process holds. */
export class Operation {
  readonly kind: string;
  readonly title: string;
  readonly at: Date;
  private data_: JournalData;

  constructor(
    readonly id: string,
    private readonly file: string,
    entry: JournalEntry & { readonly at: Date },
    private readonly lock: Lock,
  ) {
    this.kind = entry.kind;
    this.title = entry.title;
    this.at = entry.at;
    this.data_ = entry.data;
  }

  get data(): JournalData {
    return this.data_;
  }

  /** Adds to what it takes to go on (an execution id, a run id), synced. */
  note(data: JournalData): void {
    this.data_ = { ...this.data_, ...data };
    append(this.file, { data });
  }

  /** It has ended and the person knows: nothing is to be taken up. */
  end(): void {
    rmSync(this.file, { force: true });
    this.lock.release();
  }

  /** Gives the lease back; the entry stays open for another process. */
  release(): void {
    this.lock.release();
  }
}

function append(file: string, line: object): void {
  const handle = openSync(file, "a", 0o600);
  try {
    writeSync(handle, `${JSON.stringify(line)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The entry with all that was noted; a line that a killed process left half written is passed over. Undefined where there is none. */
function read(file: string): (JournalEntry & { readonly at: Date }) | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const lines = text.split("\n").flatMap((line) => parsed(line));
  const [first] = lines;
  if (typeof first?.["kind"] !== "string") return undefined;
  const data = Object.assign({}, ...lines.map((line) => line["data"])) as JournalData;
  return {
    kind: first["kind"],
    title: String(first["title"]),
    workspace: String(first["workspace"]),
    at: new Date(String(first["at"])),
    data,
  };
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}
