// Makes more customers and orders than the sample has: whole purchase histories, drawn again with new ids and later dates.
import { Readable, pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import { BoathouseError } from "../../base/errors.ts";
import { seededDraw } from "./random.ts";
import {
  CUSTOMER_COLUMNS,
  dateOf,
  ORDER_COLUMNS,
  type Sample,
  type SampleCustomer,
  type SampleOrder,
} from "./sample.ts";

/** customer_id is a 32-bit integer in the database, and each customer has an order at least. */
export const MOST_ROWS = 1_000_000_000;

/** A quarter in whole weeks, so that weekdays stay weekdays. */
const QUARTER_DAYS = 91;
/** Customers of the eight quarters after the sample's; then the first of them again, so that partitions stay bounded. */
const QUARTERS = 8;
/** Characters handed to the compressor at once. */
const CHUNK = 64 * 1024;

export interface GeneratedRows {
  /** gzipped CSV with a header line, columns as in the sample's customers.csv.gz. */
  readonly customers: AsyncIterable<Uint8Array>;
  /** gzipped CSV with a header line and exactly `rows` orders, columns as in the sample's orders.csv.gz. */
  readonly orders: AsyncIterable<Uint8Array>;
}

/**
 * `rows` more orders, and the customers they belong to, as two streams of constant memory. The same sample, `rows` and `seed` give
 * the same bytes. Each stream draws for itself, so they may be read in any order, or only one of them.
 * Throws `invalid` where `rows` or `seed` is not a whole number in its range.
 */
export function generateRows(sample: Sample, rows: number, seed: number): GeneratedRows {
  if (!Number.isInteger(rows) || rows < 1 || rows > MOST_ROWS) {
    throw new BoathouseError("invalid", `rows must be a whole number from 1 to ${MOST_ROWS}, not ${rows}`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new BoathouseError("invalid", `the seed must be a whole number, not ${seed}`);
  }
  return {
    customers: compressed(customerLines(sample, rows, seed)),
    orders: compressed(orderLines(sample, rows, seed)),
  };
}

/** A history of the sample given to a new customer. */
interface Drawn {
  readonly id: number;
  readonly history: SampleCustomer;
  /** The first `orders.length` of the history: only the very last customer's is cut short. */
  readonly orders: readonly SampleOrder[];
  /** Days that the history is moved into the future. */
  readonly shift: number;
}

function* drawCustomers(sample: Sample, rows: number, seed: number): Generator<Drawn> {
  const draw = seededDraw(seed);
  const quarter = sample.customers.length;
  let left = rows;
  for (let index = 0; left > 0; index += 1) {
    const history = sample.customers[draw(quarter)];
    if (history === undefined) throw new BoathouseError("invalid", "the sample has no customers");
    const orders = history.orders.slice(0, left);
    const shift = QUARTER_DAYS * (1 + (Math.floor(index / quarter) % QUARTERS));
    yield { id: sample.lastCustomerId + 1 + index, history, orders, shift };
    left -= orders.length;
  }
}

/** Lines of customers.csv, header first. */
export function* customerLines(sample: Sample, rows: number, seed: number): Generator<string> {
  yield CUSTOMER_COLUMNS;
  for (const { id, history, orders, shift } of drawCustomers(sample, rows, seed)) {
    const first = orders[0];
    if (first !== undefined) yield `${id},${history.segment},${dateOf(first.day + shift)}`;
  }
}

/** Lines of orders.csv, header first. */
export function* orderLines(sample: Sample, rows: number, seed: number): Generator<string> {
  yield ORDER_COLUMNS;
  let orderId = sample.lastOrderId;
  for (const { id, orders, shift } of drawCustomers(sample, rows, seed)) {
    for (const { day, quantity, cents } of orders) {
      orderId += 1;
      yield `${orderId},${id},${dateOf(day + shift)},${quantity},${decimal(cents)}`;
    }
  }
}

function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}

async function* compressed(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  // A failure reaches whoever reads `gzip`; a reader that leaves early ends the source, and that is no failure.
  pipeline(Readable.from(chunks(lines)), gzip, () => undefined);
  for await (const chunk of gzip) yield chunk as Uint8Array;
}
