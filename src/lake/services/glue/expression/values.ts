// Partition values by the type of their key: what they compare as, and in which order.
import { invalidInput } from "../faults.ts";

/** Hive's directory name for NULL; as a value it stands for it. */
export const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** Negative, zero or positive as `left` lies before, at or behind `right`. */
export type Order = (left: string, right: string) => number;

/** The order of values of a partition key's type; types that AWS's page doesn't list are refused. */
export function orderOf(type: string): Order {
  const base = type.toLowerCase().trim();
  if (base === "string") return (left, right) => (left < right ? -1 : left > right ? 1 : 0);
  if (["tinyint", "smallint", "int", "bigint", "long"].includes(base)) return byNumber(/^[+-]?\d+$/, base);
  if (base === "decimal" || /^decimal\s*\(/.test(base)) return byNumber(/^[+-]?(\d+\.?\d*|\.\d+)$/, base);
  if (base === "date") return byText(normalDate);
  if (base === "timestamp") return byText(normalTimestamp);
  throw invalidInput(`Unsupported partition key type in an expression: ${type}.`);
}

function byNumber(form: RegExp, type: string): Order {
  return (left, right) => {
    for (const text of [left, right])
      if (!form.test(text.trim())) throw invalidInput(`'${text}' is not a value of type ${type}.`);
    return compareDecimals(left.trim(), right.trim());
  };
}

function byText(normal: (text: string) => string): Order {
  return (left, right) => {
    const [a, b] = [normal(left), normal(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  };
}

/** Exact, whatever their length: both are brought to the same number of decimals. */
function compareDecimals(left: string, right: string): number {
  const decimals = Math.max(fraction(left).length, fraction(right).length);
  const difference = scaled(left, decimals) - scaled(right, decimals);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function fraction(text: string): string {
  const point = text.indexOf(".");
  return point < 0 ? "" : text.slice(point + 1);
}

function scaled(text: string, decimals: number): bigint {
  const digits = text.replace(/^[+-]/, "").split(".")[0] + fraction(text).padEnd(decimals, "0");
  return text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
}

function normalDate(text: string): string {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (match === null) throw invalidInput(`'${text}' is not a date (yyyy-MM-dd).`);
  const [, year, month = "", day = ""] = match;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

function normalTimestamp(text: string): string {
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/.exec(text.trim());
  if (match === null) throw invalidInput(`'${text}' is not a timestamp (yyyy-MM-dd HH:mm:ss).`);
  const [, day = "", hour = "0", minute = "00", second = "00", part = ""] = match;
  return `${normalDate(day)} ${hour.padStart(2, "0")}:${minute}:${second}.${part.padEnd(9, "0")}`;
}
