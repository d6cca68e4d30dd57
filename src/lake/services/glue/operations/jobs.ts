// Jobs: their definitions. AWS page: Glue Web API Reference, "Jobs".
import type { Job } from "@aws-sdk/client-glue";
import { randomBytes } from "node:crypto";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { notFound, plainName, required } from "../faults.ts";
import { Jobs, type StoredJob } from "../jobs/jobs.ts";
import { checkedJob } from "../jobs/rules.ts";
import { page, pageSize } from "../paging.ts";
import type { RunManager } from "../runs/manager.ts";
import { glueArn, type Tags, tagsKey } from "./account.ts";

const DEFINITION = [
  "Description",
  "LogUri",
  "Role",
  "ExecutionProperty",
  "Command.Name",
  "Command.ScriptLocation",
  "Command.PythonVersion",
  "DefaultArguments",
  "NonOverridableArguments",
  "Connections",
  "MaxRetries",
  "AllocatedCapacity",
  "Timeout",
  "MaxCapacity",
  "NotificationProperty",
  "GlueVersion",
  "NumberOfWorkers",
  "WorkerType",
  "ExecutionClass",
  "JobMode",
  "JobRunQueuingEnabled",
];

export function jobOperations(jobs: Jobs, runs: RunManager): Operations<"glue"> {
  const { store } = jobs.lake;
  const { keys } = Jobs;
  return {
    CreateJob: {
      fields: ["Name", "Tags", ...DEFINITION],
      async run({ Tags, ...definition }) {
        const Name = plainName(definition.Name, "name");
        const wanted = checkedJob<Job>({ ...definition, Name });
        return jobs.alone(`job/${Name}`, async () => {
          const before = jobs.find(Name);
          if (before !== undefined) {
            if (sameJob(before, wanted)) return { Name };
            throw new ServiceError(
              "IdempotentParameterMismatchException",
              `Job ${Name} already submitted with different configuration`,
            );
          }
          const now = jobs.now();
          const job: StoredJob = {
            ...wanted,
            Name,
            JobId: `j_${randomBytes(32).toString("hex")}`,
            CreatedOn: now,
            LastModifiedOn: now,
          };
          await jobs.write((writer) => {
            writer.put(keys.job(Name), job);
            if (Tags !== undefined) writer.put(tagsKey(glueArn(jobs, `job/${Name}`)), Tags);
          });
          return { Name };
        });
      },
    },
    GetJob: {
      fields: ["JobName"],
      run: ({ JobName }) => ({ Job: shown(jobs.job(plainName(JobName, "jobName"))) }),
    },
    GetJobs: {
      fields: ["NextToken", "MaxResults"],
      async run({ NextToken, MaxResults }) {
        const { items, token } = await page<StoredJob>(store, keys.jobs(), {
          token: NextToken,
          limit: pageSize(MaxResults, 1000, 100),
        });
        return { Jobs: items.map(shown), NextToken: token };
      },
    },
    ListJobs: {
      fields: ["NextToken", "MaxResults", "Tags"],
      async run({ NextToken, MaxResults, Tags: wanted }) {
        const { items, token } = await page<StoredJob>(store, keys.jobs(), {
          token: NextToken,
          limit: pageSize(MaxResults, 1000, 100),
          where: ({ Name }) => hasTags(jobs.get<Tags>(tagsKey(glueArn(jobs, `job/${Name}`))), wanted),
        });
        return { JobNames: items.map(({ Name }) => Name), NextToken: token };
      },
    },
    BatchGetJobs: {
      fields: ["JobNames"],
      run({ JobNames }) {
        const names = required(JobNames, "jobNames");
        const found = names.flatMap((name) => jobs.find(name) ?? []);
        return { Jobs: found.map(shown), JobsNotFound: names.filter((name) => jobs.find(name) === undefined) };
      },
    },
    UpdateJob: {
      fields: ["JobName", ...DEFINITION.map((name) => `JobUpdate.${name}`)],
      async run({ JobName, JobUpdate }) {
        const Name = plainName(JobName, "jobName");
        const update = required(JobUpdate, "jobUpdate");
        return jobs.alone(`job/${Name}`, async () => {
          const before = jobs.job(Name);
          // The page: "the previous job definition is completely overwritten by this information".
          const after: StoredJob = {
            ...checkedJob<Job>({
              ...update,
              Role: update.Role ?? before.Role,
              Command: update.Command ?? before.Command,
            }),
            Name,
            JobId: before.JobId,
            CreatedOn: before.CreatedOn,
            LastModifiedOn: jobs.now(),
          };
          await jobs.write((writer) => writer.put(keys.job(Name), after));
          return { JobName: Name };
        });
      },
    },
    DeleteJob: {
      fields: ["JobName"],
      async run({ JobName }) {
        const Name = plainName(JobName, "jobName");
        // The page: a job that is not there is no error.
        await runs.endAll(runs.ofJob(Name), { state: "STOPPED", reason: "The job was deleted." });
        return jobs.alone(`job/${Name}`, async () => {
          const gone = await jobs.keysOfJob(Name);
          await jobs.write((writer) => {
            gone.forEach((key) => writer.delete(key));
            writer.delete(tagsKey(glueArn(jobs, `job/${Name}`)));
          });
          return { JobName: Name };
        });
      },
    },
  };
}

export function hasTags(tags: Tags | undefined, wanted: Tags | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([name, value]) => tags?.[name] === value);
}

function shown({ JobId: _id, ...job }: StoredJob): Job {
  return job;
}

function sameJob(before: StoredJob, wanted: Job): boolean {
  const { JobId: _id, CreatedOn: _created, LastModifiedOn: _modified, ...known } = before;
  return canonical(known) === canonical(wanted);
}

/** The same text for the same content, whatever the order of members. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${name}:${canonical(member)}`)
    .join(",")}}`;
}

export function missingJob(): ServiceError {
  return notFound("Failed to start job run due to missing metadata");
}
