// Local times of a named time zone as instants, so that timestamps with time zones sort by when they were.

/** A zone's offset east of UTC in seconds where its name says it: "UTC", "+05:30". */
function fixedOffset(zone: string): number | undefined {
  if (zone === "UTC" || zone === "Z" || zone === "GMT") return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return undefined;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
  } catch {
    // A zone that this machine does not know: its times stand as if they were UTC.
    format = undefined;
  }
  formats.set(zone, format);
  return format;
}

function offsetAt(format: Intl.DateTimeFormat, seconds: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(seconds * 1000)) parts[type] = value;
  const number = (name: string) => Number(parts[name]);
  const date = new Date(0);
  const year = parts["era"] === "BC" ? 1 - number("year") : number("year");
  date.setUTCFullYear(year, number("month") - 1, number("day"));
  date.setUTCHours(number("hour"), number("minute"), number("second"));
  return date.getTime() / 1000 - seconds;
}

/** The instant, in seconds since 1970, of a clock in `zone` that shows `local` (seconds since 1970 as that clock counts them). */
export function instantOf(local: number, zone: string): number {
  const fixed = fixedOffset(zone);
  if (fixed !== undefined) return local - fixed;
  const format = formatOf(zone);
  if (format === undefined) return local;
  // Twice, since the offset of the first guess may be that of the other side of a change of clocks.
  const guess = local - offsetAt(format, local);
  return local - offsetAt(format, guess);
}
