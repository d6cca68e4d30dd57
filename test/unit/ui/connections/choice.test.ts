// The choice of a connection as a workspace remembers it, and what it takes of an endpoint's address.
import assert from "node:assert/strict";
import {
  choiceName,
  defaultChoice,
  parseChoice,
  sameChoice,
  wrongEndpoint,
} from "../../../../src/ui/connections/choice.ts";

describe("a remembered connection", () => {
  it("is read again", () => {
    for (const choice of [
      { kind: "local" },
      { kind: "aws", profile: "prod", region: "eu-west-1" },
      { kind: "aws", profile: undefined, region: "us-east-1" },
      { kind: "endpoint", url: "https://s3.example.com", region: "us-east-1", profile: "minio" },
    ] as const) {
      const again = parseChoice(JSON.parse(JSON.stringify(choice)));
      assert.ok(again !== undefined && sameChoice(choice, again), JSON.stringify(choice));
    }
  });

  it("counts as none where it is none", () => {
    for (const value of [undefined, null, 7, "local", {}, { kind: "aws" }, { kind: "moon", region: "x" }]) {
      assert.equal(parseChoice(value), undefined, JSON.stringify(value));
    }
    assert.equal(parseChoice({ kind: "endpoint", url: "javascript:alert(1)", region: "x" }), undefined);
  });

  it("is named as people say it", () => {
    assert.equal(choiceName({ kind: "local" }), "local lake");
    assert.equal(choiceName({ kind: "aws", profile: "prod", region: "eu-west-1" }), "prod · eu-west-1");
  });

  it("comes from the machine's settings where the workspace has chosen nothing", () => {
    assert.deepEqual(defaultChoice({ endpoint: undefined, profile: "prod", region: "eu-west-1" }), {
      kind: "aws",
      profile: "prod",
      region: "eu-west-1",
    });
    assert.equal(defaultChoice({ endpoint: undefined, profile: "prod", region: undefined }), undefined);
    assert.equal(defaultChoice({ endpoint: "http://h:9000", profile: undefined, region: undefined })?.kind, "endpoint");
    assert.equal(defaultChoice({ endpoint: "h:9000", profile: undefined, region: undefined }), undefined);
  });
});

describe("an endpoint's address", () => {
  for (const good of ["http://127.0.0.1:9000", "https://s3.example.com", " https://host/base ", "http://[::1]:4566"]) {
    it(`${good} will do`, () => assert.equal(wrongEndpoint(good), undefined));
  }
  for (const bad of [
    "",
    "host:9000",
    "ftp://host",
    "javascript:alert(1)",
    "http://",
    "file:///etc",
    "https://u:p@host",
    "http://h?x=1",
  ]) {
    it(`“${bad}” will not`, () => assert.equal(typeof wrongEndpoint(bad), "string"));
  }
});
