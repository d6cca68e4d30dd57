// Engine events in words, for a terminal or a log.
import { megabytes } from "./component.ts";
import type { EngineEvent } from "./work.ts";

export interface Said {
  text: string;
  /** Progress that the next line of the same download replaces; a log leaves it out. */
  passing: boolean;
}

/** A download is said once where it starts, with name and size; then its progress passes. */
export class EngineWords {
  private readonly begun = new Set<string>();

  /** Undefined where there is nothing new to say. */
  say(event: EngineEvent): Said | undefined {
    const { engine } = event;
    switch (event.kind) {
      case "waiting":
        return lasting(`${engine}: process ${event.holder} fetches ${event.part}; waiting for it`);
      case "download":
        return this.download(event);
      case "retry":
        return lasting(
          `${engine}: ${event.name} broke off at ${megabytes(event.received)}, trying again: ${event.reason}`,
        );
      case "downloaded":
        this.begun.delete(event.name);
        return undefined;
      case "install":
        return lasting(`${engine}: installing ${event.part}`);
      case "ready":
        return event.fetched ? lasting(`${engine} ${event.version} is installed`) : undefined;
    }
  }

  private download({ engine, name, received, total }: Extract<EngineEvent, { kind: "download" }>): Said {
    const size = total === undefined ? "" : ` (${megabytes(total)})`;
    if (!this.begun.has(name)) {
      this.begun.add(name);
      return lasting(`${engine}: fetching ${name}${size}${received > 0 ? `, ${megabytes(received)} are there` : ""}`);
    }
    const share =
      total === undefined || total === 0 ? megabytes(received) : `${Math.floor((received / total) * 100)} %`;
    return { text: `${engine}: ${name}${size} ${share}`, passing: true };
  }
}

function lasting(text: string): Said {
  return { text, passing: false };
}
