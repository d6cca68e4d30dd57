// What a window works on a stack, as a command cancels it.
import { equal, rejects } from "node:assert/strict";
import { isBecoming, UnderWay } from "../../../../src/ui/stacks/underWay.ts";

describe("what is under way on a stack", () => {
  it("is there while it lasts, also where it fails", async () => {
    const all = new Map<string, UnderWay>();
    await UnderWay.during(all, "a", "planning", async (underWay) => equal(all.get("a"), underWay));
    equal(all.size, 0);
    await rejects(
      UnderWay.during(all, "a", "planning", async () => {
        throw new Error("no");
      }),
    );
    equal(all.size, 0);
  });

  it("is cancelled by what it said last, and not once it is being dropped or is sealed", async () => {
    const pressed: string[] = [];
    await UnderWay.during(new Map(), "a", "planning", async (underWay) => {
      equal(underWay.cancel(), false);
      underWay.enter("planning", () => pressed.push("planning"));
      equal(underWay.cancel(), true);
      underWay.enter("uploading", () => pressed.push("uploading"));
      underWay.enter("executing");
      equal(underWay.cancel(), true);
      underWay.seal();
      equal(underWay.cancel(), false);
      underWay.enter("dropping", () => pressed.push("dropping"));
      equal(underWay.cancel(), false);
    });
    equal(pressed.join(), "planning,uploading");
  });

  it("makes a stack that others wait for from the upload to the finish", () => {
    const phases = [
      "planning",
      "reviewing",
      "dropping",
      "uploading",
      "executing",
      "finishing",
      "tearing down",
    ] as const;
    equal(phases.filter(isBecoming).join(), "uploading,executing,finishing");
  });
});
