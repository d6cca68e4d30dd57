// The gate of a bucket: many changes of keys at once, a change of the bucket alone, nobody forgotten.
import { equal, ok } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BucketGate } from "../../../../src/lake/services/s3/gate.ts";

describe("a bucket's gate", () => {
  it("lets sharers in together and the one that wants it alone in alone, in order of arrival", async () => {
    const gate = new BucketGate();
    let inside = 0;
    let most = 0;
    const order: string[] = [];
    const share = (name: string) =>
      gate.share("b", async () => {
        inside += 1;
        most = Math.max(most, inside);
        order.push(name);
        await sleep(5);
        inside -= 1;
      });
    const alone = (name: string) =>
      gate.alone("b", async () => {
        equal(inside, 0, "somebody else is in");
        inside += 1;
        order.push(name);
        await sleep(5);
        equal(inside, 1, "somebody came in");
        inside -= 1;
      });
    await Promise.all([share("1"), share("2"), alone("3"), share("4"), share("5"), alone("6"), alone("7"), share("8")]);
    equal(order.join(""), "12345678");
    equal(most, 2);
  });

  it("goes on where an action fails, and keeps buckets apart", async () => {
    const gate = new BucketGate();
    const failed = await gate.alone("a", () => Promise.reject(new Error("no"))).catch(() => "failed");
    equal(failed, "failed");
    let other = false;
    await gate.alone("a", async () => {
      await gate.share("b", () => {
        other = true;
        return Promise.resolve();
      });
    });
    ok(other);
  });
});
