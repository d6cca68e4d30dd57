// Reads the shipped sample (resources/samples) into the compact form that more rows are drawn from.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { BoathouseError } from "../../base/errors.ts";

export const CUSTOMER_COLUMNS = "customer_id,customer_segment,first_order_date";
export const ORDER_COLUMNS = "order_id,customer_id,order_date,quantity,amount";

export interface SampleOrder {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly quantity: number;
  /** The exact amount, in cents. */
  readonly cents: number;
}

export interface SampleCustomer {
  readonly segment: string;
  /** By date, then by order id: the first one decides segment and first order date. */
  readonly orders: readonly SampleOrder[];
}

export interface Sample {
  readonly customers: readonly SampleCustomer[];
  /** The highest ids in the sample; new ones follow them. */
  readonly lastCustomerId: number;
  readonly lastOrderId: number;
}

const DAY = 86_400_000;

/** The day number of an ISO date, "1997-01-01" -> 9862. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** The ISO date of a day number. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/**
 * Reads `customers.csv.gz` and `orders.csv.gz` of `folder`; about 10 MB once read.
 * Throws `notFound` where a file is missing and `invalid` where it has other columns or an order and a customer that lack each other.
 */
export async function readSample(folder: string): Promise<Sample> {
  const customers = new Map<number, { segment: string; orders: SampleOrder[] }>();
  let lastCustomerId = 0;
  let lastOrderId = 0;
  for (const [id, segment] of await rowsOf(join(folder, "customers.csv.gz"), CUSTOMER_COLUMNS)) {
    customers.set(Number(id), { segment: segment ?? "", orders: [] });
    lastCustomerId = Math.max(lastCustomerId, Number(id));
  }
  const file = join(folder, "orders.csv.gz");
  for (const [id, customer, date, quantity, amount] of await rowsOf(file, ORDER_COLUMNS)) {
    const owner = customers.get(Number(customer));
    if (owner === undefined) {
      throw new BoathouseError("invalid", `order ${id} is of customer ${customer}, who is not in customers.csv.gz`, {
        resource: file,
      });
    }
    owner.orders.push({ day: dayOf(date ?? ""), quantity: Number(quantity), cents: centsOf(amount ?? "") });
    lastOrderId = Math.max(lastOrderId, Number(id));
  }
  for (const [id, { orders }] of customers) {
    if (orders.length === 0) throw new BoathouseError("invalid", `customer ${id} has no order`, { resource: file });
    orders.sort((a, b) => a.day - b.day);
  }
  return { customers: [...customers.values()], lastCustomerId, lastOrderId };
}

/** Cents of a decimal text with two places, without a detour through binary fractions. */
function centsOf(amount: string): number {
  return Number(amount.replace(".", ""));
}

async function rowsOf(file: string, columns: string): Promise<string[][]> {
  const compressed = await readFile(file).catch((cause: unknown) => {
    throw new BoathouseError("notFound", "the sample data cannot be read", {
      resource: file,
      next: "Install Boathouse again.",
      cause,
    });
  });
  const [header, ...lines] = (await promisify(gunzip)(compressed)).toString("utf8").trimEnd().split("\n");
  if (header !== columns) {
    throw new BoathouseError("invalid", `the columns are ${header}, not ${columns}`, { resource: file });
  }
  return lines.map((line) => line.split(","));
}
