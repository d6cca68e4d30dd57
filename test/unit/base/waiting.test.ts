// Waiting and time: intervals that adapt, sleeps that end with their signal, a clock that a test can move.
import assert from "node:assert/strict";
import { OffsetClock } from "../../../src/base/clock.ts";
import { BoathouseError, isCancelled } from "../../../src/base/errors.ts";
import { pollInterval, sleep } from "../../../src/base/wait.ts";

describe("poll interval", () => {
  it("is 0.1 s at first, then a tenth of the elapsed time, at most what is allowed", () => {
    assert.deepEqual(
      [0, 500, 3000, 60_000].map((elapsed) => pollInterval(elapsed)),
      [100, 100, 300, 1000],
    );
    assert.equal(pollInterval(60_000, 5000), 5000);
  });
});

describe("sleep", () => {
  it("ends with its signal, as cancelled", async () => {
    const abort = new AbortController();
    const sleeping = sleep(60_000, abort.signal);
    abort.abort();
    await assert.rejects(sleeping, (error) => isCancelled(error) && error instanceof BoathouseError);
    await assert.rejects(sleep(0, AbortSignal.abort()), isCancelled);
  });
});

describe("clock", () => {
  it("fires what falls due when it is moved, in order, and not what was cancelled", async () => {
    const clock = new OffsetClock();
    const fired: string[] = [];
    const day = 86_400_000;
    clock.at(clock.now() + 2 * day, () => fired.push("second"));
    clock.at(clock.now() + day, () => fired.push("first"));
    const cancel = clock.at(clock.now() + day, () => fired.push("never"));
    clock.at(clock.now() + 40 * day, () => fired.push("later"));
    cancel();
    clock.advance(3 * day);
    await sleep(20);
    assert.deepEqual(fired, ["first", "second"]);
  });
});
