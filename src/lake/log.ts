// The lake's own log, a line of JSON an event. A full disk costs lines of it, never the lake.
import { fstatSync, writeSync } from "node:fs";
import type { Log } from "./lake.ts";

/** Writes to standard error, or to another file that is open. */
export function openLog(fd = 2): Log {
  const kind = fstatSync(fd);
  // What Node itself writes there must not end the lake either.
  if (fd === 2) process.stderr.on("error", () => undefined);
  const write = fd === 2 && (kind.isFIFO() || kind.isSocket()) ? toStream : toFile(fd);
  return (event, details) => write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`);
}

/** A reader that is slow is waited for. */
function toStream(line: string): void {
  process.stderr.write(line);
}

/** Not by the stream: that one takes no more lines once one has failed. */
function toFile(fd: number): (line: string) => void {
  let cut = false;
  return (line) => {
    const bytes = Buffer.from(cut ? `\n${line}` : line);
    try {
      cut = writeSync(fd, bytes) < bytes.length;
    } catch {
      // It can't be told anywhere: the log is the place where it would be.
    }
  };
}
