// What makes a job valid, as AWS checks it, and what the lake's one Spark can't be. AWS page: Glue Web API Reference, "CreateJob".
import type { Job } from "@aws-sdk/client-glue";
import { dpuOf } from "../../../../base/workerTypes.ts";
import { notImplemented } from "../../../fault.ts";
import { invalidInput, required } from "../faults.ts";

/** The lake's Spark is 3.5.6, Glue 5.1's; 5.0 has 3.5.4 and the same Python and Java. */
const RUNS_HERE = ["5.0", "5.1"];
const KNOWN_VERSIONS = ["0.9", "1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0"];
export const DEFAULT_VERSION = "5.1";

/** Worker types that AWS has, and not for Spark jobs of these Glue versions. */
const OTHER_JOBS: readonly string[] = ["Standard", "G.025X"];
const DEFAULT_WORKERS = { WorkerType: "G.1X", NumberOfWorkers: 10 } as const;
/** Minutes; 5.0 and later. */
const DEFAULT_TIMEOUT = 480;
const LONGEST_TIMEOUT = 10_080;

/** A job definition with AWS's defaults filled in; throws where AWS would, and by name where only the lake can't. */
export function checkedJob<T extends Job>(job: T): T {
  checkCommand(job);
  const version = job.GlueVersion ?? DEFAULT_VERSION;
  if (!KNOWN_VERSIONS.includes(version)) throw invalidInput(`Glue version ${version} is not supported.`);
  if (!RUNS_HERE.includes(version))
    throw notImplemented(`glue jobs of GlueVersion ${version}: its Spark is 3.5.6, as in 5.1`);
  const role = required(job.Role, "role");
  if (role.trim() === "") throw invalidInput("Role must not be empty.");
  checkBounds(job);
  return {
    ...job,
    GlueVersion: version,
    ...workers(job),
    Timeout: job.Timeout ?? DEFAULT_TIMEOUT,
    MaxRetries: job.MaxRetries ?? 0,
    ExecutionProperty: { MaxConcurrentRuns: job.ExecutionProperty?.MaxConcurrentRuns ?? 1 },
    ExecutionClass: job.ExecutionClass ?? "STANDARD",
    JobMode: job.JobMode ?? "SCRIPT",
  };
}

function checkCommand({ Command }: Job): void {
  const command = required(Command, "command");
  const name = command.Name ?? "glueetl";
  if (["pythonshell", "gluestreaming", "glueray"].includes(name))
    throw notImplemented(`glue jobs of Command.Name ${name}; it runs glueetl`);
  if (name !== "glueetl") throw invalidInput(`Invalid job command name: ${name}.`);
  if (command.PythonVersion !== undefined && command.PythonVersion !== "3") {
    throw invalidInput(`Python version ${command.PythonVersion} is not supported for this Glue version.`);
  }
  const script = required(command.ScriptLocation, "command.scriptLocation");
  // Whether the script is there is not asked before a run needs it.
  if (!/^s3:\/\/[^/]+\/.+/.test(script))
    throw invalidInput(`Invalid script location: ${script}. It must be a path in S3.`);
}

function checkBounds(job: Job): void {
  const within = (value: number | undefined, least: number, most: number, what: string): void => {
    if (value !== undefined && (value < least || value > most))
      throw invalidInput(`${what} must be between ${least} and ${most}; it is ${value}.`);
  };
  within(job.Timeout, 1, LONGEST_TIMEOUT, "Timeout");
  within(job.MaxRetries, 0, 10, "MaxRetries");
  within(job.ExecutionProperty?.MaxConcurrentRuns, 1, 1000, "MaxConcurrentRuns");
}

/** WorkerType, NumberOfWorkers and the capacity that follows of them, in DPU. */
export function workers(job: Pick<Job, "WorkerType" | "NumberOfWorkers" | "MaxCapacity" | "AllocatedCapacity">): Job {
  if (job.MaxCapacity !== undefined && (job.WorkerType !== undefined || job.NumberOfWorkers !== undefined)) {
    throw invalidInput("Please do not set Max Capacity if using Worker Type and Number of Workers.");
  }
  if (job.MaxCapacity !== undefined || job.AllocatedCapacity !== undefined) {
    throw invalidInput("MaxCapacity can't be set for Glue version 2.0 and later: set WorkerType and NumberOfWorkers.");
  }
  const { WorkerType = DEFAULT_WORKERS.WorkerType, NumberOfWorkers = DEFAULT_WORKERS.NumberOfWorkers } = job;
  const dpu = OTHER_JOBS.includes(WorkerType) ? undefined : dpuOf(WorkerType);
  if (dpu === undefined) throw invalidInput(`Worker type ${WorkerType} is not supported for this type of job.`);
  if ((job.WorkerType === undefined) !== (job.NumberOfWorkers === undefined)) {
    throw invalidInput("Worker Type and Number of Workers must be set together.");
  }
  if (NumberOfWorkers < 2 || NumberOfWorkers > 299)
    throw invalidInput(`Number of workers must be between 2 and 299; it is ${NumberOfWorkers}.`);
  return { WorkerType, NumberOfWorkers, MaxCapacity: dpu * NumberOfWorkers, AllocatedCapacity: dpu * NumberOfWorkers };
}
