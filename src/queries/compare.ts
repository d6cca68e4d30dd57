// The order of values by their Athena type: what a sort over held rows goes by. Values are the texts that Athena prints.
// https://docs.aws.amazon.com/athena/latest/ug/data-types.html
import { instantOf } from "./zones.ts";

/** How a column's values are set and sorted. */
export type ValueKind = "number" | "boolean" | "time" | "text" | "nested";

const NUMBERS = new Set(["tinyint", "smallint", "integer", "int", "bigint", "decimal", "double", "float", "real"]);
const TIMES = /^(date|time|timestamp|interval)\b/;
const NESTED = new Set(["array", "map", "row", "struct", "json"]);

/** By the type's name as Athena reports it: "decimal", "timestamp with time zone". */
export function valueKind(type: string): ValueKind {
  if (NUMBERS.has(type)) return "number";
  if (type === "boolean") return "boolean";
  if (TIMES.test(type)) return "time";
  return NESTED.has(type) ? "nested" : "text";
}

/** A key a value is sorted by, made once a value, and the order of such keys. */
interface Order<K> {
  key(text: string): K;
  compare(a: K, b: K): number;
}

const order = <K>(key: (text: string) => K, compare: (a: K, b: K) => number): Order<K> => ({ key, compare });

/** Sorts indexes of `values` in place: stable, NULLs last in both directions, as Athena's ORDER BY has them. */
export function sortBy(indexes: number[], values: (index: number) => string | null, type: string, descending: boolean) {
  sortKeys(indexes, values, orderOf(type), descending ? -1 : 1);
}

function sortKeys<K>(
  indexes: number[],
  values: (index: number) => string | null,
  { key, compare }: Order<K>,
  sign: number,
): void {
  const keys = new Map<number, K>();
  for (const index of indexes) {
    const value = values(index);
    if (value !== null) keys.set(index, key(value));
  }
  indexes.sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === undefined || y === undefined) return (x === undefined ? 1 : 0) - (y === undefined ? 1 : 0);
    return sign * compare(x, y);
  });
}

function orderOf(type: string): Order<unknown> {
  switch (type) {
    case "double":
    case "float":
    case "real":
      return order(toDouble, compareDoubles) as Order<unknown>;
    case "tinyint":
    case "smallint":
    case "integer":
    case "int":
    case "bigint":
    case "decimal":
      return order(toDecimal, compareDecimals) as Order<unknown>;
    case "boolean":
      return order((text) => (text === "true" ? 1 : 0), compareDoubles) as Order<unknown>;
    case "interval day to second":
      return order(toDaySecond, compareDoubles) as Order<unknown>;
    case "interval year to month":
      return order(toYearMonth, compareDoubles) as Order<unknown>;
    case "date":
    case "timestamp":
    case "time":
    case "timestamp with time zone":
    case "time with time zone":
      return order(toInstant, compareInstants) as Order<unknown>;
    default:
      return order((text) => text, compareText) as Order<unknown>;
  }
}

/** NaN is the largest, as in Athena. */
function toDouble(text: string): number {
  return text === "Infinity" || text === "-Infinity" ? Number(text) : Number.parseFloat(text);
}

function compareDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A decimal number of any length; `undefined` where the text is none (it sorts last). */
interface Decimal {
  /** -1, 0, 1 */
  readonly sign: number;
  /** Digits before the point, without leading zeros. */
  readonly whole: string;
  /** Digits behind it, without trailing zeros. */
  readonly fraction: string;
}

function toDecimal(text: string): Decimal | null {
  const match = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text.trim());
  if (match === null) return null;
  const [, minus, whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return { sign: 0, whole, fraction };
  return { sign: minus === "-" ? -1 : 1, whole, fraction };
}

function compareDecimals(a: Decimal | null, b: Decimal | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  if (a.sign !== b.sign) return a.sign - b.sign;
  const size =
    a.whole.length - b.whole.length || compareUnits(a.whole, b.whole) || compareUnits(a.fraction, b.fraction);
  return a.sign * size;
}

function compareUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code points, as Athena orders text; UTF-16's own order differs above U+FFFF. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    let [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    // A surrogate stands for a code point above all others.
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}

/** "2 03:04:05.678", perhaps with a minus, as milliseconds. */
function toDaySecond(text: string): number {
  const match = /^(-?)(\d+) (\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) return Number.NaN;
  const [, minus, ...parts] = match;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
  return (minus === "-" ? -1 : 1) * (((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000);
}

/** "1-2", perhaps with a minus, as months. */
function toYearMonth(text: string): number {
  const match = /^(-?)(\d+)-(\d+)$/.exec(text);
  return match === null ? Number.NaN : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 12 + Number(match[3]));
}

/** Whole seconds, and the digits of their fraction, which may be up to twelve. */
interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

const INSTANT = /^(?:([+-]?\d+)-(\d\d)-(\d\d))?[ T]?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(\S+)?$/;

function toInstant(text: string): Instant | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, year = "1970", month = "1", day = "1", hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const local = utcSeconds(Number(year), Number(month), Number(day)) + (+hour * 60 + +minute) * 60 + Number(second);
  if (!Number.isFinite(local)) return null;
  return { seconds: zone === undefined ? local : instantOf(local, zone), fraction: fraction.replace(/0+$/, "") };
}

function utcSeconds(year: number, month: number, day: number): number {
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 1000;
}

function compareInstants(a: Instant | null, b: Instant | null): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return a.seconds - b.seconds || compareUnits(a.fraction, b.fraction);
}
