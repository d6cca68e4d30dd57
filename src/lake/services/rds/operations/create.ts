// CreateDBInstance: checks everything, writes the instance down, and lets it be made in the background, as AWS does.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
import { randomBytes } from "node:crypto";
import type { Input, Operations } from "../../../call.ts";
import { scramVerifier } from "../../../engines/scram.ts";
import { ServiceError } from "../../../fault.ts";
import { randomName } from "../../../identity.ts";
import {
  checkClass,
  checkDatabaseName,
  checkEngine,
  checkFamily,
  checkMasterUsername,
  checkPassword,
  checkPort,
  checkRetention,
  checkStorage,
  identifier,
  invalidCombination,
  invalidValue,
  tagsOf,
} from "../checks.ts";
import { ensureSecret, newSecretName } from "../credentials.ts";
import type { Databases } from "../databases.ts";
import { instanceShape } from "../describe.ts";
import { FAMILY, type Instance, type RdsStore, type Settings } from "../store.ts";

type CreateInput = Input<"rds", "CreateDBInstance">;

/** Honoured, or recorded (the README says which). */
export const CREATE_FIELDS = [
  "DBInstanceIdentifier",
  "Engine",
  "EngineVersion",
  "DBName",
  "Port",
  "MasterUsername",
  "MasterUserPassword",
  "ManageMasterUserPassword",
  "DBInstanceClass",
  "AllocatedStorage",
  "MaxAllocatedStorage",
  "StorageType",
  "Iops",
  "StorageThroughput",
  "StorageEncrypted",
  "MultiAZ",
  "AvailabilityZone",
  "PubliclyAccessible",
  "BackupRetentionPeriod",
  "PreferredBackupWindow",
  "PreferredMaintenanceWindow",
  "AutoMinorVersionUpgrade",
  "CopyTagsToSnapshot",
  "DeletionProtection",
  "VpcSecurityGroupIds",
  "DBParameterGroupName",
  "DBSubnetGroupName",
  "Tags",
];

export function createOperations(store: RdsStore, databases: Databases): Pick<Operations<"rds">, "CreateDBInstance"> {
  return {
    CreateDBInstance: {
      fields: CREATE_FIELDS,
      run: async (input) => {
        const { MasterUserPassword: password } = input;
        const instance = newInstance(store, input);
        await store.lake.store.lock(`rds ${instance.id}`, async () => {
          if (store.findInstance(instance.id) !== undefined) {
            throw new ServiceError("DBInstanceAlreadyExists", "DB instance already exists");
          }
          // Refused here, and not in the background, where the machine can't run it at all.
          databases.place(instance);
          await store.save(instance);
        });
        if (instance.secretName !== undefined) {
          const secretArn = await ensureSecret(store, instance);
          await store.change(instance.id, (before) => ({ ...before, secretArn }));
        }
        const made = store.instance(instance.id);
        void databases.provision(made, password);
        return { DBInstance: instanceShape(store, made) };
      },
    },
  };
}

function newInstance(store: RdsStore, input: CreateInput): Instance {
  checkEngine(input.Engine, input.EngineVersion);
  const id = identifier(input.DBInstanceIdentifier, "DBInstanceIdentifier");
  const masterUsername = checkMasterUsername(input.MasterUsername);
  const managed = input.ManageMasterUserPassword === true;
  const { MasterUserPassword: password } = input;
  if (managed && password !== undefined) {
    throw invalidCombination(
      "You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.",
    );
  }
  if (!managed && password === undefined) {
    throw invalidValue("The parameter MasterUserPassword must be provided and must not be blank.");
  }
  const databaseName = checkDatabaseName(input.DBName);
  const requestedPort = checkPort(input.Port);
  return {
    id,
    resourceId: `db-${randomName(26)}`,
    created: store.lake.clock.now(),
    status: "creating",
    masterUsername,
    superuserPassword: randomBytes(24).toString("base64url"),
    deletionProtection: input.DeletionProtection ?? false,
    settings: settingsOf(store, input),
    tags: tagsOf(input.Tags),
    ...(databaseName === undefined ? {} : { databaseName }),
    ...(requestedPort === undefined ? {} : { requestedPort }),
    ...(managed ? { secretName: newSecretName() } : {}),
    ...(password === undefined ? {} : { verifier: scramVerifier(checkPassword(password)) }),
  };
}

function settingsOf(store: RdsStore, input: CreateInput): Settings {
  const storageType = input.StorageType ?? (input.Iops === undefined ? "gp2" : "io1");
  const subnetGroup = input.DBSubnetGroupName;
  const multiAz = input.MultiAZ ?? false;
  if (multiAz && input.AvailabilityZone !== undefined) {
    throw invalidCombination("Requesting a specific availability zone is not valid for Multi-AZ instances.");
  }
  return {
    instanceClass: checkClass(input.DBInstanceClass),
    allocatedStorage: checkStorage(input.AllocatedStorage, storageType, input.Iops),
    ...(input.MaxAllocatedStorage === undefined ? {} : { maxAllocatedStorage: input.MaxAllocatedStorage }),
    storageType,
    ...(input.Iops === undefined ? {} : { iops: input.Iops }),
    ...(input.StorageThroughput === undefined ? {} : { storageThroughput: input.StorageThroughput }),
    storageEncrypted: input.StorageEncrypted ?? false,
    multiAz,
    availabilityZone: input.AvailabilityZone ?? `${store.lake.region}a`,
    publiclyAccessible: input.PubliclyAccessible ?? subnetGroup === undefined,
    backupRetentionPeriod: checkRetention(input.BackupRetentionPeriod ?? 1),
    backupWindow: input.PreferredBackupWindow ?? "03:00-03:30",
    maintenanceWindow: input.PreferredMaintenanceWindow ?? "sun:04:00-sun:04:30",
    autoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    copyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    securityGroups: input.VpcSecurityGroupIds ?? [],
    parameterGroup: checkFamily(store.parameterGroup(input.DBParameterGroupName ?? `default.${FAMILY}`)),
    ...(subnetGroup === undefined ? {} : { subnetGroup: store.subnetGroup(subnetGroup).name }),
  };
}
