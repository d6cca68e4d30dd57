// When schedules fire next, and figures of runs as a person reads them: durations, DPU-hours.
import { nextFire } from "../base/cron.ts";
import { dpuOf } from "../base/workerTypes.ts";
import type { JobRun } from "./runs.ts";
import { isTerminal } from "./runState.ts";

/** The next time that `schedule` ("cron(...)", UTC) fires after `now`. Undefined where it never does or is none that we can read. */
export function nextTime(schedule: string | undefined, now: Date): Date | undefined {
  if (schedule === undefined) return undefined;
  try {
    const at = nextFire(schedule, now.getTime());
    return at === undefined ? undefined : new Date(at);
  } catch {
    return undefined;
  }
}

/**
 * Seconds that a run took, or has taken until `now` where it is under way. A queued run has taken none.
 * Glue's ExecutionTime leaves out the start-up and is 0 until the end, so wall clock is shown.
 */
export function runSeconds(run: JobRun, now: Date): number | undefined {
  if (run.state === "WAITING" || run.started === undefined) return undefined;
  const end = run.completed ?? (isTerminal(run.state) ? undefined : now);
  return end === undefined ? run.executionSeconds : Math.max(0, (end.getTime() - run.started.getTime()) / 1000);
}

/** DPU-hours: Glue's own DPUSeconds where it gives them, else execution time by workers; undefined where neither is known. */
export function dpuHours(run: JobRun): number | undefined {
  if (run.dpuSeconds !== undefined) return run.dpuSeconds / 3600;
  const each = dpuOf(run.workerType);
  if (each === undefined || run.workers === undefined || run.executionSeconds === 0) return undefined;
  return (each * run.workers * run.executionSeconds) / 3600;
}
