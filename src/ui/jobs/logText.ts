// What a log's channel says: its lines, and how the run ended. Pure.
import type { LogLine } from "../../jobs/logs.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { dpuHours, runSeconds } from "../../jobs/schedule.ts";
import { duration } from "../shell/times.ts";
import { dpuText } from "./nodes.ts";

/** The error log is marked, since Spark and Python write more than errors there. Pure. */
export function lineText({ source, text }: Pick<LogLine, "source" | "text">): string {
  const line = text.replace(/\r?\n$/, "");
  return source === "error" ? line.replaceAll(/^/gm, "[error log] ") : line;
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
