// cfn-lint, AWS's own linter of templates, at the version that test/requirements.txt pins: no finding, in several regions.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Draft, templateFile } from "./stack.ts";

/** The first has every service first; the others came later or are apart from most. */
const REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2"];

/** The tests' Python: given by the runner, or made here where a person runs this file alone. */
function testPython(): string {
  const make = "import { testPython } from './test/python.mjs'; console.log(testPython());";
  return (
    process.env["BOATHOUSE_TEST_PYTHON"] ??
    execFileSync(process.execPath, ["--input-type=module", "-e", make], { encoding: "utf8" })
      .trimEnd()
      .split("\n")
      .at(-1) ??
    ""
  );
}

/** What cfn-lint says of a template, as "E3002 message": errors, warnings, and what is only for information. */
function lint(file: string): string[] {
  const program = join(dirname(testPython()), "cfn-lint");
  const run = spawnSync(program, ["--format", "json", "--include-checks", "I", "--regions", ...REGIONS, "--", file], {
    encoding: "utf8",
  });
  assert.match(run.stdout, /^\[/, `cfn-lint did not run: ${run.error?.message ?? run.stderr}`);
  return (JSON.parse(run.stdout) as { Rule: { Id: string }; Message: string }[]).map(
    ({ Rule, Message }) => `${Rule.Id} ${Message}`,
  );
}

describe("cfn-lint", function () {
  // Making the Python environment, where there is none yet, takes a minute or two.
  this.timeout(600_000);

  it("has nothing to say of the template", () => {
    assert.deepEqual(lint(templateFile), []);
  });

  it("would say what is wrong: a property that is none, an engine version that is none, a right that is none", () => {
    const folder = mkdtempSync(join(tmpdir(), "boathouse-template-"));
    try {
      const draft = new Draft()
        .set("Vpc/Properties/CidrBlok", "10.0.0.0/16")
        .set("Database/Properties/EngineVersion", "18.99")
        .set("EtlRole/Properties/Policies/0/PolicyDocument/Statement/0/Action/0", "s3:FetchObject");
      const file = join(folder, "broken.json");
      writeFileSync(file, JSON.stringify(draft.root));
      const found = lint(file).join("\n");
      for (const wrong of [/E3002 .*CidrBlok/, /18\.99/, /W3037 .*fetchobject/i]) assert.match(found, wrong);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
