// Athena's result CSV: every value quoted, NULL an empty field, '' a pair of quotes; written from values, read back from bytes.

/** A row as undefined (NULL) and text. */
export type Row = readonly (string | undefined)[];

export function csvLine(row: Row): string {
  let line = "";
  for (let at = 0; at < row.length; at++) {
    const value = row[at];
    if (at > 0) line += ",";
    if (value !== undefined) line += value.includes('"') ? `"${value.replaceAll('"', '""')}"` : `"${value}"`;
  }
  return `${line}\n`;
}

const QUOTE = 0x22;
const LINE = 0x0a;

/**
 * Cuts bytes that arrive in pieces into rows. `length` of a row counts its bytes with the line break, so that reading can go on
 * right behind it.
 */
export interface RowCutter {
  push(chunk: Buffer): { row: Row; length: number }[];
  /** What is left when the bytes have ended. */
  end(): { row: Row; length: number }[];
}

export function csvCutter(): RowCutter {
  let rest = Buffer.alloc(0);
  let scanned = 0;
  let quoted = false;
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const rows: { row: Row; length: number }[] = [];
      let start = 0;
      for (let at = scanned; at < bytes.length; at++) {
        // A doubled quote flips twice and so changes nothing.
        if (bytes[at] === QUOTE) quoted = !quoted;
        else if (bytes[at] === LINE && !quoted) {
          rows.push({ row: parseLine(bytes.toString("utf8", start, at)), length: at + 1 - start });
          start = at + 1;
        }
      }
      rest = Buffer.from(bytes.subarray(start));
      scanned = rest.length;
      return rows;
    },
    end: () => (rest.length === 0 ? [] : [{ row: parseLine(rest.toString("utf8")), length: rest.length }]),
  };
}

/** Lines of a .txt result: one value a row; the last line has no line break. */
export function lineCutter(): RowCutter {
  let rest = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const rows: { row: Row; length: number }[] = [];
      let start = 0;
      for (let at = bytes.indexOf(LINE); at >= 0; at = bytes.indexOf(LINE, start)) {
        rows.push({ row: [bytes.toString("utf8", start, at)], length: at + 1 - start });
        start = at + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
      return rows;
    },
    end: () => [{ row: [rest.toString("utf8")], length: rest.length }],
  };
}

function parseLine(line: string): Row {
  const row: (string | undefined)[] = [];
  for (let at = 0; ; ) {
    if (line[at] === '"') {
      let end = at + 1;
      while (end < line.length && (line[end] !== '"' || line[end + 1] === '"')) end += line[end] === '"' ? 2 : 1;
      row.push(line.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const comma = line.indexOf(",", at);
      const value = line.slice(at, comma < 0 ? undefined : comma);
      row.push(value === "" ? undefined : value);
      at = comma < 0 ? line.length : comma;
    }
    if (line[at] !== ",") return row;
    at++;
  }
}
