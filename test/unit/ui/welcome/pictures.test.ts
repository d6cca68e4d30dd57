// The walkthrough's pictures: each that it names is there, in every kind of theme, and none that nobody names.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { welcome } from "../../../../src/ui/welcome/contributions.ts";

const FOLDER = "media/walkthrough";
/** The VSIX is to stay far below 6 MB; bytes. */
const MOST = 1.3e6;

describe("the walkthrough's pictures", () => {
  const named = new Set(
    welcome.walkthroughs.flatMap(({ steps }) => steps.flatMap(({ media }) => Object.values(media.image))),
  );
  const there = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);

  it("are there, and no others", () => assert.deepEqual([...named].sort(), there.sort()));

  it("are small", () => {
    const bytes = there.reduce((sum, file) => sum + statSync(file).size, 0);
    assert.ok(bytes < MOST, `${bytes} bytes`);
  });
});
