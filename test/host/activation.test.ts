// What activation does, seen from inside the host: it loads our own small files, and starts and opens nothing.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { extension, tell } from "./extension.ts";
import { watched } from "./handles.ts";

describe("activation", () => {
  let loaded: readonly string[] = [];
  let made: typeof watched.made = [];

  before(async () => {
    await extension().activate();
    // Whatever it would put off for a moment belongs to it, too.
    await sleep(1000);
    loaded = [...watched.loaded];
    made = [...watched.made];
  });

  it("was watched from its beginning", () => assert.equal(watched.early, true));

  it("loads our own files only, and none that holds a part of an AWS SDK", () => {
    assert.ok(loaded.includes(join(extension().extensionPath, "dist", "extension.js")), "the hook saw nothing");
    for (const file of loaded) {
      assert.doesNotMatch(file, /node_modules/);
      assert.deepEqual(
        sources(file).filter((source) => /@aws-sdk|@smithy/.test(source)),
        [],
        basename(file),
      );
    }
    tell(`      it loaded ${loaded.length} files`);
  });

  it("starts no process, opens no socket, watches no file", () => {
    assert.deepEqual(
      made.filter(({ kind }) => kind !== "timer"),
      [],
    );
  });
});

/** What a bundled file was made of. */
function sources(file: string): string[] {
  if (!existsSync(`${file}.map`)) return [];
  return (JSON.parse(readFileSync(`${file}.map`, "utf8")) as { sources: string[] }).sources;
}
