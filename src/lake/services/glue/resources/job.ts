// AWS::Glue::Job as a live CloudFormation type. AWS page: CloudFormation Template Reference, "AWS::Glue::Job".
import type { CreateJobCommandInput } from "@aws-sdk/client-glue";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceType } from "../../../resource.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { glueArn } from "../operations/account.ts";
import { liveType, tagsOf, text, texts } from "./liveType.ts";

type Definition = Omit<CreateJobCommandInput, "Name" | "Tags">;

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

export function jobType(jobs: Jobs): ResourceType {
  const { lake } = jobs;
  return liveType({
    type: "AWS::Glue::Job",
    properties: ["Name", "Tags", ...DEFINITION],
    fixed: ["Name"],
    name: (properties, context) => text(properties["Name"]) ?? context.generatedName(255),
    exists: (name) => jobs.find(name) !== undefined,
    create: (name, properties, context) =>
      lake.call("glue", "CreateJob", { ...definition(properties), Name: name, Tags: tagsOf(properties, context) }),
    async update(name, _before, after, context) {
      await lake.call("glue", "UpdateJob", { JobName: name, JobUpdate: definition(after) });
      await retag(lake, glueArn(jobs, `job/${name}`), tagsOf(after, context));
    },
    delete: (name) => lake.call("glue", "DeleteJob", { JobName: name }),
  });
}

function definition({ Name: _name, Tags: _tags, ...properties }: Properties): Definition {
  return {
    ...properties,
    ...(properties["DefaultArguments"] === undefined
      ? {}
      : { DefaultArguments: texts(properties["DefaultArguments"]) }),
    ...(properties["NonOverridableArguments"] === undefined
      ? {}
      : { NonOverridableArguments: texts(properties["NonOverridableArguments"]) }),
  } as Definition;
}

/** Makes the tags of a resource exactly these. */
export async function retag(lake: Lake, arn: string, tags: Record<string, string>): Promise<void> {
  const { Tags: before = {} } = await lake.call("glue", "GetTags", { ResourceArn: arn });
  const gone = Object.keys(before).filter((name) => !(name in tags));
  if (gone.length > 0) await lake.call("glue", "UntagResource", { ResourceArn: arn, TagsToRemove: gone });
  if (Object.keys(tags).length > 0) await lake.call("glue", "TagResource", { ResourceArn: arn, TagsToAdd: tags });
}
