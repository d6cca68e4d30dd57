// What the jobs view reads. Jobs are listed once and looked at again by their newest run; an opened job's runs are read by pages.
import type { AwsSession } from "../../aws/session.ts";
import { BoathouseError } from "../../base/errors.ts";
import type { Crawler } from "../../jobs/crawlers.ts";
import type { Job } from "../../jobs/jobs.ts";
import { isTerminal, nextRunState } from "../../jobs/runState.ts";
import type { JobRun } from "../../jobs/runs.ts";
import type { Trigger } from "../../jobs/triggers.ts";
import { failedNode, type StateNode, type TreeSource } from "../shell/tree.ts";
import { known } from "../shell/failures.ts";
import { jobsItem } from "./items.ts";
import {
  crawlerNode,
  type JobNode,
  jobNode,
  type JobsNode,
  type ListNode,
  listNode,
  runNode,
  triggerNode,
} from "./nodes.ts";

/** Runs that an opened job shows at first, and more at each "earlier". */
const RUNS = 10;
/** Jobs whose newest run is read at once. */
const AT_ONCE = 6;
/** Jobs that the view shows at first, and more at each "more". */
const JOBS = 100;
/** On AWS the newest run of a job where none is under way is read again after this; ms. Its requests have a limit that an account shares. */
const RESTING = 60_000;
/** Jobs, triggers and crawlers themselves are listed again after this; ms. */
const LISTED = 30_000;

interface Lists {
  readonly at: number;
  readonly jobs: readonly Job[];
  readonly triggers: readonly Trigger[] | BoathouseError;
  readonly crawlers: readonly Crawler[] | BoathouseError;
}

export class JobsSource implements TreeSource<JobsNode> {
  readonly viewId = "boathouse.jobs";
  readonly item = jobsItem;
  private lists: Lists | undefined;
  private of: AwsSession | undefined;
  private readonly shown = new Map<string, number>();
  private jobsShown = JOBS;
  /** When a job's newest run was read. */
  private readonly readAt = new Map<string, number>();
  /** Newest runs by job, as last read. */
  private readonly newest = new Map<string, JobRun>();
  /** Jobs whose runs could not be read. */
  private readonly unread = new Set<string>();
  private nodes: readonly JobNode[] = [];

  /** @param seen told after the jobs were read: whether something of theirs is under way. */
  constructor(private readonly seen: (running: boolean) => void) {}

  /** As last listed. */
  get jobs(): readonly JobNode[] {
    return this.nodes;
  }

  /** Lists all anew at the next reading. */
  forget(): void {
    this.lists = undefined;
    this.readAt.clear();
  }

  moreJobs(): void {
    this.jobsShown += JOBS;
  }

  moreRuns(job: string): void {
    this.shown.set(job, (this.shown.get(job) ?? RUNS) + RUNS);
  }

  parent(node: JobsNode): JobsNode | undefined {
    return node.kind === "job" || node.kind === "list" ? undefined : node.parent;
  }

  async children(node: JobsNode | undefined, session: AwsSession): Promise<readonly (JobsNode | StateNode)[]> {
    if (node === undefined) return this.roots(session);
    if (node.kind === "job") return this.runs(node, session);
    return node.kind === "list" ? this.listed(node) : [];
  }

  private async roots(session: AwsSession): Promise<readonly (JobsNode | StateNode)[]> {
    if (session !== this.of) {
      this.of = session;
      this.forget();
      this.newest.clear();
    }
    try {
      const lists = await this.read(session);
      this.nodes = await this.withLast(session, lists.jobs.slice(0, this.jobsShown));
      const crawling =
        !(lists.crawlers instanceof BoathouseError) && lists.crawlers.some(({ state }) => state !== "READY");
      this.seen(crawling || this.nodes.some(({ last }) => typeof last === "object" && !isTerminal(last.state)));
      return [
        ...this.nodes,
        ...(lists.jobs.length > this.jobsShown ? [moreJobs(lists.jobs.length - this.jobsShown)] : []),
        ...(isEmpty(lists.triggers) ? [] : [listNode("triggers", count(lists.triggers))]),
        ...(isEmpty(lists.crawlers) ? [] : [listNode("crawlers", count(lists.crawlers))]),
      ];
    } catch (error) {
      this.seen(false);
      throw error;
    }
  }

