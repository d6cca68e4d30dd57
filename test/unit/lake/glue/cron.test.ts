// AWS cron expressions: when they fire next, and which are refused. Calendar facts are 2026's: 1 January is a Thursday.
import { equal, throws } from "node:assert/strict";
import { nextFire, parseSchedule } from "../../../../src/lake/services/glue/triggers/cron.ts";

/** The first `count` fires after `from`, as "Thu 2026-01-01 01:00". */
function fires(expression: string, from: string, count = 1): string[] {
  const found: string[] = [];
  let at = Date.parse(`${from}Z`);
  for (let index = 0; index < count; index++) {
    const next = nextFire(expression, at);
    if (next === undefined) break;
    found.push(
      `${["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][new Date(next).getUTCDay()]} ${new Date(next).toISOString().slice(0, 16).replace("T", " ")}`,
    );
    at = next;
  }
  return found;
}

const SCHEDULES: [expression: string, from: string, expected: string[]][] = [
  // Times of day
  ["cron(0 1 * * ? *)", "2026-01-01T00:59:59", ["Thu 2026-01-01 01:00", "Fri 2026-01-02 01:00"]],
  ["cron(0 1 * * ? *)", "2026-01-01T01:00:00", ["Fri 2026-01-02 01:00"]],
  ["cron(15 12 * * ? *)", "2026-12-31T12:15:00", ["Fri 2027-01-01 12:15"]],
  [
    "cron(0/15 * * * ? *)",
    "2026-01-01T10:20:00",
    ["Thu 2026-01-01 10:30", "Thu 2026-01-01 10:45", "Thu 2026-01-01 11:00"],
  ],
  [
    "cron(1/10 3 * * ? *)",
    "2026-01-01T03:40:00",
    ["Thu 2026-01-01 03:41", "Thu 2026-01-01 03:51", "Fri 2026-01-02 03:01"],
  ],
  ["cron(*/20 22-23 * * ? *)", "2026-01-01T23:40:00", ["Fri 2026-01-02 22:00", "Fri 2026-01-02 22:20"]],
  [
    "cron(5,35 6,18 * * ? *)",
    "2026-01-01T06:10:00",
    ["Thu 2026-01-01 06:35", "Thu 2026-01-01 18:05", "Thu 2026-01-01 18:35", "Fri 2026-01-02 06:05"],
  ],
  [
    "cron(10-30/10 0 * * ? *)",
    "2026-01-01T00:00:00",
    ["Thu 2026-01-01 00:10", "Thu 2026-01-01 00:20", "Thu 2026-01-01 00:30", "Fri 2026-01-02 00:10"],
  ],
  // Days of the month
  ["cron(0 8 1 * ? *)", "2026-01-01T09:00:00", ["Sun 2026-02-01 08:00", "Sun 2026-03-01 08:00"]],
  ["cron(0 0 31 * ? *)", "2026-01-31T00:00:00", ["Tue 2026-03-31 00:00", "Sun 2026-05-31 00:00"]],
  ["cron(0 0 29 2 ? *)", "2026-01-01T00:00:00", ["Tue 2028-02-29 00:00", "Sun 2032-02-29 00:00"]],
  ["cron(0 0 L * ? *)", "2026-01-31T12:00:00", ["Sat 2026-02-28 00:00", "Tue 2026-03-31 00:00"]],
  ["cron(0 0 L 2 ? *)", "2028-01-01T00:00:00", ["Tue 2028-02-29 00:00"]],
  [
    "cron(0 0 1,15,L * ? *)",
    "2026-02-01T00:00:00",
    ["Sun 2026-02-15 00:00", "Sat 2026-02-28 00:00", "Sun 2026-03-01 00:00"],
  ],
  [
    "cron(0 0 1/10 4 ? *)",
    "2026-04-01T00:00:00",
    ["Sat 2026-04-11 00:00", "Tue 2026-04-21 00:00", "Thu 2027-04-01 00:00"],
  ],
  // The weekday nearest to a day, never in another month: 1 Aug 2026 is a Saturday, 31 May 2026 a Sunday.
  ["cron(0 0 15W * ? *)", "2026-08-01T00:00:00", ["Fri 2026-08-14 00:00", "Tue 2026-09-15 00:00"]],
  ["cron(0 0 1W 8 ? *)", "2026-01-01T00:00:00", ["Mon 2026-08-03 00:00"]],
  ["cron(0 0 31W 5 ? *)", "2026-05-01T00:00:00", ["Fri 2026-05-29 00:00"]],
  ["cron(0 0 31W * ? *)", "2026-06-01T00:00:00", ["Fri 2026-07-31 00:00"]],
  ["cron(0 0 LW * ? *)", "2026-05-01T00:00:00", ["Fri 2026-05-29 00:00", "Tue 2026-06-30 00:00"]],
  // Days of the week: 1 is Sunday
  ["cron(0 18 ? * MON-FRI *)", "2026-01-02T18:00:00", ["Mon 2026-01-05 18:00", "Tue 2026-01-06 18:00"]],
  ["cron(0 18 ? * 2-6 *)", "2026-01-02T18:00:00", ["Mon 2026-01-05 18:00"]],
  ["cron(0 0 ? * 1 *)", "2026-01-01T00:00:00", ["Sun 2026-01-04 00:00"]],
  [
    "cron(0 0 ? * SAT,sun *)",
    "2026-01-01T00:00:00",
    ["Sat 2026-01-03 00:00", "Sun 2026-01-04 00:00", "Sat 2026-01-10 00:00"],
  ],
  ["cron(0 0 ? * L *)", "2026-01-01T00:00:00", ["Sat 2026-01-03 00:00"]],
  ["cron(0 0 ? * 6L *)", "2026-01-01T00:00:00", ["Fri 2026-01-30 00:00", "Fri 2026-02-27 00:00"]],
  ["cron(0 0 ? * FRI#3 *)", "2026-01-01T00:00:00", ["Fri 2026-01-16 00:00", "Fri 2026-02-20 00:00"]],
  ["cron(0 0 ? * 2#5 *)", "2026-01-01T00:00:00", ["Mon 2026-03-30 00:00", "Mon 2026-06-29 00:00"]],
  ["cron(0/5 8-17 ? * MON-FRI *)", "2026-01-02T17:55:00", ["Mon 2026-01-05 08:00", "Mon 2026-01-05 08:05"]],
  // Months and years
  ["cron(0 0 1 JAN,jul ? *)", "2026-01-01T00:00:00", ["Wed 2026-07-01 00:00", "Fri 2027-01-01 00:00"]],
  [
    "cron(0 0 1 2/3 ? *)",
    "2026-01-01T00:00:00",
    ["Sun 2026-02-01 00:00", "Fri 2026-05-01 00:00", "Sat 2026-08-01 00:00", "Sun 2026-11-01 00:00"],
  ],
  ["cron(0 0 1 1 ? 2028-2029)", "2026-01-01T00:00:00", ["Sat 2028-01-01 00:00", "Mon 2029-01-01 00:00"]],
  ["cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00", []],
  ["cron(30 23 31 12 ? 2026)", "2026-12-31T23:29:59", ["Thu 2026-12-31 23:30"]],
];

