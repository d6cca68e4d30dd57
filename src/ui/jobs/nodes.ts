// What the jobs view lists, as plain data, and what its texts say.
import type { Crawler } from "../../jobs/crawlers.ts";
import type { Job } from "../../jobs/jobs.ts";
import { isTerminal } from "../../jobs/runState.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { errorLine } from "../../jobs/errorLine.ts";
import { dpuHours, nextTime, runSeconds } from "../../jobs/schedule.ts";
import type { Trigger } from "../../jobs/triggers.ts";
import { ago, duration, fullTime, moment, upcoming } from "../shell/times.ts";
import type { TreeNode } from "../shell/tree.ts";

export interface JobNode extends TreeNode {
  readonly kind: "job";
  readonly job: Job;
  /** Its newest run. "unknown" where it could not be read. */
  readonly last: JobRun | "unknown" | undefined;
}

export interface RunNode extends TreeNode {
  readonly kind: "run";
  readonly run: JobRun;
  readonly parent: JobNode;
}

export interface ListNode extends TreeNode {
  readonly kind: "list";
  readonly list: "triggers" | "crawlers";
  readonly count: number;
}

export interface TriggerNode extends TreeNode {
  readonly kind: "trigger";
  readonly trigger: Trigger;
  /** The newest run that it started, of those that were read. */
  readonly last: JobRun | undefined;
  readonly parent: ListNode;
}

export interface CrawlerNode extends TreeNode {
  readonly kind: "crawler";
  readonly crawler: Crawler;
  readonly parent: ListNode;
}

export type JobsNode = JobNode | RunNode | ListNode | TriggerNode | CrawlerNode;

export function jobNode(job: Job, last: JobNode["last"]): JobNode {
  return { kind: "job", id: `job/${job.name}`, job, last };
}

export function runNode(run: JobRun, parent: JobNode): RunNode {
  return { kind: "run", id: `${parent.id}/${run.id}`, run, parent };
}

export function listNode(list: ListNode["list"], count: number): ListNode {
  return { kind: "list", id: list, list, count };
}

export function triggerNode(trigger: Trigger, last: JobRun | undefined, parent: ListNode): TriggerNode {
  return { kind: "trigger", id: `triggers/${trigger.name}`, trigger, last, parent };
}

export function crawlerNode(crawler: Crawler, parent: ListNode): CrawlerNode {
  return { kind: "crawler", id: `crawlers/${crawler.name}`, crawler, parent };
}

/**
 * "SUCCEEDED 5 min ago · 12 s"; "FAILED 5 min ago · KeyError: 'day' · 12 s"; "RUNNING 12 s"; "never ran". A side bar is narrow: what
 * matters most stands first, and why it failed before how long that took.
 */
export function jobText(last: JobNode["last"], now: Date): string {
  if (last === undefined) return "never ran";
  if (last === "unknown") return "runs can't be read";
  const ended = isTerminal(last.state);
  const when = ended && last.started !== undefined ? [ago(last.started, now)] : [];
  const took = seconds(last, now);
  const first = [last.state, ...(ended ? when : took)].join(" ");
  return [first, ...why(last), ...(ended ? took : [])].join(" · ");
}

export function runLabel(run: JobRun, now: Date): string {
  return run.started === undefined ? run.id : moment(run.started, now);
}

/** "SUCCEEDED · 12 s · 0.02 DPU-hours"; "FAILED · KeyError: 'day' · 3 s". */
export function runText(run: JobRun, now: Date): string {
  return [run.state, ...why(run), ...seconds(run, now), ...dpu(run)].join(" · ");
}

function seconds(run: JobRun, now: Date): string[] {
  const took = runSeconds(run, now);
  return took === undefined ? [] : [duration(isTerminal(run.state) ? took : Math.floor(took))];
}

/** "0.02 DPU-hours": three digits that count, never "0.00". */
export function dpuText(hours: number): string {
  const shown = hours >= 10 ? hours.toFixed(1) : hours >= 0.1 ? hours.toFixed(2) : hours.toPrecision(2);
  return `${Number(shown)} DPU-hours`;
}

function dpu(run: JobRun): string[] {
  const hours = dpuHours(run);
  return hours === undefined || hours === 0 ? [] : [dpuText(hours)];
}

function why(run: JobRun): string[] {
  const line = errorLine(run.error);
  return line === undefined ? [] : [line];
}

export function runTooltip(run: JobRun, now: Date): string {
  const given = Object.entries(run.arguments);
  const hours = dpuHours(run);
  return [
    `${run.job} · ${run.state}`,
    ...(run.error === undefined ? [] : ["", run.error.length > 2000 ? `${run.error.slice(0, 2000)} ...` : run.error]),
    "",
    ...(run.started === undefined ? [] : [`Started ${fullTime(run.started)}`]),
    ...(run.completed === undefined ? [] : [`Ended ${fullTime(run.completed)}`]),
    ...seconds(run, now).map((took) => `Duration ${took}`),
    ...(run.executionSeconds === 0 ? [] : [`Execution time ${duration(run.executionSeconds)}, start-up left out`]),
    ...(hours === undefined ? [] : [dpuText(hours)]),
    ...(run.workers === undefined ? [] : [`${run.workers} workers ${run.workerType ?? ""}`.trim()]),
    ...(run.attempt === 0 ? [] : [`Retry ${run.attempt}`]),
    ...(run.trigger === undefined ? [] : [`Started by trigger ${run.trigger}`]),
    ...(given.length === 0 ? [] : ["Arguments of this run:", ...given.map(([name, value]) => `  ${name} ${value}`)]),
    `Run ${run.id}`,
  ].join("\n");
}

