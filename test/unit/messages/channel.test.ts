// The channel between a page and the extension: answers, errors with their kind, requests that are given up, foreign messages.
import assert from "node:assert/strict";
import "vscode-jsonrpc/node";
import { BoathouseError } from "../../../src/base/errors.ts";
import { ask, type Contract, type Port, serve } from "../../../src/messages/channel.ts";

interface Small extends Contract {
  readonly requests: {
    readonly double: [params: { value: number }, result: number];
    readonly fail: [params: { kind: "denied" | "bug" }, result: null];
    readonly wait: [params: object, result: null];
  };
  readonly notifications: { readonly told: { text: string } };
}

/** Two ends; what is posted at one is heard at the other as JSON, as between a webview and its page. */
function ends(): [Port, Port] {
  const heard: [Set<(message: unknown) => void>, Set<(message: unknown) => void>] = [new Set(), new Set()];
  const end = (own: 0 | 1): Port => ({
    post: (message) => {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      setImmediate(() => heard[own === 0 ? 1 : 0].forEach((listener) => listener(copy)));
    },
    listen: (listener) => {
      heard[own].add(listener);
      return { dispose: () => heard[own].delete(listener) };
    },
  });
  return [end(0), end(1)];
}

describe("the channel of a page", () => {
  function open() {
    const [extension, page] = ends();
    const seen: { gaveUp: boolean; told: string[] } = { gaveUp: false, told: [] };
    const told = serve<Small>(extension, {
      double: ({ value }) => value * 2,
      fail: ({ kind }) => {
        if (kind === "bug") throw new Error("broken");
        throw new BoathouseError("denied", "Not allowed.", { resource: "table t", next: "Ask." });
      },
      wait: (_, signal) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            seen.gaveUp = true;
            resolve(null);
          }),
        ),
    });
    const asked = ask<Small>(page, { told: ({ text }) => seen.told.push(text) });
    return { extension, page, told, asked, seen };
  }

  it("answers", async () => {
    const { asked } = open();
    assert.equal(await asked.ask("double", { value: 21 }), 42);
  });

  it("tells", async () => {
    const { told, asked, seen } = open();
    told.tell("told", { text: "<b>" });
    await asked.ask("double", { value: 1 });
    assert.deepEqual(seen.told, ["<b>"]);
  });

  it("carries errors with their kind and what to do next", async () => {
    const { asked } = open();
    await assert.rejects(asked.ask("fail", { kind: "denied" }), (error: BoathouseError) => {
      assert.deepEqual(
        [error.kind, error.message, error.resource, error.next],
        ["denied", "Not allowed.", "table t", "Ask."],
      );
      return true;
    });
    await assert.rejects(asked.ask("fail", { kind: "bug" }), { kind: "bug", message: "broken" });
  });

  it("aborts the signal of a request that the page gives up", async () => {
    const { asked, seen } = open();
    const abort = new AbortController();
    const waiting = asked.ask("wait", {}, abort.signal);
    setTimeout(() => abort.abort(), 20);
    await waiting.catch(() => undefined);
    assert.equal(seen.gaveUp, true);
  });

  it("does not hear what is no message of its own", async () => {
    const { asked, extension } = open();
    for (const message of [null, 3, "x", { type: "did-load" }, []]) extension.post(message);
    assert.equal(await asked.ask("double", { value: 2 }), 4);
  });
});
