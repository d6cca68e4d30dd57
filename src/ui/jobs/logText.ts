// What a log's channel says: its lines, and how the run ended. Pure.
import type { LogLine } from "../../jobs/logs.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { dpuHours, runSeconds } from "../../jobs/schedule.ts";
import { oneLine } from "../shell/text.ts";
import { duration, fullTime } from "../shell/times.ts";
import { dpuText } from "./nodes.ts";

/** The error log is marked, since Spark and Python write more than errors there. Pure. */
export function lineText({ source, text }: Pick<LogLine, "source" | "text">): string {
  const line = text.replace(/\r?\n$/, "");
  return source === "error" ? line.replaceAll(/^/gm, "[error log] ") : line;
}

/** What a person wants to know of a run before its first line: since when, on what, with which arguments. Pure. */
export function headText(run: JobRun): string[] {
  const { started, trigger, workers, workerType, attempt } = run;
  const by = trigger === undefined ? "" : ` by trigger ${trigger}`;
  return [
    ...(started === undefined ? [] : [`Started ${fullTime(started)}${by}`]),
    ...(workers === undefined ? [] : [`${workers} workers ${workerType ?? ""}`.trim()]),
    ...(attempt === 0 ? [] : [`Retry ${attempt}`]),
    ...Object.entries(run.arguments).map(([name, value]) => `Argument ${oneLine(`${name} ${value}`)}`),
  ];
}

/** "SUCCEEDED after 12 s, 0.02 DPU-hours". Pure. */
export function endText(run: JobRun): string {
  const took = runSeconds(run, new Date());
  const hours = dpuHours(run);
  return [
    `${run.state}${took === undefined ? "" : ` after ${duration(took)}`}`,
    ...(hours === undefined || hours === 0 ? [] : [dpuText(hours)]),
  ].join(", ");
}
