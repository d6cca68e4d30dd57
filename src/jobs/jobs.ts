// Glue jobs: what they are, without their runs.
import type { Job as SdkJob } from "@aws-sdk/client-glue";
import { calling, ifFound } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";

export interface Job {
  readonly name: string;
  readonly description: string | undefined;
  /** s3://bucket/key of the script. */
  readonly script: string | undefined;
  readonly glueVersion: string | undefined;
  readonly workerType: string | undefined;
  readonly workers: number | undefined;
  readonly timeoutMinutes: number | undefined;
  readonly maxConcurrentRuns: number | undefined;
  readonly arguments: Readonly<Record<string, string>>;
}

export async function listJobs(session: AwsSession, signal?: AbortSignal): Promise<Job[]> {
  const { GetJobsCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const jobs = await collect(
    pages(async (token) => {
      const page = await calling("jobs", () => client.send(new GetJobsCommand({ NextToken: token })));
      return { items: page.Jobs, next: page.NextToken };
    }, signal),
  );
  return jobs.map(toJob);
}

/** One job. @throws BoathouseError `notFound` where it was deleted. */
export async function getJob(session: AwsSession, name: string): Promise<Job> {
  const { GetJobCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  const { Job: job } = await calling(`job ${name}`, () => client.send(new GetJobCommand({ JobName: name })));
  return toJob(job ?? { Name: name });
}

/** Whether there is such a job (any more). */
export async function jobExists(session: AwsSession, name: string): Promise<boolean> {
  return (await ifFound(`job ${name}`, () => getJob(session, name))) !== undefined;
}

/**
 * Forgets what a job has read, so that its next run reads all again. A job that has no bookmark yet is left as it is.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_ResetJobBookmark.html
 */
export async function resetBookmark(session: AwsSession, job: string): Promise<void> {
  const { ResetJobBookmarkCommand } = await import("@aws-sdk/client-glue");
  const client = await session.glue();
  await calling(`bookmark of job ${job}`, () => client.send(new ResetJobBookmarkCommand({ JobName: job })));
}

function toJob(job: SdkJob): Job {
  return {
    name: job.Name ?? "",
    description: job.Description,
    script: job.Command?.ScriptLocation,
    glueVersion: job.GlueVersion,
    workerType: job.WorkerType,
    workers: job.NumberOfWorkers,
    timeoutMinutes: job.Timeout,
    maxConcurrentRuns: job.ExecutionProperty?.MaxConcurrentRuns,
    arguments: job.DefaultArguments ?? {},
  };
}
