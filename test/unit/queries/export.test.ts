// Export to a file: whole or not there, gone on with where the download breaks off, cancelled without a trace.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { AwsSession } from "../../../src/aws/session.ts";
import type { Execution } from "../../../src/queries/executions.ts";
import { exportCsv } from "../../../src/queries/export.ts";

const execution = {
  id: "q1",
  state: "SUCCEEDED",
  statementType: "DML",
  outputLocation: "s3://results/q1.csv",
} as Execution;

interface Get {
  readonly Range?: string;
  readonly IfMatch?: string;
}

/** A session whose S3 gives what `get` makes of each request. */
function sessionOf(get: (input: Get, call: number) => object): AwsSession {
  let calls = 0;
  const s3 = { send: async ({ input }: { input: Get }) => get(input, calls++) };
  return { s3: async () => s3 } as unknown as AwsSession;
}

function breaking(text: string): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.from(text);
      throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
    })(),
  );
}

describe("export of a result", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "export-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const TEXT = '"a"\n"1"\n\n""\n';

  it("writes the object's bytes as they are, over a file of that name", async () => {
    const file = join(folder, "out.csv");
    writeFileSync(file, "before");
    const progress: (number | undefined)[][] = [];
    const session = sessionOf(() => ({ Body: Readable.from([Buffer.from(TEXT)]), ContentLength: TEXT.length }));
    const bytes = await exportCsv(session, execution, file, { onProgress: (done, of) => progress.push([done, of]) });
    assert.equal(bytes, TEXT.length);
    assert.equal(readFileSync(file, "utf8"), TEXT);
    assert.deepEqual(progress.at(-1), [TEXT.length, TEXT.length]);
    assert.deepEqual(readdirSync(folder), ["out.csv"]);
  });

  it("goes on where the download broke off, of the same object", async () => {
    const file = join(folder, "out.csv");
    const asked: Get[] = [];
    const session = sessionOf((input, call) => {
      asked.push(input);
      const from = Number(/bytes=(\d+)-/.exec(input.Range ?? "")?.[1] ?? 0);
      const rest = TEXT.slice(from);
      const Body = call < 2 ? breaking(rest.slice(0, 3)) : Readable.from([Buffer.from(rest)]);
      return { Body, ContentLength: rest.length, ETag: "e1" };
    });
    await exportCsv(session, execution, file);
    assert.equal(readFileSync(file, "utf8"), TEXT);
    assert.deepEqual(
      asked.map(({ Range, IfMatch }) => [Range, IfMatch]),
      [
        [undefined, undefined],
        ["bytes=3-", "e1"],
        ["bytes=6-", "e1"],
      ],
    );
  });

  it("gives up in the end, and leaves what was there before", async () => {
    const file = join(folder, "out.csv");
    writeFileSync(file, "before");
    const session = sessionOf((_, call) => {
      if (call > 0) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
      return { Body: breaking("abc"), ContentLength: 100, ETag: "e1" };
    });
    await assert.rejects(exportCsv(session, execution, file), { kind: "network" });
    assert.equal(readFileSync(file, "utf8"), "before");
    assert.deepEqual(readdirSync(folder), ["out.csv"]);
  });

  it("cancelled in the midst leaves nothing", async () => {
    const abort = new AbortController();
    const session = sessionOf(() => ({
      Body: Readable.from(
        (async function* () {
          for (;;) {
            yield Buffer.from("x".repeat(1000));
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        })(),
      ),
      ContentLength: 1e9,
    }));
    const exporting = exportCsv(session, execution, join(folder, "out.csv"), {
      signal: abort.signal,
      onProgress: (done) => {
        if (done > 5000) abort.abort();
      },
    });
    await assert.rejects(exporting, { kind: "cancelled" });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("says that the result object is gone, and that a folder can't be written", async () => {
    const gone = sessionOf(() => {
      throw Object.assign(new Error("The specified key does not exist."), {
        name: "NoSuchKey",
        $metadata: { httpStatusCode: 404 },
      });
    });
    await assert.rejects(exportCsv(gone, execution, join(folder, "out.csv")), {
      kind: "notFound",
      resource: "s3://results/q1.csv",
    });
    const session = sessionOf(() => ({ Body: Readable.from([Buffer.from(TEXT)]), ContentLength: TEXT.length }));
    await assert.rejects(exportCsv(session, execution, join(folder, "no", "such", "out.csv")), { kind: "invalid" });
  });
});
