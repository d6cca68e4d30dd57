// What is said and printed: engine events, the shell's variables, versions.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { EngineWords } from "../../../src/local/engines/describe.ts";
import { mirrorsOf } from "../../../src/local/engines/work.ts";
import { lakeEnvironment } from "../../../src/local/environment.ts";
import { isOlder } from "../../../src/local/versions.ts";

describe("engine events in words", () => {
  it("say a download once, with its size, then pass on its progress", () => {
    const words = new EngineWords();
    const at = (received: number) =>
      words.say({ kind: "download", engine: "trino", name: "x.zip", received, total: 258_326_133 });
    assert.deepEqual(at(0), { text: "trino: fetching x.zip (259 MB)", passing: false });
    assert.deepEqual(at(129_163_067), { text: "trino: x.zip (259 MB) 50 %", passing: true });
    assert.equal(words.say({ kind: "downloaded", engine: "trino", name: "x.zip", total: 258_326_133 }), undefined);
  });

  it("say what an earlier run left", () => {
    const said = new EngineWords().say({ kind: "download", engine: "spark", name: "y", received: 5e6, total: 9e6 });
    assert.equal(said?.text, "spark: fetching y (9 MB), 5 MB are there");
  });

  it("say nothing of an engine that was there", () => {
    assert.equal(
      new EngineWords().say({ kind: "ready", engine: "spark", version: "3.5.6", fetched: false }),
      undefined,
    );
  });
});

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
