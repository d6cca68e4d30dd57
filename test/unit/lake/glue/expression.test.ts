// GetPartitions' Expression: parsed as SQL, evaluated by the type of each partition key.
import { deepEqual, throws } from "node:assert/strict";
import { partitionFilter } from "../../../../src/lake/services/glue/expression/filter.ts";

const KEYS = [
  { Name: "year", Type: "string" },
  { Name: "n", Type: "int" },
  { Name: "price", Type: "decimal(10,2)" },
  { Name: "day", Type: "date" },
  { Name: "at", Type: "timestamp" },
];

const NULL = "__HIVE_DEFAULT_PARTITION__";
const PARTITIONS: Record<string, string[]> = {
  a: ["1997", "1", "0.50", "1997-01-05", "1997-01-05 00:00:00"],
  b: ["1998", "2", "10.00", "1998-02-28", "1998-02-28 12:30:00"],
  c: ["1999", "10", "9.99", "1999-12-31", "1999-12-31 23:59:59.5"],
  d: ["it's", NULL, "-1", NULL, NULL],
};

/** The partitions that the expression lets through, e.g. "bc". */
function found(expression: string): string {
  const matches = partitionFilter(expression, KEYS);
  return Object.entries(PARTITIONS)
    .filter(([, values]) => matches(values))
    .map(([name]) => name)
    .join("");
}

const ANSWERS: [expression: string, answer: string][] = [
  // Each type by its own order
  ["year = '1997'", "a"],
  ["year > '1997'", "bcd"],
  ["n > 1", "bc"],
  ["n < 10", "ab"],
  ["n = '10'", "c"],
  ["n = 010", "c"],
  ["n >= -5", "abc"],
  ["price = 10", "b"],
  ["price > 9.99", "b"],
  ["price between -1 and 0.5", "ad"],
  ["price = 0.5000", "a"],
  ["day >= '1998-02-28'", "bc"],
  ["day = date '1998-2-28'", "b"],
  ["day between '1997-01-01' and '1998-12-31'", "ab"],
  ["at > timestamp '1998-02-28 12:29:59'", "bc"],
  ["at = '1997-01-05'", "a"],
  ["at = '1999-12-31 23:59:59.500'", "c"],
  // Words
  ["year <> '1997'", "bcd"],
  ["year != '1997'", "bcd"],
  ["year in ('1997', '1999')", "ac"],
  ["year NOT IN ('1997', '1999')", "bd"],
  ["n in (1, 10)", "ac"],
  ["year like '199%'", "abc"],
  ["year like '199_'", "abc"],
  ["year like '%7'", "a"],
  ["year like 'it''s'", "d"],
  ["year not like '199%'", "d"],
  ["year like '1997!%' escape '!'", ""],
  ["year like '.*'", ""],
  ["n is null", "d"],
  ["n is not null", "abc"],
  ["n between 2 and 10", "bc"],
  ["n not between 2 and 10", "a"],
  // Precedence: NOT before AND before OR
  ["year = '1997' or year = '1998' and n = 1", "a"],
  ["(year = '1997' or year = '1998') and n = 1", "a"],
  ["(year = '1997' or year = '1998') and n = 2", "b"],
  ["not year = '1997' and n < 10", "b"],
  ["not (year = '1997' and n < 10)", "bcd"],
  ["((n)) = (1)", "a"],
  ["not not n = 1", "a"],
  // Names and literals on either side
  ["1 < n", "bc"],
  ["YEAR = '1997'", "a"],
  ["\"year\" = '1997'", "a"],
  ["`year` = '1997'", "a"],
  ["year='it''s'", "d"],
  ["t.year = '1997'", "a"],
  // Unknown is neither true nor false
  ["n <> 1", "bc"],
  ["not n = 1", "bc"],
  ["n = 1 or day is null", "ad"],
  ["n = 1 or not n = 1", "abc"],
  ["n in (1, 2) or year = 'it''s'", "abd"],
  // Query engines ask for NULL's partition by its directory name
  [`n = '${NULL}'`, "d"],
  [`n <> '${NULL}'`, "abc"],
  // As Trino writes them
  ["((year = '1997') OR (year = '1998'))", "ab"],
  ["(year in ('1997', '1998')) AND ((n >= 1 AND n <= 1))", "a"],
];

const REFUSED: [expression: string, reason: RegExp][] = [
  ["year =", /Unable to parse the expression "year =" at position 7/],
  ["year = '1997", /Unable to parse .* at position 7/],
  ["(year = '1997'", /Unable to parse/],
  ["year = '1997')", /Unable to parse .* at position 14/],
  ["year", /Unable to parse/],
  ["year between '1' or '2'", /Unable to parse/],
  ["year in ()", /Unable to parse/],
  ["year = '1997' n = 1", /Unable to parse .* at position 14/],
  ["year = '1' ; drop", /Unable to parse/],
  ["month = '1'", /names month, which is not a partition key/],
  ["n = 'x'", /'x' is not a value of type int/],
  ["day = 'x'", /'x' is not a date/],
];

describe("partition expressions", () => {
  for (const [expression, answer] of ANSWERS) {
    it(`${expression} finds ${answer || "none"}`, () => {
      deepEqual(found(expression), answer);
    });
  }

  for (const [expression, reason] of REFUSED) {
    it(`refuses ${expression}`, () => {
      throws(() => found(expression), reason);
    });
  }

  it("refuses key types that AWS does not list", () => {
    throws(
      () => partitionFilter("flag = true", [{ Name: "flag", Type: "boolean" }]),
      /not a partition key|Unsupported partition key type/,
    );
    throws(
      () => partitionFilter("flag = '1'", [{ Name: "flag", Type: "boolean" }]),
      /Unsupported partition key type in an expression: boolean/,
    );
  });

  it("compares integers beyond what a double holds", () => {
    const matches = partitionFilter("id = 9007199254740993", [{ Name: "id", Type: "bigint" }]);
    deepEqual([matches(["9007199254740993"]), matches(["9007199254740992"])], [true, false]);
  });
});
