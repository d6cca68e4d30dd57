// Figures of runs: next fire times, durations, DPU-hours, the error line that says most.
import { equal } from "node:assert/strict";
import { errorLine } from "../../../src/jobs/errorLine.ts";
import { dpuHours, nextTime, runSeconds } from "../../../src/jobs/schedule.ts";
import type { JobRun } from "../../../src/jobs/runs.ts";

const now = new Date("2026-11-24T10:30:00Z");

function run(changes: Partial<JobRun>): JobRun {
  return {
    id: "jr_1",
    job: "etl",
    state: "SUCCEEDED",
    attempt: 0,
    started: new Date("2026-11-24T10:00:00Z"),
    completed: new Date("2026-11-24T10:00:25Z"),
    executionSeconds: 20,
    dpuSeconds: undefined,
    error: undefined,
    logGroup: "/aws-glue/jobs",
    trigger: undefined,
    arguments: {},
    workerType: "G.1X",
    workers: 2,
    ...changes,
  };
}

describe("schedules", () => {
  it("fire next in UTC, whatever the local time is", () => {
    equal(nextTime("cron(0 2 * * ? *)", now)?.toISOString(), "2026-11-25T02:00:00.000Z");
    equal(nextTime("cron(15 12 * * ? *)", now)?.toISOString(), "2026-11-24T12:15:00.000Z");
  });
  it("of the past, or that nobody can read, fire never", () => {
    equal(nextTime("cron(0 2 1 1 ? 2020)", now), undefined);
    equal(nextTime("rate(5 minutes)", now), undefined);
    equal(nextTime(undefined, now), undefined);
  });
});

describe("a run's figures", () => {
  it("it took from start to end, and under way until now", () => {
    equal(runSeconds(run({}), now), 25);
    equal(runSeconds(run({ state: "RUNNING", completed: undefined }), now), 1800);
    equal(runSeconds(run({ state: "WAITING", completed: undefined }), now), undefined);
    equal(runSeconds(run({ completed: undefined }), now), 20);
  });
  it("DPU-hours are Glue's own, or execution time by workers", () => {
    equal(dpuHours(run({ dpuSeconds: 1800 })), 0.5);
    equal(dpuHours(run({ executionSeconds: 3600, workerType: "G.2X", workers: 3 })), 6);
    equal(dpuHours(run({ workerType: "Z.9X" })), undefined);
    equal(dpuHours(run({ executionSeconds: 0 })), undefined);
  });

  for (const [error, line] of [
    ['KeyError: \'day\'\n  File "x.py", line 3, in main\n    raise KeyError("day")', "KeyError: 'day'"],
    [
      'Py4JJavaError: An error occurred while calling o50.executeQuery. org.postgresql.util.PSQLException: ERROR: relation "public.customers" does not exist\n  File "x.py", line 44',
      'org.postgresql.util.PSQLException: ERROR: relation "public.customers" does not exist',
    ],
    ["An error occurred while calling o97.pyWriteDynamicFrame. No space left", "No space left"],
    ["An error occurred while calling o97.collect.", "An error occurred while calling o97.collect."],
    [undefined, undefined],
    ["", undefined],
    ["KeyError: 'day'", "KeyError: 'day'"],
    [
      "Traceback (most recent call last):\n  File \"/tmp/x.py\", line 3, in <module>\n    main()\nKeyError: 'day'",
      "KeyError: 'day'",
    ],
    [
      "java.io.IOException: disk\n\tat a.b.C.d(C.java:1)\n\tat a.b.C.e(C.java:2)\n\t... 12 more",
      "java.io.IOException: disk",
    ],
  ] as const) {
    it(`${JSON.stringify(error)} says ${JSON.stringify(line)}`, () => equal(errorLine(error), line));
  }
});
