// Job scripts for the tests: uploaded to a lake's bucket, run as jobs, watched to their end.
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  type CreateJobCommandInput,
  type GlueClient,
  GetJobRunCommand,
  type JobRun,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type TestLake, waitFor } from "../harness.ts";

export const BUCKET = "glue-tests";
/** A run may take this long on a busy machine of two cores; ms. */
export const PATIENCE = 120_000;

export class JobBench {
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;

  constructor(
    readonly lake: TestLake,
    readonly glue: GlueClient,
  ) {
    this.s3 = new S3Client({ ...lake.config, forcePathStyle: true });
    this.logs = new CloudWatchLogsClient(lake.config);
  }

  async prepare(): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  }

  /** Uploads `script` and makes a job of it. */
  async job(name: string, script: string, definition: Partial<CreateJobCommandInput> = {}): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `scripts/${name}.py`, Body: script }));
    await this.glue.send(
      new CreateJobCommand({
        Name: name,
        Role: "arn:aws:iam::000000000000:role/etl",
        GlueVersion: "5.1",
        WorkerType: "G.1X",
        NumberOfWorkers: 2,
        Command: { Name: "glueetl", PythonVersion: "3", ScriptLocation: `s3://${BUCKET}/scripts/${name}.py` },
        ...definition,
      }),
    );
  }

  async start(name: string, args: Record<string, string> = {}): Promise<string> {
    const { JobRunId } = await this.glue.send(new StartJobRunCommand({ JobName: name, Arguments: args }));
    return JobRunId ?? "";
  }

  async run(name: string, id: string): Promise<JobRun> {
    const { JobRun: run } = await this.glue.send(new GetJobRunCommand({ JobName: name, RunId: id }));
    return run ?? {};
  }

  async until(name: string, id: string, ...states: string[]): Promise<JobRun> {
    let run: JobRun = {};
    await waitFor(
      async () => {
        // A retry has an id before it has a run.
        run = await this.run(name, id).catch((error: Error) => {
          if (error.name === "EntityNotFoundException") return {};
          throw error;
        });
        return states.includes(run.JobRunState ?? "");
      },
      PATIENCE,
      100,
    );
    return run;
  }

  ended(name: string, id: string): Promise<JobRun> {
    return this.until(name, id, "SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR");
  }

  async stop(name: string, id: string): Promise<void> {
    await this.glue.send(new BatchStopJobRunCommand({ JobName: name, JobRunIds: [id] }));
  }

  /** The lines of a run so far; none where there is no such stream yet. */
  async lines(id: string, kind: "output" | "error" = "output", prefix = "/aws-glue/jobs"): Promise<string[]> {
    try {
      const { events } = await this.logs.send(
        new GetLogEventsCommand({ logGroupName: `${prefix}/${kind}`, logStreamName: id, startFromHead: true }),
      );
      return (events ?? []).map(({ message }) => message ?? "");
    } catch (error) {
      if ((error as Error).name === "ResourceNotFoundException") return [];
      throw error;
    }
  }
}
