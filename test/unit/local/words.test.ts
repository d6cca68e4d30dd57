// Settings and what is printed: mirrors, the shell's variables, versions.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mirrorsOf } from "../../../src/local/engines/work.ts";
import { lakeEnvironment } from "../../../src/local/environment.ts";
import { isOlder } from "../../../src/local/versions.ts";

describe("mirrors", () => {
  it("are what the caller gives, else what the environment says; an empty setting is none", () => {
    const environment = {
      BOATHOUSE_MAVEN_MIRROR: "http://m/",
      BOATHOUSE_NPM_MIRROR: "",
      BOATHOUSE_PIP_INDEX: "http://p/",
    };
    assert.deepEqual(mirrorsOf({ pip: "http://q/" }, environment), {
      maven: "http://m/",
      npm: undefined,
      pip: "http://q/",
    });
  });
});

describe("the lake's environment", () => {
  const lake = {
    endpoint: "http://127.0.0.1:4000",
    region: "us-east-1",
    accessKeyId: "LKIA'1",
    secretAccessKey: "a$b c",
  };

  it("as a shell evaluates it points AWS's tools at the lake and at nothing else", () => {
    const person = { AWS_PROFILE: "work", AWS_SESSION_TOKEN: "t", AWS_ENDPOINT_URL_S3: "https://s3.example" };
    const lines = lakeEnvironment(lake, person);
    const seen = execFileSync("sh", ["-c", `eval "$LINES_"; env | grep ^AWS_ | sort`], {
      encoding: "utf8",
      env: { ...person, LINES_: lines.join("\n"), PATH: process.env["PATH"] },
    });
    assert.deepEqual(seen.trim().split("\n"), [
      "AWS_ACCESS_KEY_ID=LKIA'1",
      "AWS_DEFAULT_REGION=us-east-1",
      "AWS_ENDPOINT_URL=http://127.0.0.1:4000",
      "AWS_REGION=us-east-1",
      "AWS_SECRET_ACCESS_KEY=a$b c",
    ]);
  });

  it("only exports where nothing is in the way", () => {
    assert.ok(lakeEnvironment(lake, {}).every((line) => line.startsWith("export AWS_")));
  });
});

describe("a version", () => {
  it("is older by its numbers, not by its text", () => {
    assert.equal(isOlder("0.9.0", "0.10.0"), true);
    assert.equal(isOlder("0.10.0", "0.9.0"), false);
    assert.equal(isOlder("1.0.0", "1.0.0"), false);
  });
  it("of development is neither older nor newer", () => {
    assert.equal(isOlder("0.0.0-dev", "1.0.0"), false);
    assert.equal(isOlder("1.0.0", "0.0.0-dev"), false);
  });
});