const REFUSED: [expression: string, reason: RegExp][] = [
  ["0 1 * * ? *", /must be of the form cron/],
  ["CRON(0 1 * * ? *)", /must be of the form cron/],
  ["rate(1 day)", /must be of the form cron/],
  ["cron(0 1 * * ?)", /six fields are needed, 5 were given/],
  ["cron(0 1 * * * *)", /exactly one of day-of-month and day-of-week must be \?/],
  ["cron(0 1 ? * ? *)", /exactly one of/],
  ["cron(60 1 * * ? *)", /60 is not a value of minutes \(0 to 59\)/],
  ["cron(0 24 * * ? *)", /24 is not a value of hours/],
  ["cron(0 1 0 * ? *)", /0 is not a value of day-of-month/],
  ["cron(0 1 * 13 ? *)", /13 is not a value of month/],
  ["cron(0 1 ? * 8 *)", /8 is not a value of day-of-week/],
  ["cron(0 1 * * ? 1969)", /1969 is not a value of year/],
  ["cron(0 1 * FOO ? *)", /FOO is not a value of month/],
  ["cron(0 5-1 * * ? *)", /runs backwards/],
  ["cron(0/0 1 * * ? *)", /is no step/],
  ["cron(0 1 1-2-3 * ? *)", /is no range/],
  ["cron(, 1 * * ? *)", /is not a value of minutes/],
  ["cron(* * * * ? *)", /more often than every 5 minutes/],
  ["cron(0/4 1 * * ? *)", /more often than every 5 minutes/],
  ["cron(0,58 * * * ? *)", /more often than every 5 minutes/],
  ["cron(0,58 0,23 * * ? *)", /more often than every 5 minutes/],
];

describe("cron expressions of AWS Glue", () => {
  for (const [expression, from, expected] of SCHEDULES) {
    it(`${expression} after ${from} fires ${expected.join(", ") || "never"}`, () => {
      equal(fires(expression, from, Math.max(1, expected.length)).join(", "), expected.join(", "));
    });
  }

  for (const [expression, reason] of REFUSED) {
    it(`refuses ${expression}`, () => {
      throws(() => parseSchedule(expression), reason);
    });
  }

  it("takes two fires close together where no hour follows the other", () => {
    equal(fires("cron(0,58 3 * * ? *)", "2026-01-01T03:00:00").join(), "Thu 2026-01-01 03:58");
  });
});
