// What the command line prints: results on stdout, the rest on stderr, one object with --json, exit codes by kind.
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { BoathouseError } from "../../../src/base/errors.ts";
import { Output, table } from "../../../src/cli/output.ts";
import { bytes } from "../../../src/cli/queries.ts";

function output(json: boolean) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = (stream: PassThrough) => String(stream.read() ?? "");
  return { output: new Output(json, out as never, err as never), out: () => read(out), err: () => read(err) };
}

describe("output", () => {
  it("prints text for people, one JSON object for scripts", () => {
    const people = output(false);
    people.output.result({ a: 1 }, "one");
    people.output.note("by the way");
    assert.equal(people.out(), "one\n");
    assert.equal(people.err(), "by the way\n");
    const scripts = output(true);
    scripts.output.line("left out");
    scripts.output.result({ a: 1 }, "one");
    assert.deepEqual(JSON.parse(scripts.out()), { a: 1 });
  });

  it("says what went wrong and what to do next, with an exit code by kind", () => {
    const failing = output(true);
    const code = failing.output.failure(
      new BoathouseError("notFound", "No stack s.", { resource: "stack s", next: "Deploy it." }),
    );
    assert.equal(code, 4);
    assert.deepEqual(JSON.parse(failing.out()), {
      error: { kind: "notFound", message: "No stack s.", resource: "stack s", next: "Deploy it." },
    });
    assert.equal(failing.err(), "error: No stack s.\nDeploy it.\n");
    assert.equal(output(false).output.failure(new BoathouseError("cancelled", "x")), 130);
    assert.equal(output(false).output.failure(new Error("x")), 1);
  });

  it("a download is said once, with its size", () => {
    const one = output(false);
    for (const received of [0, 10, 20]) {
      one.output.engine({ kind: "download", engine: "trino", name: "a.tar.gz", received, total: 20_000_000 });
    }
    assert.equal(one.err(), "  fetching trino a.tar.gz (20.0 MB)\n");
  });
});

describe("table", () => {
  it("aligns numbers to the right and shows NULL apart from an empty text", () => {
    const lines = table(
      ["name", "n"],
      [
        ["a", 1],
        ["long", 100],
        ["", null],
      ],
    ).split("\n");
    assert.deepEqual(lines, ["name     n", "────  ────", "a        1", "long   100", "      NULL"]);
  });

  it("bytes are printed in decimal units", () => {
    assert.deepEqual([0, 999, 1000, 2_345_678].map(bytes), ["0 B", "999 B", "1.0 kB", "2.3 MB"]);
  });
});
