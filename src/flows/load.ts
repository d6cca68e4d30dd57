// Load: sample rows (and generated ones) to the lake's S3, then the loader job carries them into the database.
import { join } from "node:path";
import { putFile, putStream } from "../aws/objects.ts";
import type { AwsSession } from "../aws/session.ts";
import type { JobRun } from "../jobs/runs.ts";
import { samplesFolder } from "./assets.ts";
import { lakeStack } from "./lakeStack.ts";
import { type RunRequest, runToEnd } from "./runJob.ts";
import { generateRows } from "./samples/generate.ts";
import { readSample } from "./samples/sample.ts";

export interface LoadRequest extends Omit<RunRequest, "arguments"> {
  readonly stackName: string;
  /** Orders to generate beside the sample's 69,659. */
  readonly rows?: number;
  /** The same seed gives the same rows. */
  readonly seed?: number;
}

/** Uploads and runs the loader; where `earlier` names a run of it, the uploads were done and it is only waited for. */
export async function load(session: AwsSession, request: LoadRequest): Promise<JobRun> {
  const { report, signal } = request;
  const { dataBucket, loaderJob } = await lakeStack(session, request.stackName);
  if (request.earlier?.runs[loaderJob] !== undefined) return runToEnd(session, loaderJob, request);
  for (const table of ["customers", "orders"] as const) {
    report({ kind: "progress", text: `Uploading the sample's ${table} to s3://${dataBucket}/source/${table}/` });
    await putFile(
      session,
      dataBucket,
      `source/${table}/sample.csv.gz`,
      join(samplesFolder(), `${table}.csv.gz`),
      signal,
    );
  }
  if (request.rows !== undefined) {
    const generated = generateRows(await readSample(samplesFolder()), request.rows, request.seed ?? 1);
    for (const table of ["customers", "orders"] as const) {
      report({
        kind: "progress",
        text: `Generating ${table} for ${request.rows} orders to s3://${dataBucket}/source/${table}/`,
      });
      await putStream(session, dataBucket, `source/${table}/generated.csv.gz`, generated[table], signal);
    }
  }
  return runToEnd(session, loaderJob, request);
}
