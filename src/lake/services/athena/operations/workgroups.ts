// CreateWorkGroup, GetWorkGroup, UpdateWorkGroup, ListWorkGroups, DeleteWorkGroup.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateWorkGroup.html
import type { WorkGroup, WorkGroupConfiguration, WorkGroupConfigurationUpdates } from "@aws-sdk/client-athena";
import type { Operations } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";
import type { Executions } from "../executions.ts";
import { invalidRequest, pageSize, required, withinLength } from "../faults.ts";
import type { NamedQueries } from "../named.ts";
import { pageOf } from "../pages.ts";
import { keys, type WorkGroupRecord } from "../store.ts";
import type { Tags } from "../tags.ts";
import { checkResult, configurationOf, ENGINE_VERSION, PRIMARY, resultFields, type WorkGroups } from "../workgroups.ts";

export interface WorkGroupParts {
  readonly lake: Lake;
  readonly workGroups: WorkGroups;
  readonly executions: Executions;
  readonly named: NamedQueries;
  readonly tags: Tags;
  /** A workgroup is made to be asked: the engine may start. */
  readonly warm: () => void;
}

const MEMBERS = [
  "EnforceWorkGroupConfiguration",
  "PublishCloudWatchMetricsEnabled",
  "BytesScannedCutoffPerQuery",
  "RequesterPaysEnabled",
  "EngineVersion.SelectedEngineVersion",
  "EngineVersion.EffectiveEngineVersion",
  "EnableMinimumEncryptionConfiguration",
];
const LIST_LIMIT = 50;

type Names = "CreateWorkGroup" | "GetWorkGroup" | "UpdateWorkGroup" | "ListWorkGroups" | "DeleteWorkGroup";

export function workGroupOperations(parts: WorkGroupParts): Pick<Operations<"athena">, Names> {
  const { lake, workGroups, executions, named, tags, warm } = parts;
  return {
    CreateWorkGroup: {
      fields: [
        "Name",
        "Description",
        "Tags",
        ...MEMBERS.map((member) => `Configuration.${member}`),
        ...resultFields("Configuration.ResultConfiguration"),
      ],
      async run({ Name, Description = "", Configuration, Tags }) {
        const name = workGroupName(Name);
        withinLength(Description, "description", 0, 1024);
        const configuration = configurationOf(Configuration);
        await lake.store.lock(`athena workgroup ${name}`, async () => {
          if (workGroups.find(name) !== undefined) throw invalidRequest("WorkGroup is already created");
          const created = lake.clock.now();
          await workGroups.write({ name, description: Description, state: "ENABLED", configuration, created });
          await tags.put(workGroups.arn(name), Tags ?? []);
        });
        warm();
        return {};
      },
    },
    GetWorkGroup: {
      fields: ["WorkGroup"],
      run: ({ WorkGroup }) => ({ WorkGroup: describe(workGroups.get(required(WorkGroup, "workGroup"))) }),
    },
    UpdateWorkGroup: {
      fields: [
        "WorkGroup",
        "Description",
        "State",
        ...MEMBERS.map((member) => `ConfigurationUpdates.${member}`),
        "ConfigurationUpdates.RemoveBytesScannedCutoffPerQuery",
        ...resultFields("ConfigurationUpdates.ResultConfigurationUpdates"),
        ...["OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner"].map(
          (member) => `ConfigurationUpdates.ResultConfigurationUpdates.Remove${member}`,
        ),
      ],
      async run({ WorkGroup, Description, State, ConfigurationUpdates }) {
        const name = required(WorkGroup, "workGroup");
        await lake.store.lock(`athena workgroup ${name}`, async () => {
          const before = workGroups.get(name);
          await workGroups.write({
            ...before,
            ...(Description === undefined ? {} : { description: withinLength(Description, "description", 0, 1024) }),
            ...(State === undefined ? {} : { state: State }),
            configuration: updated(before.configuration, ConfigurationUpdates ?? {}),
          });
        });
        return {};
      },
    },
    ListWorkGroups: {
      fields: ["NextToken", "MaxResults"],
      async run({ NextToken, MaxResults }) {
        const limit = pageSize(MaxResults, LIST_LIMIT);
        const { items, token } = await pageOf<WorkGroupRecord>(lake.store, keys.workGroups, {
          token: NextToken,
          limit,
        });
        const list = items.map(({ name, description, state, created }) => ({
          Name: name,
          Description: description,
          State: state,
          CreationTime: new Date(created),
          EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: ENGINE_VERSION },
        }));
        return { WorkGroups: list, ...(token === undefined ? {} : { NextToken: token }) };
      },
    },
    DeleteWorkGroup: {
      fields: ["WorkGroup", "RecursiveDeleteOption"],
      async run({ WorkGroup, RecursiveDeleteOption = false }) {
        const name = required(WorkGroup, "workGroup");
        if (name === PRIMARY) throw invalidRequest("The primary WorkGroup can not be deleted");
        await lake.store.lock(`athena workgroup ${name}`, async () => {
          workGroups.get(name);
          if (!RecursiveDeleteOption && (await isUsed(lake, name))) {
            throw invalidRequest(`WorkGroup ${name} is not empty`);
          }
          await executions.stopAll(name);
          await named.deleteAll(name);
          await executions.forget(Number.POSITIVE_INFINITY, name);
          await tags.forget(workGroups.arn(name));
          await lake.store.write((writer) => writer.delete(keys.workGroup(name)));
        });
        return {};
      },
    },
  };
}

async function isUsed({ store }: Lake, name: string): Promise<boolean> {
  for (const prefix of [keys.executionsOf(name), keys.namedQueries(name), keys.preparedStatements(name)]) {
    for await (const _entry of store.entries(prefix, { limit: 1 })) return true;
  }
  return false;
}

function workGroupName(name: string | undefined): string {
  const given = required(name, "name");
  if (/^[a-zA-Z0-9._-]{1,128}$/.test(given)) return given;
  throw invalidRequest(
    `1 validation error detected: Value '${given}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9._-]{1,128}`,
  );
}

function describe({ name, description, state, configuration, created }: WorkGroupRecord): WorkGroup {
  return {
    Name: name,
    State: state,
    Configuration: configuration,
    CreationTime: new Date(created),
    ...(description === "" ? {} : { Description: description }),
  };
}

function updated(before: WorkGroupConfiguration, updates: WorkGroupConfigurationUpdates): WorkGroupConfiguration {
  const { ResultConfigurationUpdates: result, RemoveBytesScannedCutoffPerQuery: uncut, ...members } = updates;
  const merged: WorkGroupConfiguration = { ...before, ...members };
  if (uncut === true) delete merged.BytesScannedCutoffPerQuery;
  if (result !== undefined) {
    const { RemoveOutputLocation, RemoveEncryptionConfiguration, RemoveExpectedBucketOwner, ...own } = result;
    const next = { ...before.ResultConfiguration, ...own };
    if (RemoveOutputLocation === true) delete next.OutputLocation;
    if (RemoveEncryptionConfiguration === true) delete next.EncryptionConfiguration;
    if (RemoveExpectedBucketOwner === true) delete next.ExpectedBucketOwner;
    checkResult(next);
    merged.ResultConfiguration = next;
  }
  return configurationOf(merged);
}
