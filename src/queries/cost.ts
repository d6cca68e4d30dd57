// What a query costs on AWS, from the bytes that it scanned.
import type { Execution } from "./executions.ts";

/** US dollars for 10^12 scanned bytes, on demand, in most regions; some are dearer. */
export const PRICE_PER_TB = 5;
const MEGABYTE = 1_000_000;
const LEAST = 10 * MEGABYTE;

/**
 * An estimate in US dollars, or undefined where nothing was said of scanned bytes. Rounded up to a megabyte, 10 MB a query at least;
 * DDL and failed queries are free, cancelled ones pay for what they scanned. https://aws.amazon.com/athena/pricing/
 */
export function queryCost(
  { state, statementType, scannedBytes }: Pick<Execution, "state" | "statementType" | "scannedBytes">,
  pricePerTB = PRICE_PER_TB,
): number | undefined {
  if (statementType === "DDL" || statementType === "UTILITY" || state === "FAILED") return 0;
  if (scannedBytes === undefined) return undefined;
  if (scannedBytes === 0) return 0;
  return (Math.max(LEAST, Math.ceil(scannedBytes / MEGABYTE) * MEGABYTE) / 1e12) * pricePerTB;
}
