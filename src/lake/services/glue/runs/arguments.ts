// The words a script is started with. AWS page: Glue Developer Guide, "Using job parameters in AWS Glue jobs".
import type { RunMembers, StoredJob, StoredRun } from "../jobs/jobs.ts";

/** Arguments of a run by name: the job's defaults, the run's own over them, and what can't be overridden over both. */
export function runArguments(job: StoredJob, run: RunMembers): Record<string, string> {
  return { ...job.DefaultArguments, ...run.Arguments, ...job.NonOverridableArguments };
}

/** sys.argv without the script: Glue's own names first, then all arguments as they are spelled. */
export function commandLine(job: StoredJob, run: StoredRun["run"]): string[] {
  const own = { "--JOB_NAME": job.Name, "--JOB_ID": job.JobId, "--JOB_RUN_ID": run.Id };
  return Object.entries({ ...runArguments(job, run), ...own }).flatMap(([name, value]) => [name, value]);
}
