// Errors of the SDK and the network as the one Error class: kind, resource, what to do next.
import assert from "node:assert/strict";
import { failure, ifFound } from "../../../src/aws/failure.ts";
import { BoathouseError, type ErrorKind } from "../../../src/base/errors.ts";
import { collect, pages } from "../../../src/aws/pages.ts";

const thrown = (name: string, message = "m", more: object = {}) =>
  Object.assign(new Error(message), { name, $fault: "client", $metadata: {} }, more);

describe("failure", () => {
  const check = (error: unknown, kind: ErrorKind) => {
    const turned = failure(error, "thing");
    assert.equal(turned.kind, kind, String(error));
    assert.equal(turned.resource, "thing");
    assert.ok(kind === "bug" || kind === "cancelled" || turned.next !== undefined, "says what to do next");
  };

  it("knows the kinds", () => {
    check(thrown("ExpiredTokenException"), "credentials");
    check(thrown("CredentialsProviderError"), "credentials");
    check(thrown("AccessDeniedException"), "denied");
    check(thrown("ThrottlingException"), "throttled");
    check(thrown("EntityNotFoundException"), "notFound");
    check(thrown("NoSuchKey"), "notFound");
    check(thrown("ConcurrentRunsExceededException"), "conflict");
    check(thrown("ValidationError"), "invalid");
    check(thrown("InternalFailure"), "service");
    check(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "network");
    check(new AggregateError([Object.assign(new Error(), { code: "ECONNREFUSED" })]), "network");
    check(Object.assign(new Error("aborted"), { name: "AbortError" }), "cancelled");
    check(new TypeError("x is not a function"), "bug");
  });

  it("lets ours pass unchanged", () => {
    const ours = new BoathouseError("conflict", "busy");
    assert.equal(failure(ours, "other"), ours);
  });

  it("ifFound gives undefined for what is not there, and throws all else", async () => {
    const rejecting = (error: Error) => () => Promise.reject(error);
    assert.equal(await ifFound("t", rejecting(thrown("NoSuchBucket"))), undefined);
    assert.equal(await ifFound("t", rejecting(thrown("ValidationError", "Stack with id s does not exist"))), undefined);
    await assert.rejects(ifFound("t", rejecting(thrown("AccessDenied"))), { kind: "denied" });
  });
});

describe("pages", () => {
  it("walks them all, also where the last token is empty, and ends with its signal", async () => {
    const answers = [
      { items: [1, 2], next: "a" },
      { items: undefined, next: "b" },
      { items: [3], next: "" },
    ];
    const asked: (string | undefined)[] = [];
    const fetch = async (token: string | undefined) => {
      asked.push(token);
      return answers[asked.length - 1] ?? { items: [], next: undefined };
    };
    assert.deepEqual(await collect(pages(fetch)), [1, 2, 3]);
    assert.deepEqual(asked, [undefined, "a", "b"]);
    await assert.rejects(collect(pages(fetch, AbortSignal.abort())), { name: "AbortError" });
  });
});
