// Job definitions: AWS's defaults, AWS's refusals, and by name what only the lake can't run.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import {
  BatchGetJobsCommand,
  CreateJobCommand,
  type CreateJobCommandInput,
  DeleteJobCommand,
  GetJobCommand,
  GetJobsCommand,
  GetTagsCommand,
  GlueClient,
  ListJobsCommand,
  StartJobRunCommand,
  UpdateJobCommand,
} from "@aws-sdk/client-glue";
import { startTestLake, type TestLake } from "../harness.ts";

const JOB: CreateJobCommandInput = {
  Name: "etl",
  Role: "arn:aws:iam::000000000000:role/etl",
  GlueVersion: "5.1",
  WorkerType: "G.2X",
  NumberOfWorkers: 3,
  Command: { Name: "glueetl", PythonVersion: "3", ScriptLocation: "s3://scripts/etl.py" },
};

describe("Glue jobs", function () {
  this.timeout(60_000);
  let lake: TestLake;
  let glue: GlueClient;
  const create = (change: Partial<CreateJobCommandInput>) =>
    glue.send(new CreateJobCommand({ ...JOB, Name: "other", ...change }));

  before(async () => {
    lake = await startTestLake();
    glue = new GlueClient(lake.config);
  });
  after(() => lake.stop());

  it("get AWS's defaults", async () => {
    await glue.send(new CreateJobCommand({ ...JOB, Tags: { team: "lake" } }));
    const { Job } = await glue.send(new GetJobCommand({ JobName: "etl" }));
    deepEqual(
      [
        Job?.Timeout,
        Job?.MaxRetries,
        Job?.ExecutionProperty,
        Job?.MaxCapacity,
        Job?.AllocatedCapacity,
        Job?.ExecutionClass,
      ],
      [480, 0, { MaxConcurrentRuns: 1 }, 6, 6, "STANDARD"],
    );
    equal(Job !== undefined && "JobId" in Job, false);
    const { Tags } = await glue.send(
      new GetTagsCommand({ ResourceArn: "arn:aws:glue:us-east-1:000000000000:job/etl" }),
    );
    deepEqual(Tags, { team: "lake" });
  });

  it("are made once: the same again is answered, another one refused", async () => {
    equal((await glue.send(new CreateJobCommand(JOB))).Name, "etl");
    await rejects(glue.send(new CreateJobCommand({ ...JOB, Timeout: 5 })), {
      name: "IdempotentParameterMismatchException",
      message: "Job etl already submitted with different configuration",
    });
  });

  it("are overwritten by an update", async () => {
    await glue.send(
      new UpdateJobCommand({ JobName: "etl", JobUpdate: { Role: JOB.Role, Command: JOB.Command, Description: "new" } }),
    );
    const { Job } = await glue.send(new GetJobCommand({ JobName: "etl" }));
    deepEqual([Job?.Description, Job?.WorkerType, Job?.NumberOfWorkers, Job?.GlueVersion], ["new", "G.1X", 10, "5.1"]);
    await rejects(glue.send(new UpdateJobCommand({ JobName: "nope", JobUpdate: {} })), {
      name: "EntityNotFoundException",
    });
  });

  const REFUSED: [what: string, change: Partial<CreateJobCommandInput>, reason: RegExp][] = [
    ["a Glue version that does not exist", { GlueVersion: "9.9" }, /Glue version 9.9 is not supported/],
    [
      "a Glue version that the lake has no Spark for",
      { GlueVersion: "4.0" },
      /The local lake does not implement glue jobs of GlueVersion 4.0/,
    ],
    [
      "MaxCapacity beside workers",
      { MaxCapacity: 2 },
      /do not set Max Capacity if using Worker Type and Number of Workers/,
    ],
    [
      "MaxCapacity alone",
      { WorkerType: undefined, NumberOfWorkers: undefined, MaxCapacity: 2 },
      /MaxCapacity can't be set for Glue version 2.0 and later/,
    ],
    ["a worker type without a number", { NumberOfWorkers: undefined }, /must be set together/],
    ["one worker", { NumberOfWorkers: 1 }, /Number of workers must be between 2 and 299/],
    ["a worker type of Ray", { WorkerType: "Z.2X" }, /Worker type Z.2X is not supported/],
    [
      "a Python shell job",
      { Command: { ...JOB.Command, Name: "pythonshell" } },
      /does not implement glue jobs of Command.Name pythonshell/,
    ],
    [
      "a command that does not exist",
      { Command: { ...JOB.Command, Name: "spark" } },
      /Invalid job command name: spark/,
    ],
    [
      "a script that lies nowhere",
      { Command: { ...JOB.Command, ScriptLocation: "nope" } },
      /Invalid script location: nope/,
    ],
    ["no role", { Role: undefined }, /Value null at 'role'/],
    ["a timeout of eight days", { Timeout: 11_520 }, /Timeout must be between 1 and 10080/],
    [
      "no place to run in",
      { ExecutionProperty: { MaxConcurrentRuns: 0 } },
      /MaxConcurrentRuns must be between 1 and 1000/,
    ],
    [
      "a security configuration",
      { SecurityConfiguration: "x" },
      /does not implement glue:CreateJob with SecurityConfiguration/,
    ],
  ];
  for (const [what, change, reason] of REFUSED) {
    it(`refuse ${what}`, async () => {
      await rejects(create(change), reason);
    });
  }

  it("are listed, by tags too", async () => {
    for (const Name of ["b", "a"]) await create({ Name });
    deepEqual((await glue.send(new ListJobsCommand({}))).JobNames, ["a", "b", "etl"]);
    deepEqual((await glue.send(new ListJobsCommand({ Tags: { team: "lake" } }))).JobNames, ["etl"]);
    const first = await glue.send(new GetJobsCommand({ MaxResults: 2 }));
    const second = await glue.send(new GetJobsCommand({ NextToken: first.NextToken }));
    deepEqual(
      [...(first.Jobs ?? []), ...(second.Jobs ?? [])].map(({ Name }) => Name),
      ["a", "b", "etl"],
    );
    const some = await glue.send(new BatchGetJobsCommand({ JobNames: ["b", "zzz"] }));
    deepEqual([some.Jobs?.map(({ Name }) => Name), some.JobsNotFound], [["b"], ["zzz"]]);
  });

  it("are deleted, and one that is not there is no error", async () => {
    await glue.send(new DeleteJobCommand({ JobName: "b" }));
    equal((await glue.send(new DeleteJobCommand({ JobName: "b" }))).JobName, "b");
    await rejects(glue.send(new GetJobCommand({ JobName: "b" })), { name: "EntityNotFoundException" });
    const error = await glue.send(new StartJobRunCommand({ JobName: "b" })).catch((thrown: Error) => thrown);
    match(String(error), /EntityNotFoundException: Failed to start job run due to missing metadata/);
  });
});
