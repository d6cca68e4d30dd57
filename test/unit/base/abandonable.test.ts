// Work that is waited for only until somebody does not want to wait any longer.
import { equal, rejects } from "node:assert/strict";
import { BoathouseError } from "../../../src/base/errors.ts";
import { abandonable } from "../../../src/base/wait.ts";

describe("abandonable work", () => {
  const never = new Promise<never>(() => undefined);

  it("ends as the work does", async () => {
    const { signal } = new AbortController();
    equal(await abandonable(Promise.resolve(1), signal), 1);
    await rejects(abandonable(Promise.reject(new Error("no")), signal), /no/);
  });

  it("is left as soon as the signal aborts, with what whoever aborted it said", async () => {
    const plain = new AbortController();
    const left = abandonable(never, plain.signal);
    plain.abort();
    await rejects(left, { kind: "cancelled", message: "Stopped waiting." });
    await rejects(abandonable(never, plain.signal), { kind: "cancelled" });
    const said = new AbortController();
    const leaving = abandonable(never, said.signal);
    said.abort(new BoathouseError("cancelled", "The stack goes on."));
    await rejects(leaving, { kind: "cancelled", message: "The stack goes on." });
  });
});
