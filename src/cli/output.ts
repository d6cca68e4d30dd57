// What the command line prints: results on stdout (one JSON object with --json), everything else on stderr.
import { BoathouseError, type ErrorKind, isCancelled, messageOf } from "../base/errors.ts";
import type { FlowEvent } from "../flows/report.ts";
import type { EngineEvent } from "../local/engines/work.ts";
import type { LakeEvent } from "../local/start.ts";

/** Exit codes that scripts can trust; README names them. */
const EXIT: Readonly<Record<ErrorKind, number>> = {
  service: 1,
  bug: 1,
  invalid: 2,
  credentials: 3,
  denied: 3,
  notFound: 4,
  conflict: 5,
  network: 6,
  throttled: 6,
  cancelled: 130,
};

const MEGABYTE = 1_000_000;

export class Output {
  private transient = false;
  private readonly shown = new Map<string, number>();

  constructor(
    readonly json: boolean,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {}

  /** The command's result: `text` for people, `value` for --json. */
  result(value: unknown, text: string): void {
    this.clear();
    this.out.write(this.json ? `${JSON.stringify(value)}\n` : text === "" ? "" : `${text}\n`);
  }

  /** Part of a result that is printed as it comes; with --json nothing. */
  line(text: string): void {
    if (this.json) return;
    this.clear();
    this.out.write(`${text}\n`);
  }

  /** A line that stays, on stderr. */
  note(text: string): void {
    this.clear();
    this.err.write(`${text}\n`);
  }

  /** A line that the next one replaces; on a terminal only. */
  status(text: string): void {
    if (!this.err.isTTY) return;
    this.err.write(`\r\u001b[K${text.slice(0, this.err.columns - 1)}`);
    this.transient = true;
  }

  readonly flow = (event: FlowEvent): void => {
    if (event.kind === "step") this.note(`▸ ${event.name}`);
    else if (event.kind === "done") this.note(`  ${event.name}: ${event.seconds.toFixed(1)} s`);
    else this.note(`  ${event.text}`);
  };

  readonly engine = (event: EngineEvent): void => {
    switch (event.kind) {
      case "download": {
        const total = event.total === undefined ? "size unknown" : `${(event.total / MEGABYTE).toFixed(1)} MB`;
        const key = `${event.engine} ${event.name}`;
        // Said once; what follows is progress of the same line.
        if (!this.shown.has(key)) this.note(`  fetching ${key} (${total})`);
        this.shown.set(key, event.received);
        if (event.total !== undefined) this.status(`  ${key} ${Math.floor((100 * event.received) / event.total)} %`);
        break;
      }
      case "retry":
        this.note(
          `  ${event.name} broke off (${event.reason}): taken up again at ${(event.received / MEGABYTE).toFixed(1)} MB`,
        );
        break;
      case "waiting":
        this.note(`  waiting for process ${event.holder}, which fetches ${event.engine} ${event.part}`);
        break;
      case "install":
        this.note(`  installing ${event.engine}: ${event.part}`);
        break;
      case "ready":
        if (event.fetched) this.note(`  ${event.engine} ${event.version} is ready`);
        break;
      case "downloaded":
        break;
    }
  };

  readonly lake = (event: LakeEvent): void => {
    if (event.kind === "waiting") this.note(`  process ${event.holder} starts the lake: waiting for it`);
    else if (event.kind === "replacing") this.note(`  the lake of version ${event.version} ends; a newer one starts`);
    else if (event.kind === "olderAndBusy")
      this.note(`  the lake is of version ${event.version} and has work: it stays`);
    else if (event.kind === "ready" && event.started) this.note(`  the local lake runs at ${event.endpoint}`);
  };

  /** Says what went wrong and what to do next; returns the exit code. */
  failure(error: unknown): number {
    this.clear();
    const known = error instanceof BoathouseError ? error : undefined;
    const kind = known?.kind ?? (isCancelled(error) ? "cancelled" : "bug");
    if (this.json) {
      const body = { error: { kind, message: messageOf(error), resource: known?.resource, next: known?.next } };
      this.out.write(`${JSON.stringify(body)}\n`);
    }
    this.err.write(`${kind === "cancelled" ? "" : "error: "}${messageOf(error)}\n`);
    if (known?.next !== undefined) this.err.write(`${known.next}\n`);
    if (kind === "bug" && error instanceof Error && error.stack !== undefined) this.err.write(`${error.stack}\n`);
    return EXIT[kind];
  }

  private clear(): void {
    if (this.transient) this.err.write("\r\u001b[K");
    this.transient = false;
  }
}

/** Rows under headings, columns as wide as their widest value; numbers to the right. NULL is printed as such. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "NULL" : String(cell ?? ""))));
  const numeric = headings.map(
    (_, at) => rows.length > 0 && rows.every((row) => row[at] === null || /^-?[\d.,]+$/.test(String(row[at] ?? ""))),
  );
  const widths = headings.map((heading, at) => Math.max(heading.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (numeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(headings), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)].join("\n");
}