  /** What is there, listed again once in a while; crawlers each time, since their state stands in the list. */
  private async read(session: AwsSession): Promise<Lists> {
    const [{ listJobs }, { listTriggers }, { listCrawlers }] = await Promise.all([
      import("../../jobs/jobs.ts"),
      import("../../jobs/triggers.ts"),
      import("../../jobs/crawlers.ts"),
    ]);
    const before = this.lists;
    const fresh = before !== undefined && Date.now() - before.at < LISTED ? before : undefined;
    const [jobs, triggers, crawlers] = await Promise.all([
      fresh?.jobs ?? listJobs(session),
      // Who may see jobs may not always see these: that is said where they would stand.
      fresh?.triggers ?? listTriggers(session).catch(known),
      listCrawlers(session).catch(known),
    ]);
    const lists = { at: fresh?.at ?? Date.now(), jobs, triggers, crawlers };
    this.lists = lists;
    return lists;
  }

  private async withLast(session: AwsSession, jobs: readonly Job[]): Promise<JobNode[]> {
    const nodes: JobNode[] = [];
    let next = 0;
    const work = async () => {
      for (let at = next++; at < jobs.length; at = next++) {
        const job = jobs[at];
        if (job !== undefined) nodes[at] = jobNode(job, await this.last(job, session));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    // One that was deleted meanwhile has no place in the list.
    return nodes.filter(({ job }) => !this.gone.has(job.name));
  }

  /** Jobs that were deleted since they were listed. */
  private readonly gone = new Set<string>();

  private async last(job: Job, session: AwsSession): Promise<JobNode["last"]> {
    const before = this.newest.get(job.name);
    const age = Date.now() - (this.readAt.get(job.name) ?? 0);
    const rests = before === undefined || isTerminal(before.state);
    if (session.connection.kind !== "local" && rests && age < RESTING) {
      return this.unread.has(job.name) ? "unknown" : before;
    }
    try {
      const { runPage } = await import("../../jobs/runs.ts");
      const [run] = (await runPage(session, job.name, 1)).runs;
      this.readAt.set(job.name, Date.now());
      this.gone.delete(job.name);
      this.unread.delete(job.name);
      if (run === undefined) return undefined;
      // A late answer must not undo an end that was seen.
      const shown = before?.id === run.id ? { ...run, state: nextRunState(before.state, run.state) } : run;
      this.newest.set(job.name, shown);
      return shown;
    } catch (error) {
      const { kind } = known(error);
      if (kind === "notFound") {
        this.gone.add(job.name);
        this.forget();
      } else if (kind !== "denied" && kind !== "throttled") throw error;
      this.readAt.set(job.name, Date.now());
      if (before !== undefined) return before;
      this.unread.add(job.name);
      return "unknown";
    }
  }

  private async runs(node: JobNode, session: AwsSession): Promise<readonly (JobsNode | StateNode)[]> {
    const { runPage } = await import("../../jobs/runs.ts");
    const { name } = node.job;
    const wanted = this.shown.get(name) ?? RUNS;
    const runs: JobRun[] = [];
    let token: string | undefined;
    do {
      const page = await runPage(session, name, Math.min(200, wanted - runs.length), token);
      runs.push(...page.runs);
      token = page.next;
    } while (token !== undefined && runs.length < wanted);
    if (runs.length === 0) {
      const command = { id: "boathouse.jobs.run", title: "Run Job", args: [node] } as const;
      return [{ kind: "state", id: `${node.id}/empty`, state: "empty", text: "It has not run yet", command }];
    }
    const nodes = runs.map((run) => runNode(run, node));
    if (token === undefined) return nodes;
    const command = { id: "boathouse.jobs.moreRuns", title: "Show Earlier Runs", args: [name] } as const;
    return [...nodes, { kind: "state", id: `${node.id}/more`, state: "more", text: "Show earlier runs", command }];
  }

  private listed(node: ListNode): readonly (JobsNode | StateNode)[] {
    const items = this.lists?.[node.list] ?? [];
    if (items instanceof BoathouseError) return [failedNode(items, node.id)];
    if (node.list === "crawlers") return (items as readonly Crawler[]).map((crawler) => crawlerNode(crawler, node));
    return (items as readonly Trigger[]).map((trigger) => triggerNode(trigger, this.lastOf(trigger), node));
  }

  /** The newest run that a trigger started, of the newest runs of its jobs. */
  private lastOf({ name, jobs }: Trigger): JobRun | undefined {
    return jobs
      .flatMap((job) => this.newest.get(job) ?? [])
      .filter((run) => run.trigger === name)
      .sort((a, b) => (b.started?.getTime() ?? 0) - (a.started?.getTime() ?? 0))[0];
  }
}

function moreJobs(count: number): StateNode {
  const command = { id: "boathouse.jobs.moreJobs", title: "Show More Jobs" } as const;
  return { kind: "state", id: "more", state: "more", text: `Show more jobs (${count})`, command };
}

function isEmpty(list: readonly unknown[] | BoathouseError): boolean {
  return !(list instanceof BoathouseError) && list.length === 0;
}

function count(list: readonly unknown[] | BoathouseError): number {
  return list instanceof BoathouseError ? 0 : list.length;
}
