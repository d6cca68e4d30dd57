// The sample data and the rows drawn from it: totals, the stated rules, and what `load --rows N` promises.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { generateRows, MOST_ROWS, orderLines } from "../../../src/flows/samples/generate.ts";
import { dateOf, dayOf, readSample, type Sample } from "../../../src/flows/samples/sample.ts";
import { centsIn, customersIn, customersOf, ordersIn, samplesFolder } from "./sample-files.ts";

describe("the shipped sample", () => {
  const orders = ordersIn();
  const customers = customersIn();

  it("has 23,570 customers and 69,659 orders worth 2,500,315.63", () => {
    assert.equal(customers.length, 23_570);
    assert.equal(orders.length, 69_659);
    assert.equal(centsIn(orders), 250_031_563n);
    assert.equal(
      orders.reduce((sum, { quantity }) => sum + Number(quantity), 0),
      167_881,
    );
  });

  it("numbers its orders by the lines of the original, 255 of which repeat another but for the number", () => {
    assert.deepEqual(
      orders.map(({ orderId }) => Number(orderId)),
      orders.map((_, index) => index + 1),
    );
    const distinct = new Set(orders.map((o) => [o.customerId, o.date, o.quantity, o.amount].join()));
    assert.equal(orders.length - distinct.size, 255);
  });

  it("writes every amount with two decimals and every date as an ISO date of 1997-01-01 to 1998-06-30", () => {
    const dates = [...new Set(orders.map(({ date }) => date))].sort();
    assert.deepEqual([dates.length, dates[0], dates.at(-1)], [546, "1997-01-01", "1998-06-30"]);
    for (const { amount, date } of orders) {
      assert.match(amount, /^\d+\.\d\d$/);
      assert.match(date, /^\d{4}-\d\d-\d\d$/);
    }
  });

  it("gives each customer the date and the segment of the first order, by date and then by line", () => {
    assert.deepEqual(customers, customersOf(orders));
    const inSegment = (name: string): number => customers.filter(({ segment }) => segment === name).length;
    assert.deepEqual(["small", "medium", "large"].map(inSegment), [7_813, 9_880, 5_877]);
  });
});

describe("rows drawn from the sample", () => {
  let sample: Sample;
  before(async () => {
    sample = await readSample(samplesFolder);
  });

  const bytesOf = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const both = async (rows: number, seed: number): Promise<{ customers: Buffer; orders: Buffer }> => {
    const generated = generateRows(sample, rows, seed);
    return { customers: await bytesOf(generated.customers), orders: await bytesOf(generated.orders) };
  };

  it("same seed, same bytes; another seed, other bytes", async () => {
    const [once, again, other] = [await both(5_000, 1), await both(5_000, 1), await both(5_000, 2)];
    assert.ok(once.orders.equals(again.orders) && once.customers.equals(again.customers));
    assert.ok(!once.orders.equals(other.orders) && !once.customers.equals(other.customers));
  });

  it("draws what it always drew: a change here would change what everybody's seed means", async () => {
    const { orders } = await both(1_000, 42);
    const digest = createHash("sha256").update(gunzipSync(orders)).digest("hex");
    assert.equal(digest, "4132403912b7b833ba5c0be18cfd91de1ebe91a7db7fc172bee3470293d02094");
  });

  for (const rows of [1, 2, 7, 1_000, 70_001]) {
    it(`makes ${rows} orders with unique new ids, and their customers by the sample's own rules`, async () => {
      const generated = await both(rows, 7);
      const orders = ordersIn(generated.orders);
      assert.equal(orders.length, rows);
      assert.equal(new Set(orders.map(({ orderId }) => orderId)).size, rows);
      assert.deepEqual(customersIn(generated.customers), customersOf(orders));
      assert.ok(orders.every((order) => Number(order.orderId) > 69_659 && Number(order.customerId) > 23_570));
    });
  }

  it("looks like the sample: as many orders a customer, as much an order, within 5 %", async () => {
    const generated = await both(70_000, 11);
    const orders = ordersIn(generated.orders);
    const near = (value: number, wanted: number): void =>
      assert.ok(Math.abs(value / wanted - 1) < 0.05, `${value} is not near ${wanted}`);
    near(orders.length / customersIn(generated.customers).length, 69_659 / 23_570);
    near(Number(centsIn(orders)) / orders.length, 250_031_563 / 69_659);
  });

  it("goes on in time: new customers come in the eight quarters after the sample's, whatever day it is today", () => {
    let [first, last] = ["9999", ""];
    for (const line of orderLines(sample, 600_000, 5)) {
      const date = line.split(",")[2] ?? "";
      if (date === "order_date") continue;
      if (date < first) first = date;
      if (date > last) last = date;
    }
    assert.equal(first, dateOf(dayOf("1997-01-01") + 91));
    assert.equal(last, dateOf(dayOf("1998-06-30") + 8 * 91));
  });

  it("streams: a hundred million rows begin at once in little memory, and a reader may leave", async () => {
    const before = process.memoryUsage().arrayBuffers;
    for await (const chunk of generateRows(sample, 100_000_000, 1).orders) {
      assert.ok(chunk.length > 0);
      break;
    }
    assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 * 1024);
  });

  it("refuses a count or a seed that is none", () => {
    for (const rows of [0, -1, 1.5, Number.NaN, MOST_ROWS + 1]) {
      assert.throws(() => generateRows(sample, rows, 1), /rows must be a whole number/);
    }
    assert.throws(() => generateRows(sample, 1, 0.5), /the seed must be a whole number/);
  });

  it("refuses files that are missing, have other columns, or do not belong together", async () => {
    const folder = mkdtempSync(join(tmpdir(), "boathouse-samples-"));
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), gzipSync(text));
    try {
      await assert.rejects(readSample(folder), { kind: "notFound", resource: join(folder, "customers.csv.gz") });
      write("customers.csv.gz", "id,name\n1,x\n");
      await assert.rejects(readSample(folder), /the columns are id,name, not customer_id/);
      write("customers.csv.gz", "customer_id,customer_segment,first_order_date\n1,small,1997-01-01\n");
      write("orders.csv.gz", "order_id,customer_id,order_date,quantity,amount\n1,2,1997-01-01,1,1.00\n");
      await assert.rejects(readSample(folder), /order 1 is of customer 2/);
      write("orders.csv.gz", "order_id,customer_id,order_date,quantity,amount\n");
      await assert.rejects(readSample(folder), /customer 1 has no order/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
