// Job bookmarks: the state of each transformation_ctx, versions of it by run. AWS page: Glue Developer Guide, "Tracking processed data using job bookmarks".
import type { JobBookmarkEntry } from "@aws-sdk/client-glue";
import { ServiceError } from "../../../fault.ts";
import type { Key, Writer } from "../../../state/store.ts";
import { notFound } from "../faults.ts";
import type { Jobs, StoredRun } from "../jobs/jobs.ts";

type State = Record<string, unknown>;

export interface Bookmark {
  /** Counts saves and resets; a run may save only over the version that it read. */
  readonly version: number;
  /** How many runs have saved it. */
  readonly run: number;
  readonly attempt: number;
  readonly runId?: string;
  readonly previousRunId?: string;
  readonly state: State;
}

const NONE: Bookmark = { version: 0, run: 0, attempt: 0, state: {} };

export class Bookmarks {
  constructor(private readonly jobs: Jobs) {}

  private static key(job: string): Key {
    return ["glue", "bookmark", job];
  }

  /** History by the order of the runs, so that "the last success up to this run" is one step back. */
  private static history(job: string): Key {
    return ["glue", "bookmarkHistory", job];
  }

  current(job: string): Bookmark {
    return this.jobs.get<Bookmark>(Bookmarks.key(job)) ?? NONE;
  }

  /** The state that the last run that saved one, up to and including `runId`, left behind. */
  async asOf(job: string, runId: string): Promise<Bookmark> {
    const { order } = this.jobs.run(job, runId);
    const range = { reverse: true, limit: 1, before: [...Bookmarks.history(job), `${order}\u0001`] };
    for await (const [, bookmark] of this.jobs.lake.store.entries<Bookmark>(Bookmarks.history(job), range))
      return bookmark;
    return NONE;
  }

  /** Throws where another run has saved since `version` was read. */
  checkVersion(job: string, version: number): void {
    const { version: now } = this.current(job);
    if (now === version) return;
    throw versionMismatch(job, `this run read version ${version}, version ${now} is current`);
  }

  /** Puts what a run committed; called within the write that makes the run SUCCEEDED. */
  save(writer: Writer, { order, run, committed }: StoredRun): void {
    if (committed === undefined) return;
    const before = this.current(run.JobName);
    const after: Bookmark = {
      version: before.version + 1,
      run: before.run + 1,
      attempt: run.Attempt ?? 0,
      runId: run.Id,
      ...(before.runId === undefined ? {} : { previousRunId: before.runId }),
      state: committed.state,
    };
    writer.put(Bookmarks.key(run.JobName), after);
    writer.put([...Bookmarks.history(run.JobName), order], after);
  }

  /** Forgets all state, or goes back to what it was after `runId`. */
  async reset(job: string, runId: string | undefined): Promise<Bookmark> {
    return this.jobs.alone(`bookmark/${job}`, async () => {
      const before = this.known(job);
      const target = runId === undefined ? NONE : await this.asOf(job, runId);
      const after: Bookmark = { ...target, version: before.version + 1 };
      await this.jobs.write((writer) => writer.put(Bookmarks.key(job), after));
      return after;
    });
  }

  /** The bookmark, where a run has ever saved one. */
  known(job: string): Bookmark {
    const found = this.jobs.get<Bookmark>(Bookmarks.key(job));
    if (found === undefined) throw notFound(`Continuation for job ${job} not found`);
    return found;
  }
}

export function versionMismatch(job: string, why: string): ServiceError {
  const message = `The bookmark of job ${job} was changed by another run: ${why}. Set MaxConcurrentRuns to 1.`;
  return new ServiceError("VersionMismatchException", message, { status: 409 });
}

export function bookmarkEntry(job: string, bookmark: Bookmark): JobBookmarkEntry {
  return {
    JobName: job,
    Version: bookmark.version,
    Run: bookmark.run,
    Attempt: bookmark.attempt,
    RunId: bookmark.runId,
    PreviousRunId: bookmark.previousRunId,
    JobBookmark: JSON.stringify(bookmark.state),
  };
}
