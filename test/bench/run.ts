// `npm run bench`: every measurement in one run, printed as ratios and values against their limits. `npm run bench -- s3` runs one.
import { table } from "../../src/cli/output.ts";
import { holds, type Result } from "./result.ts";

const BENCHES: Readonly<Record<string, () => Promise<{ bench: () => Promise<Result[]> }>>> = {
  lake: () => import("./lake.ts"),
  s3: () => import("./s3.ts"),
  athena: () => import("./athena.ts"),
};

const wanted = process.argv.slice(2);
const rows: (string | number)[][] = [];
let broken = 0;
for (const [name, load] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name}\n`);
  for (const result of await (await load()).bench()) {
    const limit =
      result.limit !== undefined
        ? `at most ${result.limit}`
        : result.atLeast !== undefined
          ? `at least ${result.atLeast.toFixed(2)}`
          : "";
    if (!holds(result)) broken++;
    rows.push([
      result.name,
      result.value.toFixed(2),
      result.unit,
      limit,
      holds(result) ? "holds" : "DOES NOT HOLD",
      result.note ?? "",
    ]);
  }
}
process.stdout.write(`${table(["what", "value", "unit", "limit", "", "note"], rows)}\n`);
process.exitCode = broken > 0 ? 1 : 0;