export function jobTooltip({ job, last }: JobNode, now: Date): string {
  return [
    job.name,
    ...(job.description === undefined ? [] : [job.description]),
    "",
    [
      job.glueVersion === undefined ? "" : `Glue ${job.glueVersion}`,
      job.workers === undefined ? "" : `${job.workers} workers ${job.workerType ?? ""}`,
    ]
      .filter((text) => text !== "")
      .join(" · "),
    ...(job.script === undefined ? [] : [`Script ${job.script}`]),
    ...(job.timeoutMinutes === undefined ? [] : [`Stopped after ${job.timeoutMinutes} min`]),
    ...(typeof last === "object" ? ["", "Last run:", runTooltip(last, now)] : []),
  ].join("\n");
}

/** "ACTIVATED · next tomorrow 02:00 · last SUCCEEDED 3 h ago"; "ACTIVATED · after orders-etl SUCCEEDED". */
export function triggerText({ trigger, last }: TriggerNode, now: Date): string {
  const next = trigger.state === "ACTIVATED" ? nextTime(trigger.schedule, now) : undefined;
  return [
    trigger.state,
    ...(trigger.type === "ON_DEMAND" ? ["on demand"] : []),
    ...(trigger.conditions.length === 0
      ? []
      : [`after ${trigger.conditions.join(trigger.logical === "ANY" ? " or " : " and ")}`]),
    ...(next === undefined ? [] : [`next ${upcoming(next, now)}`]),
    ...(trigger.schedule !== undefined && next === undefined && trigger.state === "ACTIVATED"
      ? ["never fires again"]
      : []),
    ...(last === undefined
      ? []
      : [`last ${last.state}${last.started === undefined ? "" : ` ${ago(last.started, now)}`}`]),
  ].join(" · ");
}

export function triggerTooltip({ trigger, last }: TriggerNode, now: Date): string {
  const next = nextTime(trigger.schedule, now);
  return [
    `${trigger.name} · ${trigger.type} · ${trigger.state}`,
    ...(trigger.description === undefined ? [] : [trigger.description]),
    ...(trigger.schedule === undefined ? [] : [`Schedule ${trigger.schedule}, in UTC`]),
    ...(next === undefined
      ? []
      : [
          trigger.state === "ACTIVATED"
            ? `Fires next ${fullTime(next)}`
            : `Once started it fires next ${fullTime(next)}`,
        ]),
    ...(trigger.jobs.length === 0 ? [] : [`Starts ${trigger.jobs.join(", ")}`]),
    ...(trigger.crawlers.length === 0 ? [] : [`Starts crawler ${trigger.crawlers.join(", ")}`]),
    ...(last === undefined ? [] : ["", "Last run that it started:", runTooltip(last, now)]),
  ].join("\n");
}

/** "RUNNING · 12 s"; "SUCCEEDED 5 min ago · next today 22:00"; "never ran". */
export function crawlerText(crawler: Crawler, now: Date): string {
  const next = nextTime(crawler.schedule, now);
  if (crawler.state !== "READY")
    return [crawler.state, ...(crawler.elapsed > 0 ? [duration(Math.floor(crawler.elapsed / 1000))] : [])].join(" · ");
  return [
    crawler.lastStatus === undefined
      ? "never ran"
      : `${crawler.lastStatus}${crawler.lastStarted === undefined ? "" : ` ${ago(crawler.lastStarted, now)}`}`,
    ...(next === undefined ? [] : [`next ${upcoming(next, now)}`]),
    ...(crawler.lastStatus === "FAILED" && crawler.lastError !== undefined ? [errorLine(crawler.lastError) ?? ""] : []),
  ].join(" · ");
}

export function crawlerTooltip(crawler: Crawler, now: Date): string {
  const next = nextTime(crawler.schedule, now);
  return [
    `${crawler.name} · ${crawler.state}`,
    ...(crawler.database === undefined ? [] : [`Writes to database ${crawler.database}`]),
    ...crawler.paths.map((path) => `Crawls ${path}`),
    ...(crawler.schedule === undefined ? [] : [`Schedule ${crawler.schedule}, in UTC`]),
    ...(next === undefined ? [] : [`Runs next ${fullTime(next)}`]),
    ...(crawler.lastStarted === undefined
      ? []
      : [`Last crawl ${crawler.lastStatus ?? ""}, started ${fullTime(crawler.lastStarted)}`]),
    ...(crawler.lastError === undefined ? [] : ["", crawler.lastError]),
  ].join("\n");
}

/** Space-separated words, for the menus. */
export function jobsContext(node: JobsNode): string {
  switch (node.kind) {
    case "job": {
      const { last } = node;
      return [
        "job",
        ...(node.job.script?.startsWith("s3://") === true ? ["script"] : []),
        ...(typeof last === "object" ? ["ran"] : []),
        ...(typeof last === "object" && !isTerminal(last.state) ? ["active"] : []),
      ].join(" ");
    }
    case "run":
      return [
        "run",
        "ran",
        isTerminal(node.run.state) ? "ended" : "active",
        ...(node.run.error === undefined ? [] : ["failed"]),
      ].join(" ");
    case "list":
      return node.list;
    case "trigger": {
      const { state, type } = node.trigger;
      const on = state === "ACTIVATED" || state === "ACTIVATING";
      return ["trigger", ...(type === "ON_DEMAND" || !on ? ["startable"] : ["stoppable"])].join(" ");
    }
    case "crawler":
      return ["crawler", node.crawler.state === "READY" ? "ready" : "active"].join(" ");
  }
}
