// Job bookmarks as the API shows and resets them. AWS page: Glue Web API Reference, "GetJobBookmark", "ResetJobBookmark".
import type { Operations } from "../../../call.ts";
import { plainName } from "../faults.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { bookmarkEntry, type Bookmarks } from "../runs/bookmarks.ts";

export function bookmarkOperations(jobs: Jobs, bookmarks: Bookmarks): Operations<"glue"> {
  const known = (name: string | undefined): string => jobs.job(plainName(name, "jobName")).Name;
  return {
    GetJobBookmark: {
      fields: ["JobName", "RunId"],
      async run({ JobName, RunId }) {
        const job = known(JobName);
        const bookmark = RunId === undefined ? bookmarks.known(job) : await bookmarks.asOf(job, RunId);
        return { JobBookmarkEntry: bookmarkEntry(job, bookmark) };
      },
    },
    ResetJobBookmark: {
      fields: ["JobName", "RunId"],
      async run({ JobName, RunId }) {
        const job = known(JobName);
        return { JobBookmarkEntry: bookmarkEntry(job, await bookmarks.reset(job, RunId)) };
      },
    },
  };
}
