// ModifyDBInstance: the password, the port and deletion protection take effect; the rest is recorded.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
import type { Input, Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import {
  checkClass,
  checkEngine,
  checkFamily,
  checkPassword,
  checkPort,
  checkRetention,
  checkStorage,
  invalidCombination,
  required,
} from "../checks.ts";
import { deleteSecret, ensureSecret, newSecretName, rotatePassword, secretPassword } from "../credentials.ts";
import type { Databases } from "../databases.ts";
import { instanceShape } from "../describe.ts";
import { changePassword } from "../sql.ts";
import type { Instance, RdsStore, Settings } from "../store.ts";

type ModifyInput = Input<"rds", "ModifyDBInstance">;

/** AWS lets these wait for the maintenance window unless told; the lake has no such window. */
const DEFERRED = ["DBInstanceClass", "MultiAZ", "EngineVersion", "DBPortNumber"] as const;

export function modifyOperations(store: RdsStore, databases: Databases): Pick<Operations<"rds">, "ModifyDBInstance"> {
  return {
    ModifyDBInstance: {
      fields: [
        "DBInstanceIdentifier",
        "ApplyImmediately",
        "MasterUserPassword",
        "ManageMasterUserPassword",
        "RotateMasterUserPassword",
        "DBPortNumber",
        "DeletionProtection",
        "EngineVersion",
        "DBInstanceClass",
        "AllocatedStorage",
        "MaxAllocatedStorage",
        "StorageType",
        "Iops",
        "StorageThroughput",
        "MultiAZ",
        "PubliclyAccessible",
        "BackupRetentionPeriod",
        "PreferredBackupWindow",
        "PreferredMaintenanceWindow",
        "AutoMinorVersionUpgrade",
        "CopyTagsToSnapshot",
        "VpcSecurityGroupIds",
        "DBParameterGroupName",
      ],
      run: async (input) => {
        const { id } = available(store, required(input.DBInstanceIdentifier, "DBInstanceIdentifier"));
        check(store.instance(id), input);
        const settings = settingsOf(store, store.instance(id).settings, input);
        await applyPassword(store, databases, id, input);
        await store.change(id, (before) => ({
          ...before,
          settings,
          deletionProtection: input.DeletionProtection ?? before.deletionProtection,
        }));
        const port = checkPort(input.DBPortNumber);
        if (port !== undefined && port !== store.instance(id).port) {
          await store.change(id, (before) => ({ ...before, port, requestedPort: port }));
          await databases.reboot(id);
        }
        return { DBInstance: instanceShape(store, store.instance(id)) };
      },
    },
  };
}

/** The instance, which must be available. */
export function available(store: RdsStore, id: string): Instance {
  const instance = store.instance(id);
  if (instance.status !== "available") {
    const why = instance.reason === undefined ? "" : ` It is ${instance.status}: ${instance.reason}`;
    throw new ServiceError("InvalidDBInstanceState", `Database instance is not in available state.${why}`);
  }
  return instance;
}

function check(instance: Instance, input: ModifyInput): void {
  if (input.ApplyImmediately !== true) {
    const waits = DEFERRED.find((name) => input[name] !== undefined);
    if (waits !== undefined) {
      throw notImplemented(
        `ModifyDBInstance with ${waits} and without ApplyImmediately, as it has no maintenance windows`,
      );
    }
  }
  if (input.EngineVersion !== undefined) checkEngine("postgres", input.EngineVersion);
  const managed = instance.secretName !== undefined;
  if (input.RotateMasterUserPassword === true) {
    if (input.ApplyImmediately !== true) throw invalidCombination("RotateMasterUserPassword needs ApplyImmediately.");
    if (!managed) {
      throw invalidCombination(
        "You can't rotate the master user password of an instance that isn't managed in Secrets Manager.",
      );
    }
  }
  const { MasterUserPassword: password, ManageMasterUserPassword: manage } = input;
  if (password !== undefined) {
    checkPassword(password);
    if (manage ?? managed) {
      throw invalidCombination(
        "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.",
      );
    }
  } else if (manage === false && managed) {
    throw invalidCombination("Give MasterUserPassword to end the management of the password in Secrets Manager.");
  }
}

async function applyPassword(store: RdsStore, databases: Databases, id: string, input: ModifyInput): Promise<void> {
  const { MasterUserPassword: password, ManageMasterUserPassword: manage } = input;
  const managed = store.instance(id).secretName !== undefined;
  const begin = manage === true && !managed;
  if (input.RotateMasterUserPassword !== true && password === undefined && !begin) return;
  await databases.whileAvailable(id, "resetting-master-credentials", async (server, instance) => {
    const place = databases.place(instance);
    if (begin) {
      const named = { ...instance, secretName: newSecretName() };
      const secretArn = await ensureSecret(store, named);
      const made = await secretPassword(store.lake, named.secretName);
      await changePassword(place, instance, server.port, made ?? "");
      await store.change(id, (before) => ({ ...before, secretName: named.secretName, secretArn }));
    } else if (password !== undefined) {
      await changePassword(place, instance, server.port, password);
      await store.change(id, ({ secretName: _name, secretArn: _arn, ...rest }) => rest);
      if (instance.secretName !== undefined) await deleteSecret(store.lake, instance.secretName);
    } else await rotatePassword(store.lake, place, instance, server.port);
  });
}

function settingsOf(store: RdsStore, before: Settings, input: ModifyInput): Settings {
  const storageType = input.StorageType ?? before.storageType;
  const iops = input.Iops ?? before.iops;
  const size = input.AllocatedStorage ?? before.allocatedStorage;
  if (size < before.allocatedStorage) {
    throw invalidCombination(
      `Invalid storage size: ${size} GiB is less than the ${before.allocatedStorage} GiB that are allocated.`,
    );
  }
  const group = input.DBParameterGroupName;
  return {
    ...before,
    storageType,
    allocatedStorage: checkStorage(size, storageType, iops),
    ...(iops === undefined ? {} : { iops }),
    ...(input.MaxAllocatedStorage === undefined ? {} : { maxAllocatedStorage: input.MaxAllocatedStorage }),
    ...(input.StorageThroughput === undefined ? {} : { storageThroughput: input.StorageThroughput }),
    instanceClass: checkClass(input.DBInstanceClass ?? before.instanceClass),
    multiAz: input.MultiAZ ?? before.multiAz,
    publiclyAccessible: input.PubliclyAccessible ?? before.publiclyAccessible,
    backupRetentionPeriod: checkRetention(input.BackupRetentionPeriod ?? before.backupRetentionPeriod),
    backupWindow: input.PreferredBackupWindow ?? before.backupWindow,
    maintenanceWindow: input.PreferredMaintenanceWindow ?? before.maintenanceWindow,
    autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? before.autoMinorVersionUpgrade,
    copyTagsToSnapshot: input.CopyTagsToSnapshot ?? before.copyTagsToSnapshot,
    securityGroups: input.VpcSecurityGroupIds ?? before.securityGroups,
    parameterGroup: group === undefined ? before.parameterGroup : checkFamily(store.parameterGroup(group)),
  };
}
