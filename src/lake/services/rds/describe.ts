// Records as RDS shows them, and pages of them.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
import { ServiceError } from "../../fault.ts";
import { ENGINE_VERSION, tagList } from "./checks.ts";
import type { Instance, ParameterGroup, RdsStore, SubnetGroup } from "./store.ts";

export function instanceShape(store: RdsStore, instance: Instance) {
  const { id, settings, status, secretArn, port } = instance;
  const subnets = settings.subnetGroup === undefined ? undefined : store.findSubnetGroup(settings.subnetGroup);
  const parameters = store.findParameterGroup(settings.parameterGroup);
  return {
    DBInstanceIdentifier: id,
    DBInstanceClass: settings.instanceClass,
    Engine: "postgres",
    EngineVersion: ENGINE_VERSION,
    DBInstanceStatus: status,
    MasterUsername: instance.masterUsername,
    ...(instance.databaseName === undefined ? {} : { DBName: instance.databaseName }),
    // AWS too gives no endpoint before there is one.
    ...(port === undefined || status === "creating" ? {} : { Endpoint: { Address: "127.0.0.1", Port: port } }),
    DbInstancePort: port ?? 0,
    ...(secretArn === undefined
      ? {}
      : { MasterUserSecret: { SecretArn: secretArn, SecretStatus: secretStatus(instance) } }),
    DBInstanceArn: store.arn("db", id),
    DbiResourceId: instance.resourceId,
    InstanceCreateTime: new Date(instance.created),
    AllocatedStorage: settings.allocatedStorage,
    ...(settings.maxAllocatedStorage === undefined ? {} : { MaxAllocatedStorage: settings.maxAllocatedStorage }),
    StorageType: settings.storageType,
    ...(settings.iops === undefined ? {} : { Iops: settings.iops }),
    ...(settings.storageThroughput === undefined ? {} : { StorageThroughput: settings.storageThroughput }),
    StorageEncrypted: settings.storageEncrypted,
    MultiAZ: settings.multiAz,
    AvailabilityZone: settings.availabilityZone,
    PubliclyAccessible: settings.publiclyAccessible,
    BackupRetentionPeriod: settings.backupRetentionPeriod,
    PreferredBackupWindow: settings.backupWindow,
    PreferredMaintenanceWindow: settings.maintenanceWindow,
    AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    DeletionProtection: instance.deletionProtection,
    VpcSecurityGroups: settings.securityGroups.map((group) => ({ VpcSecurityGroupId: group, Status: "active" })),
    DBSecurityGroups: [],
    DBParameterGroups:
      parameters === undefined ? [] : [{ DBParameterGroupName: parameters.name, ParameterApplyStatus: "in-sync" }],
    ...(subnets === undefined ? {} : { DBSubnetGroup: subnetGroupShape(store, subnets) }),
    OptionGroupMemberships: [{ OptionGroupName: "default:postgres-18", Status: "in-sync" }],
    PendingModifiedValues: {},
    ReadReplicaDBInstanceIdentifiers: [],
    ReadReplicaDBClusterIdentifiers: [],
    LicenseModel: "postgresql-license",
    IAMDatabaseAuthenticationEnabled: false,
    PerformanceInsightsEnabled: false,
    MonitoringInterval: 0,
    DomainMemberships: [],
    AssociatedRoles: [],
    TagList: tagList(instance.tags),
    CustomerOwnedIpEnabled: false,
    NetworkType: "IPV4",
    StatusInfos: [],
  };
}

function secretStatus({ status }: Instance): string {
  if (status === "creating") return "creating";
  return status === "resetting-master-credentials" ? "rotating" : "active";
}

export function subnetGroupShape(store: RdsStore, group: SubnetGroup) {
  return {
    DBSubnetGroupName: group.name,
    DBSubnetGroupDescription: group.description,
    SubnetGroupStatus: "Complete",
    Subnets: group.subnets.map((id) => ({ SubnetIdentifier: id, SubnetStatus: "Active" })),
    DBSubnetGroupArn: store.arn("subgrp", group.name),
  };
}

export function parameterGroupShape(store: RdsStore, group: ParameterGroup) {
  return {
    DBParameterGroupName: group.name,
    DBParameterGroupFamily: group.family,
    Description: group.description,
    DBParameterGroupArn: store.arn("pg", group.name),
  };
}

interface PageInput {
  readonly MaxRecords?: number | undefined;
  readonly Marker?: string | undefined;
}

/** `items` in the order of their names; the marker is the last name given. */
export function page<T extends { readonly [key: string]: unknown }>(
  items: readonly T[],
  name: keyof T & string,
  input: PageInput,
): { items: T[]; marker: { Marker?: string } } {
  const size = input.MaxRecords ?? 100;
  if (!Number.isInteger(size) || size < 20 || size > 100) {
    throw new ServiceError("InvalidParameterValue", `Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
  }
  const after = input.Marker === undefined ? "" : Buffer.from(input.Marker, "base64url").toString("utf8");
  if (input.Marker !== undefined && !items.some((item) => item[name] === after)) {
    throw new ServiceError("InvalidParameterValue", `Invalid value ${input.Marker} for Marker`);
  }
  const rest = items.filter((item) => String(item[name]) > after);
  const last = rest.length > size ? rest[size - 1] : undefined;
  return {
    items: rest.slice(0, size),
    marker: last === undefined ? {} : { Marker: Buffer.from(String(last[name])).toString("base64url") },
  };
}
