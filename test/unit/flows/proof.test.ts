// The proof finds every difference: names, types, counts, values, order; and no rows prove nothing.
import assert from "node:assert/strict";
import { keptInTemplate } from "../../../src/flows/destroy.ts";
import { firstDifference } from "../../../src/flows/proof.ts";

const decimal = { name: "amount", type: "decimal", precision: 38, scale: 2 };
const text = { name: "segment", type: "varchar", precision: undefined, scale: undefined };
const expected = {
  columns: [text, decimal],
  rows: [
    ["a", "1.10"],
    ["b", null],
  ] as (string | null)[][],
};

describe("proof", () => {
  const differs = (columns: (typeof decimal | typeof text)[], rows: (string | null)[][], words: RegExp) =>
    assert.match(firstDifference(expected, columns, rows) ?? "equal", words);

  it("holds for the same columns and rows", () => {
    assert.equal(firstDifference(expected, [text, decimal], expected.rows), undefined);
  });

  it("sees each kind of difference", () => {
    differs([text], [["a"], ["b"]], /2 columns in the source, 1 in the lake/);
    differs([{ ...text, name: "s" }, decimal], expected.rows, /column 1 is segment in the source, s in the lake/);
    differs([text, { ...decimal, scale: 4 }], expected.rows, /decimal\(38,2\) in the source, decimal\(38,4\)/);
    differs([text, { ...decimal, type: "double" }], expected.rows, /in the lake/);
    differs([text, decimal], [["a", "1.10"]], /2 rows in the source, 1 in the lake/);
    differs(
      [text, decimal],
      [
        ["a", "1.1"],
        ["b", null],
      ],
      /row 1, amount: 1\.10 in the source, 1\.1 in the lake/,
    );
    differs(
      [text, decimal],
      [
        ["a", "1.10"],
        ["b", ""],
      ],
      /row 2, amount: NULL in the source/,
    );
    differs(
      [text, decimal],
      [
        ["b", null],
        ["a", "1.10"],
      ],
      /row 1/,
    );
  });

  it("no rows prove nothing", () => {
    assert.equal(firstDifference({ ...expected, rows: [] }, [text, decimal], []), "no rows");
  });
});

describe("what a template keeps", () => {
  it("is read from DeletionPolicy, short tags or not", () => {
    const template = `
Resources:
  Bucket: { Type: AWS::S3::Bucket, DeletionPolicy: Delete }
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    Properties: { DBName: !Ref Name }
  Kept: { Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate }
`;
    assert.deepEqual(keptInTemplate(template), ["Database", "Kept"]);
  });
});
