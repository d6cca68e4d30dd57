// How the tests read the sample's files and its rules, apart from the code under test.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

export const samplesFolder = fileURLToPath(new URL("../../../resources/samples", import.meta.url));

/** All values as the texts that stand in the file. */
export interface OrderRow {
  orderId: string;
  customerId: string;
  date: string;
  quantity: string;
  amount: string;
}

export interface CustomerRow {
  customerId: string;
  segment: string;
  firstOrderDate: string;
}

function linesOf(gz: Buffer, columns: string): string[] {
  const [header, ...lines] = gunzipSync(gz).toString("utf8").trimEnd().split("\n");
  assert.equal(header, columns);
  return lines;
}

/** The rows of an orders.csv.gz; the samples quote nothing. */
export function ordersIn(gz: Buffer = readFileSync(`${samplesFolder}/orders.csv.gz`)): OrderRow[] {
  return linesOf(gz, "order_id,customer_id,order_date,quantity,amount").map((line) => {
    const [orderId = "", customerId = "", date = "", quantity = "", amount = ""] = line.split(",");
    return { orderId, customerId, date, quantity, amount };
  });
}

/** The rows of a customers.csv.gz. */
export function customersIn(gz: Buffer = readFileSync(`${samplesFolder}/customers.csv.gz`)): CustomerRow[] {
  return linesOf(gz, "customer_id,customer_segment,first_order_date").map((line) => {
    const [customerId = "", segment = "", firstOrderDate = ""] = line.split(",");
    return { customerId, segment, firstOrderDate };
  });
}

/** The customers that follow from orders, by the rules of resources/samples/README.md. */
export function customersOf(orders: readonly OrderRow[]): CustomerRow[] {
  const first = new Map<string, OrderRow>();
  for (const order of orders) {
    const known = first.get(order.customerId);
    if (known === undefined || order.date < known.date) first.set(order.customerId, order);
  }
  return [...first.values()].map(({ customerId, date, amount }) => ({
    customerId,
    segment: Number(amount) >= 40 ? "large" : Number(amount) >= 15 ? "medium" : "small",
    firstOrderDate: date,
  }));
}

/** The exact sum of amounts, in cents. */
export function centsIn(orders: readonly OrderRow[]): bigint {
  return orders.reduce((sum, { amount }) => sum + BigInt(amount.replace(".", "")), 0n);
}
