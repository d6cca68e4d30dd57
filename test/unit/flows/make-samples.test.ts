// resources/samples/make_samples.py: from a file in the original's form it makes the shipped files again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { ordersIn, samplesFolder } from "./sample-files.ts";

const python = process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3";
const script = join(samplesFolder, "make_samples.py");

describe("make_samples.py", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "boathouse-make-samples-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const make = (...args: string[]): { status: number | null; stderr: string } =>
    spawnSync(python, [script, ...args], { encoding: "utf8" });

  for (const name of ["CDNOW_master.txt", "CDNOW_master.txt.gz"]) {
    it(`makes the shipped files from ${name}`, () => {
      // The original's own form: blanks, no dashes in dates, CRLF, a header.
      const lines = ordersIn().map(
        ({ customerId, date, quantity, amount }) =>
          ` ${customerId.padStart(5, "0")} ${date.replaceAll("-", "")} ${quantity.padStart(2)} ${amount.padStart(7)}`,
      );
      const original = Buffer.from(` customer_id  date number_of_cds  dollar_value\r\n${lines.join("\r\n")}\r\n`);
      writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(original) : original);
      assert.deepEqual(make(join(folder, name), folder).stderr, "");
      for (const file of ["customers.csv.gz", "orders.csv.gz"]) {
        const [made, shipped] = [join(folder, file), join(samplesFolder, file)].map((path) =>
          gunzipSync(readFileSync(path)).toString(),
        );
        assert.ok(made === shipped, `${file} differs`);
      }
    });
  }

  it("puts no name and no time into the files", () => {
    for (const file of ["customers.csv.gz", "orders.csv.gz"]) {
      const header = readFileSync(join(samplesFolder, file)).subarray(0, 8);
      // RFC 1952: magic, deflate, no flags (so no name), modification time 0.
      assert.deepEqual([...header], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    }
  });

  it("says how it is used where it is not told the original", () => {
    const { status, stderr } = make();
    assert.equal(status, 1);
    assert.match(stderr, /Usage: make_samples\.py CDNOW_master\.txt/);
  });
});
