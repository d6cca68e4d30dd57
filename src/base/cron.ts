// AWS's cron expressions of six fields, in UTC: when they fire next. AWS page: Glue Developer Guide, "Time-based schedules for jobs and crawlers".
import { BoathouseError } from "./errors.ts";

/** Epoch ms of the next fire strictly after `from` (epoch ms), or undefined where none is left (up to the year 2199). */
export function nextFire(expression: string, from: number): number | undefined {
  return next(parseSchedule(expression), from);
}

interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  /** The days of a month on which it fires, ascending. `month` from 1. */
  readonly days: (year: number, month: number) => readonly number[];
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MINUTES: Field = { name: "minutes", least: 0, most: 59 };
const HOURS: Field = { name: "hours", least: 0, most: 23 };
const DAYS: Field = { name: "day-of-month", least: 1, most: 31 };
const MONTHS: Field = {
  name: "month",
  least: 1,
  most: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
/** 1 is Sunday. */
const WEEKDAYS: Field = {
  name: "day-of-week",
  least: 1,
  most: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};
const YEARS: Field = { name: "year", least: 1970, most: 2199 };
/** Minutes; a schedule that fires more often is refused (page above, "Limits"). */
const SHORTEST = 5;
const DAY = 86_400_000;

/** Parses `cron(minutes hours day-of-month month day-of-week year)`; throws BoathouseError `invalid` with the reason. */
export function parseSchedule(expression: string): Schedule {
  const inner = /^\s*cron\s*\((.*)\)\s*$/s.exec(expression)?.[1];
  if (inner === undefined) throw wrong(expression, "it must be of the form cron(fields)");
  const fields = inner.trim().split(/\s+/);
  if (fields.length !== 6) throw wrong(expression, `six fields are needed, ${fields.length} were given`);
  const [minutes, hours, day, month, weekday, year] = fields.map((text) => text.toUpperCase()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((day === "?") === (weekday === "?"))
    throw wrong(expression, "exactly one of day-of-month and day-of-week must be ?");
  const list = (text: string, field: Field): number[] => numbers(text, field, expression);
  const schedule: Schedule = {
    minutes: list(minutes, MINUTES),
    hours: list(hours, HOURS),
    months: list(month, MONTHS),
    years: list(year, YEARS),
    days: day === "?" ? daysOfWeek(weekday, expression) : daysOfMonth(day, expression),
  };
  if (tooOften(schedule))
    throw wrong(expression, `schedules that fire more often than every ${SHORTEST} minutes are not supported`);
  return schedule;
}

function wrong(expression: string, why: string): Error {
  return new BoathouseError("invalid", `Invalid schedule expression ${expression}: ${why}.`);
}

/** A comma-separated list of values, ranges and steps, ascending and without doubles. */
function numbers(text: string, field: Field, expression: string): number[] {
  const found = new Set<number>();
  for (const item of text.split(",")) {
    const [range = "", step, ...rest] = item.split("/");
    if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step)))
      throw wrong(expression, `${item} is no step of ${field.name}`);
    const [first, last] = bounds(range, step !== undefined, field, expression);
    for (let value = first; value <= last; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function bounds(range: string, stepped: boolean, field: Field, expression: string): [number, number] {
  if (range === "*") return [field.least, field.most];
  const [from = "", to, ...rest] = range.split("-");
  const first = value(from, field, expression);
  if (rest.length > 0) throw wrong(expression, `${range} is no range of ${field.name}`);
  // A step from one value goes on to the end: 5/15 is 5, 20, 35, 50.
  if (to === undefined) return [first, stepped ? field.most : first];
  const last = value(to, field, expression);
  if (last < first) throw wrong(expression, `the range ${range} of ${field.name} runs backwards`);
  return [first, last];
}

function value(text: string, field: Field, expression: string): number {
  const named = field.names?.indexOf(text) ?? -1;
  if (named >= 0) return named + field.least;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < field.least || number > field.most) {
    throw wrong(expression, `${text} is not a value of ${field.name} (${field.least} to ${field.most})`);
  }
  return number;
}

type Days = Schedule["days"];

/** Besides lists: L is the last day, 15W the weekday nearest to the 15th, LW the last weekday. */
function daysOfMonth(text: string, expression: string): Days {
  const parts = text.split(",").map((item): Days => {
    if (item === "L") return (year, month) => [lastDay(year, month)];
    if (item === "LW") return (year, month) => [nearestWeekday(year, month, lastDay(year, month))];
    const near = /^(\d+)W$/.exec(item)?.[1];
    if (near !== undefined) {
      const day = value(near, DAYS, expression);
      return (year, month) => (day > lastDay(year, month) ? [] : [nearestWeekday(year, month, day)]);
    }
    const list = numbers(item, DAYS, expression);
    return (year, month) => list.filter((day) => day <= lastDay(year, month));
  });
  return union(parts);
}

/** Besides lists: L is Saturday, 6L the last Friday of the month, 6#3 its third Friday. */
function daysOfWeek(text: string, expression: string): Days {
  const parts = text.split(",").map((item): Days => {
    if (item === "L") return daysOfWeek("7", expression);
    const last = /^(\w+)L$/.exec(item)?.[1];
    if (last !== undefined) {
      const weekday = value(last, WEEKDAYS, expression);
      return (year, month) => matching(year, month, [weekday]).slice(-1);
    }
    const [, nth, which] = /^(\w+)#([1-5])$/.exec(item) ?? [];
    if (nth !== undefined) {
      const weekday = value(nth, WEEKDAYS, expression);
      return (year, month) => matching(year, month, [weekday]).slice(Number(which) - 1, Number(which));
    }
    const list = numbers(item, WEEKDAYS, expression);
    return (year, month) => matching(year, month, list);
  });
  return union(parts);
}

function union(parts: readonly Days[]): Days {
  return (year, month) => [...new Set(parts.flatMap((part) => part(year, month)))].sort((a, b) => a - b);
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 1 is Sunday. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function matching(year: number, month: number, weekdays: readonly number[]): number[] {
  const all = Array.from({ length: lastDay(year, month) }, (_, index) => index + 1);
  return all.filter((day) => weekdays.includes(weekdayOf(year, month, day)));
}

/** Monday to Friday, within the same month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === lastDay(year, month) ? day - 2 : day + 1;
  return day;
}

function tooOften({ minutes, hours }: Schedule): boolean {
  if (minutes.some((minute, index) => index > 0 && minute - (minutes[index - 1] as number) < SHORTEST)) return true;
  const overHour = (minutes[0] as number) + 60 - (minutes.at(-1) as number) < SHORTEST;
  return overHour && hours.some((hour) => hours.includes((hour + 1) % 24));
}

function next(schedule: Schedule, from: number): number | undefined {
  const earliest = Math.floor(from / 60_000) * 60_000 + 60_000;
  const start = new Date(earliest);
  for (const year of schedule.years) {
    if (year < start.getUTCFullYear()) continue;
    for (const month of schedule.months) {
      if (Date.UTC(year, month, 1) <= earliest) continue;
      for (const day of schedule.days(year, month)) {
        const midnight = Date.UTC(year, month - 1, day);
        if (midnight + DAY <= earliest) continue;
        const found = timeOfDay(schedule, earliest - midnight);
        if (found !== undefined) return midnight + found;
      }
    }
  }
  return undefined;
}

/** The first time of a day at or after `earliest` (ms from midnight, may be negative). */
function timeOfDay({ hours, minutes }: Schedule, earliest: number): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const time = (hour * 60 + minute) * 60_000;
      if (time >= earliest) return time;
    }
  }
  return undefined;
}
