// One list of what a worker is worth: a run's DPU-hours and the lake's capacity of a job are of the same figures.
import { equal, throws } from "node:assert/strict";
import type { WorkerType } from "@aws-sdk/client-glue";
import { dpuOf } from "../../../src/base/workerTypes.ts";
import { workers } from "../../../src/lake/services/glue/jobs/rules.ts";

describe("worker types", () => {
  it("have their DPU, and others have none", () => {
    equal(dpuOf("G.025X"), 0.25);
    equal(dpuOf("R.8X"), 8);
    for (const none of ["Z.9X", "constructor", undefined]) equal(dpuOf(none), undefined);
  });

  it("give a job its capacity in the lake", () => {
    equal(workers({ WorkerType: "G.16X", NumberOfWorkers: 3 }).MaxCapacity, 48);
    equal(workers({ WorkerType: "R.2X", NumberOfWorkers: 2 }).MaxCapacity, 4);
  });

  for (const type of ["Standard", "G.025X", "Z.9X"]) {
    it(`${type} is none for the lake's jobs`, () =>
      throws(() => workers({ WorkerType: type as WorkerType, NumberOfWorkers: 2 }), /not supported/));
  }
});
