// AWS::RDS::DBInstance as a live CloudFormation type: complete once the database takes a login over TLS with its secret's password.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
import type { Input } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { flagOf, numberOf, refuseReplacement, tagsOf, textOf, textsOf } from "../../../properties.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";
import { tagList } from "../checks.ts";
import type { Databases } from "../databases.ts";
import type { Instance, RdsStore } from "../store.ts";

/** Template property -> member of the API, and what kind of value it is. */
const MEMBERS: Readonly<Record<string, readonly [member: string, kind: "text" | "number" | "boolean" | "list"]>> = {
  Engine: ["Engine", "text"],
  EngineVersion: ["EngineVersion", "text"],
  DBName: ["DBName", "text"],
  Port: ["Port", "number"],
  MasterUsername: ["MasterUsername", "text"],
  MasterUserPassword: ["MasterUserPassword", "text"],
  ManageMasterUserPassword: ["ManageMasterUserPassword", "boolean"],
  DBInstanceClass: ["DBInstanceClass", "text"],
  AllocatedStorage: ["AllocatedStorage", "number"],
  MaxAllocatedStorage: ["MaxAllocatedStorage", "number"],
  StorageType: ["StorageType", "text"],
  Iops: ["Iops", "number"],
  StorageThroughput: ["StorageThroughput", "number"],
  StorageEncrypted: ["StorageEncrypted", "boolean"],
  MultiAZ: ["MultiAZ", "boolean"],
  AvailabilityZone: ["AvailabilityZone", "text"],
  PubliclyAccessible: ["PubliclyAccessible", "boolean"],
  BackupRetentionPeriod: ["BackupRetentionPeriod", "number"],
  PreferredBackupWindow: ["PreferredBackupWindow", "text"],
  PreferredMaintenanceWindow: ["PreferredMaintenanceWindow", "text"],
  AutoMinorVersionUpgrade: ["AutoMinorVersionUpgrade", "boolean"],
  CopyTagsToSnapshot: ["CopyTagsToSnapshot", "boolean"],
  DeletionProtection: ["DeletionProtection", "boolean"],
  VPCSecurityGroups: ["VpcSecurityGroupIds", "list"],
  DBParameterGroupName: ["DBParameterGroupName", "text"],
  DBSubnetGroupName: ["DBSubnetGroupName", "text"],
};

/** A change of these makes a new database on AWS. */
const REPLACED = [
  "DBInstanceIdentifier",
  "Engine",
  "DBName",
  "Port",
  "MasterUsername",
  "StorageEncrypted",
  "AvailabilityZone",
  "DBSubnetGroupName",
];

export function instanceType(store: RdsStore, databases: Databases): ResourceType {
  const { call } = store.lake;
  const gone = async (id: string) => {
    await databases.settled(id);
    const left = store.findInstance(id);
    if (left !== undefined)
      throw new ServiceError("NotStabilized", `The DB instance ${id} was not deleted: it is ${left.status}.`);
  };
  return {
    type: "AWS::RDS::DBInstance",
    properties: [...Object.keys(MEMBERS), "DBInstanceIdentifier", "DeleteAutomatedBackups", "Tags"],
    async create(properties, context) {
      const given = textOf(properties, "DBInstanceIdentifier");
      const id = (given ?? context.generatedName(63, { lowerCase: true })).toLowerCase();
      if (store.findInstance(id) === undefined) await context.initiated?.(id);
      const input = { ...inputOf(properties), DBInstanceIdentifier: id, Tags: tagList(tagsOf(properties, context)) };
      await call("rds", "CreateDBInstance", input as Input<"rds", "CreateDBInstance">);
      try {
        await untilAborted(databases.settled(id), context.signal);
        const made = store.instance(id);
        if (made.status !== "available")
          throw new ServiceError("NotStabilized", made.reason ?? `The DB instance is ${made.status}.`);
        return stateOf(store, made);
      } catch (error) {
        await store.setStatus(id, "deleting");
        await databases.remove(id);
        throw error;
      }
    },
    async update(physicalId, before, after, context) {
      refuseReplacement("the DB instance", before, after, REPLACED);
      const [old, wanted] = [inputOf(before), inputOf(after)];
      const changed = Object.fromEntries(
        Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name])),
      );
      if (Object.keys(changed).length > 0) {
        const input = { ...changed, DBInstanceIdentifier: physicalId, ApplyImmediately: true };
        await call("rds", "ModifyDBInstance", input as Input<"rds", "ModifyDBInstance">);
      }
      const ResourceName = store.arn("db", physicalId);
      const tags = tagsOf(after, context);
      const TagKeys = Object.keys(store.instance(physicalId).tags).filter((key) => !(key in tags));
      if (TagKeys.length > 0) await call("rds", "RemoveTagsFromResource", { ResourceName, TagKeys });
      await call("rds", "AddTagsToResource", { ResourceName, Tags: tagList(tags) });
      return stateOf(store, store.instance(physicalId));
    },
    async delete(physicalId) {
      const found = store.findInstance(physicalId);
      if (found === undefined) return;
      if (found.status !== "deleting") {
        await call("rds", "DeleteDBInstance", { DBInstanceIdentifier: physicalId, SkipFinalSnapshot: true });
      }
      await gone(physicalId);
    },
    async read(physicalId) {
      const found = store.findInstance(physicalId);
      return found === undefined ? undefined : stateOf(store, found);
    },
  };
}

function stateOf(store: RdsStore, instance: Instance): ResourceState {
  return {
    physicalId: instance.id,
    attributes: {
      "Endpoint.Address": "127.0.0.1",
      "Endpoint.Port": String(instance.port),
      DBInstanceArn: store.arn("db", instance.id),
      DbiResourceId: instance.resourceId,
      DBInstanceStatus: instance.status,
      InstanceCreateTime: new Date(instance.created).toISOString(),
      ...(instance.secretArn === undefined ? {} : { "MasterUserSecret.SecretArn": instance.secretArn }),
    },
  };
}

function inputOf(properties: Properties): Record<string, unknown> {
  const readers = { text: textOf, number: numberOf, boolean: flagOf, list: textsOf };
  const input: Record<string, unknown> = {};
  for (const [property, [member, kind]] of Object.entries(MEMBERS)) {
    if (properties[property] !== undefined) input[member] = readers[kind](properties, property);
  }
  return input;
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
