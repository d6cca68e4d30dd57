// AWS::Athena::WorkGroup as a live CloudFormation type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-workgroup.html
import type { Tag, WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../../resource.ts";
import type { Tags } from "../tags.ts";
import { ENGINE_VERSION, type WorkGroups } from "../workgroups.ts";

const CONFIGURATION = [
  "EnforceWorkGroupConfiguration",
  "PublishCloudWatchMetricsEnabled",
  "BytesScannedCutoffPerQuery",
  "RequesterPaysEnabled",
  "EngineVersion.SelectedEngineVersion",
  "ResultConfiguration.OutputLocation",
  "ResultConfiguration.ExpectedBucketOwner",
  "ResultConfiguration.EncryptionConfiguration.EncryptionOption",
];

export function workGroupType(lake: Lake, workGroups: WorkGroups, tags: Tags): ResourceType {
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: {
      CreationTime: String(Math.floor(workGroups.get(name).created / 1000)),
      "WorkGroupConfiguration.EngineVersion.EffectiveEngineVersion": ENGINE_VERSION,
    },
  });
  return {
    type: "AWS::Athena::WorkGroup",
    properties: [
      "Name",
      "Description",
      "State",
      "Tags",
      "RecursiveDeleteOption",
      ...CONFIGURATION.map((member) => `WorkGroupConfiguration.${member}`),
    ],
    async create(properties, context) {
      const name = text(properties["Name"]) ?? context.generatedName(128);
      const description = text(properties["Description"]);
      await lake.call(
        "athena",
        "CreateWorkGroup",
        {
          Name: name,
          Configuration: configuration(properties),
          Tags: tagsOf(properties, context),
          ...(description === undefined ? {} : { Description: description }),
        },
        context,
      );
      if (properties["State"] === "DISABLED") {
        await lake.call("athena", "UpdateWorkGroup", { WorkGroup: name, State: "DISABLED" }, context);
      }
      return state(name);
    },
    async update(physicalId, before, after, context) {
      if (before["Name"] !== after["Name"]) {
        throw new ServiceError("NotUpdatable", "A change of Name needs a replacement of the workgroup.");
      }
      const { ResultConfiguration: result = {}, ...members } = configuration(after);
      await lake.call(
        "athena",
        "UpdateWorkGroup",
        {
          WorkGroup: physicalId,
          Description: text(after["Description"]) ?? "",
          State: after["State"] === "DISABLED" ? "DISABLED" : "ENABLED",
          ConfigurationUpdates: {
            ...DEFAULTS,
            ...members,
            ...(members.BytesScannedCutoffPerQuery === undefined ? { RemoveBytesScannedCutoffPerQuery: true } : {}),
            ResultConfigurationUpdates: {
              ...result,
              ...(result.OutputLocation === undefined ? { RemoveOutputLocation: true } : {}),
              ...(result.EncryptionConfiguration === undefined ? { RemoveEncryptionConfiguration: true } : {}),
              ...(result.ExpectedBucketOwner === undefined ? { RemoveExpectedBucketOwner: true } : {}),
            },
          },
        },
        context,
      );
      const arn = workGroups.arn(physicalId);
      const own = tagsOf(after, context);
      const gone = tags.of(arn).filter(({ Key }) => !own.some((tag) => tag.Key === Key));
      await tags.remove(
        arn,
        gone.map(({ Key }) => Key ?? ""),
      );
      await tags.put(arn, own);
      return state(physicalId);
    },
    async delete(physicalId, properties, context) {
      if (workGroups.find(physicalId) === undefined) return;
      const recursive = isTrue(properties["RecursiveDeleteOption"]);
      await lake.call(
        "athena",
        "DeleteWorkGroup",
        { WorkGroup: physicalId, RecursiveDeleteOption: recursive },
        context,
      );
    },
    async read(physicalId) {
      return workGroups.find(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

/** What a property that is left out of the next template goes back to. */
const DEFAULTS = {
  EnforceWorkGroupConfiguration: true,
  PublishCloudWatchMetricsEnabled: true,
  RequesterPaysEnabled: false,
  EngineVersion: { SelectedEngineVersion: "AUTO" },
};

type Given = {
  [K in keyof WorkGroupConfiguration]: K extends `${string}Configuration` | "EngineVersion"
    ? WorkGroupConfiguration[K]
    : unknown;
};

/** Templates may spell booleans and numbers as text. */
function configuration(properties: Properties): WorkGroupConfiguration {
  const given = (properties["WorkGroupConfiguration"] ?? {}) as Given;
  const made: WorkGroupConfiguration = {};
  for (const name of [
    "EnforceWorkGroupConfiguration",
    "PublishCloudWatchMetricsEnabled",
    "RequesterPaysEnabled",
  ] as const) {
    if (given[name] !== undefined) made[name] = isTrue(given[name]);
  }
  const cutoff = given["BytesScannedCutoffPerQuery"];
  if (cutoff !== undefined) made.BytesScannedCutoffPerQuery = Number(cutoff);
  if (given["EngineVersion"] !== undefined) made.EngineVersion = given["EngineVersion"];
  if (given["ResultConfiguration"] !== undefined) made.ResultConfiguration = given["ResultConfiguration"];
  return made;
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function tagsOf(properties: Properties, context: ResourceContext): Tag[] {
  const own = (properties["Tags"] ?? []) as { Key: string; Value: string }[];
  const all = { ...context.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])) };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}
