// What an error says in the editor: every kind its buttons, and no line of the command line that a person in the editor can't press.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BoathouseError, type ErrorKind } from "../../../../src/base/errors.ts";
import { buttonsFor, inEditor, known, LAKE, messageFor, WORKSPACE } from "../../../../src/ui/shell/failures.ts";

const titles = (error: BoathouseError) => buttonsFor(error).map(({ title }) => title);

describe("an error in the editor", () => {
  const expected: Readonly<Record<ErrorKind, readonly string[]>> = {
    credentials: ["Sign In", "Choose Connection"],
    denied: ["Choose Connection", "Show Log"],
    throttled: ["Try Again"],
    notFound: ["Show Log"],
    conflict: ["Try Again", "Show Log"],
    invalid: ["Show Log"],
    network: ["Try Again", "Choose Connection"],
    service: ["Try Again", "Show Log"],
    cancelled: [],
    bug: ["Show Log"],
  };
  for (const [kind, buttons] of Object.entries(expected)) {
    it(`${kind}: ${buttons.join(", ") || "no message at all"}`, () => {
      assert.deepEqual(titles(new BoathouseError(kind as ErrorKind, "It failed.")), buttons);
    });
  }

  it("a lake that does not run can be started", () => {
    const error = new BoathouseError("network", "The local lake is not running.", { resource: LAKE });
    assert.deepEqual(titles(error), ["Start Local Lake", "Choose Connection"]);
  });

  it("a lake that hangs can be restarted", () => {
    const error = new BoathouseError("conflict", "The lake of /l runs as process 7 and does not answer");
    assert.deepEqual(titles(error), ["Restart Local Lake", "Show Log of the Local Lake"]);
  });

  it("engines that are missing can be fetched", () => {
    const text = "The query engine Trino is not installed; `boathouse lake start` fetches the engines.";
    const error = new BoathouseError("service", text);
    assert.deepEqual(titles(error), ["Fetch Engines", "Show Log"]);
    assert.match(messageFor(error), /“Fetch Engines of the Local Lake” fetches the engines\.$/);
  });

  it("a workspace that is not trusted leads to its trust", () => {
    assert.deepEqual(titles(new BoathouseError("denied", "Not here.", { resource: WORKSPACE })), ["Manage Trust"]);
  });

  it("a variable of the command line is a setting here, which a button opens", () => {
    const error = new BoathouseError("network", "trino-hive-476.zip could not be fetched: getaddrinfo ENOTFOUND", {
      next: "Check the network and proxy and run it again: what has arrived is kept. BOATHOUSE_MAVEN_MIRROR names a mirror.",
    });
    assert.equal(
      messageFor(error),
      "trino-hive-476.zip could not be fetched: getaddrinfo ENOTFOUND. Check the network and proxy and run it again: what has arrived is kept. The setting boathouse.mirrors.maven names a mirror.",
    );
    assert.deepEqual(titles(error), ["Try Again", "Open Settings", "Show Log"]);
    assert.deepEqual(buttonsFor(error)[1]?.args, ["boathouse.mirrors.maven"]);
  });

  it("says of an error of ours that it is one", () => {
    assert.equal(
      messageFor(known(new TypeError("x is not a function\n"))),
      "Boathouse met an error of its own: x is not a function.",
    );
  });

  it("takes an aborted wait as cancelled", () => {
    assert.equal(known(AbortSignal.abort().reason).kind, "cancelled");
  });
});

describe("advice of the rooms below", () => {
  const texts = ["flows", "stacks", "jobs", "catalog", "queries", "aws", "local", "lake"].flatMap((room) =>
    readdirSync(join("src", room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) =>
        strings(readFileSync(join("src", room, name), "utf8")).map((text) => ({ text, name: `${room}/${name}` })),
      ),
  );

  it("was found", () => assert.ok(texts.some(({ text }) => text.includes("boathouse destroy"))));

  it("names no command line in the editor", () => {
    for (const { text, name } of texts) {
      if (!/[`“]boathouse [a-z]/.test(text) && !/\bBOATHOUSE_[A-Z]/.test(text)) continue;
      // One within another is told apart below.
      if (text.split("\\`").length % 2 === 0) continue;
      const said = inEditor(text.replaceAll("\\`", "`"));
      assert.doesNotMatch(said, /`boathouse |BOATHOUSE_(?!TRINO_HEAP|ENGINE_OF|VERSION)/, `${name}: ${text}`);
    }
  });
});

describe("advice with names in it", () => {
  const said: readonly (readonly [string, string])[] = [
    ["Run `boathouse deploy --stack a` first.", "Run “Deploy Stack” first."],
    [
      "Run `boathouse deploy` first, or name one that stands with --stack: a, b.",
      "Run “Deploy Stack” first, or choose one that stands: a, b.",
    ],
    ["Run `boathouse destroy --stack a`, then deploy again.", "Run “Tear Down Stack”, then deploy again."],
    ["Stacks there are: a, b. --stack names one.", "Stacks there are: a, b."],
    ["Sign in again (aws sso login), or choose another profile.", "Sign in again, or choose another profile."],
    [
      "Name a folder that you may write to: --lake or BOATHOUSE_LAKE for the lake, BOATHOUSE_DATA for all of them.",
      "Name a folder that you may write to in the setting boathouse.lake.folder.",
    ],
  ];
  for (const [text, words] of said) it(words, () => assert.equal(inEditor(text), words));
});

/** The literals that a person may read: those with a blank in them. */
function strings(source: string): string[] {
  const code = source.replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, "");
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)]
    .map(([, plain, template]) => plain ?? template ?? "")
    .filter((text) => text.includes(" "));
}
