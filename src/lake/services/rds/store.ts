// DB instances and groups as they lie in the lake's store.
//
//   rds instance <identifier>        Instance
//   rds subnetgroup <name>           SubnetGroup      recorded
//   rds parametergroup <name>        ParameterGroup   recorded
import type { Lake } from "../../lake.ts";
import { ServiceError } from "../../fault.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
export type Status =
  | "creating"
  | "available"
  | "modifying"
  | "resetting-master-credentials"
  | "rebooting"
  | "starting"
  | "stopping"
  | "stopped"
  | "deleting"
  | "incompatible-network"
  | "failed";

/** What is kept and answered, and has no effect on one machine: its size, its copies, its windows. */
export interface Settings {
  readonly instanceClass: string;
  /** GiB. */
  readonly allocatedStorage: number;
  readonly maxAllocatedStorage?: number;
  readonly storageType: string;
  readonly iops?: number;
  readonly storageThroughput?: number;
  readonly storageEncrypted: boolean;
  readonly multiAz: boolean;
  readonly availabilityZone: string;
  readonly publiclyAccessible: boolean;
  /** Days. */
  readonly backupRetentionPeriod: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly autoMinorVersionUpgrade: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly subnetGroup?: string;
}

export interface Instance {
  readonly id: string;
  /** "db-" and 26 letters and digits; also the name of its folder. */
  readonly resourceId: string;
  /** Epoch ms. */
  readonly created: number;
  readonly status: Status;
  /** Why it is failed or incompatible-network. */
  readonly reason?: string;
  /** Known once it listens; kept for its life. */
  readonly port?: number;
  /** The template's or caller's. */
  readonly requestedPort?: number;
  readonly masterUsername: string;
  readonly databaseName?: string;
  /** SCRAM verifier of a password that the caller gave; only until the role is made. */
  readonly verifier?: string;
  /** Set where RDS manages the master's password: the secret that holds it, once it is there also its ARN. */
  readonly secretName?: string;
  readonly secretArn?: string;
  /** Of the lake's own role. */
  readonly superuserPassword: string;
  readonly deletionProtection: boolean;
  readonly settings: Settings;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SubnetGroup {
  readonly name: string;
  readonly description: string;
  readonly subnets: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface ParameterGroup {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export class RdsStore {
  constructor(readonly lake: Lake) {}

  findInstance(id: string): Instance | undefined {
    return this.lake.store.get<Instance>(["rds", "instance", id.toLowerCase()]);
  }

  instance(id: string): Instance {
    const found = this.findInstance(id);
    if (found === undefined)
      throw new ServiceError("DBInstanceNotFound", `DBInstance ${id} not found.`, { status: 404 });
    return found;
  }

  instances(): Promise<Instance[]> {
    return this.lake.store.all<Instance>(["rds", "instance"]);
  }

  async save(instance: Instance): Promise<void> {
    await this.lake.store.write((writer) => writer.put(["rds", "instance", instance.id], instance));
  }

  async forget(id: string): Promise<void> {
    await this.lake.store.write((writer) => writer.delete(["rds", "instance", id]));
  }

  /** Changes an instance's record alone among its changes; undefined where it is gone. */
  change(id: string, change: (instance: Instance) => Instance): Promise<Instance | undefined> {
    return this.lake.store.lock(`rds ${id}`, async () => {
      const found = this.findInstance(id);
      if (found === undefined) return undefined;
      const changed = change(found);
      await this.save(changed);
      return changed;
    });
  }

  async setStatus(id: string, status: Status, reason?: string): Promise<void> {
    await this.change(id, ({ reason: _before, ...instance }) => ({
      ...instance,
      status,
      ...(reason === undefined ? {} : { reason }),
    }));
  }

  findSubnetGroup(name: string): SubnetGroup | undefined {
    return this.lake.store.get<SubnetGroup>(["rds", "subnetgroup", name.toLowerCase()]);
  }

  subnetGroup(name: string): SubnetGroup {
    const found = this.findSubnetGroup(name);
    if (found !== undefined) return found;
    throw new ServiceError("DBSubnetGroupNotFoundFault", `DB subnet group '${name}' does not exist.`, { status: 404 });
  }

  subnetGroups(): Promise<SubnetGroup[]> {
    return this.lake.store.all<SubnetGroup>(["rds", "subnetgroup"]);
  }

  async saveSubnetGroup(group: SubnetGroup): Promise<void> {
    await this.lake.store.write((writer) => writer.put(["rds", "subnetgroup", group.name], group));
  }

  async forgetSubnetGroup(name: string): Promise<void> {
    await this.lake.store.write((writer) => writer.delete(["rds", "subnetgroup", name]));
  }

  /** AWS's own default group is always there. */
  findParameterGroup(name: string): ParameterGroup | undefined {
    if (name === DEFAULT_PARAMETERS.name) return DEFAULT_PARAMETERS;
    return this.lake.store.get<ParameterGroup>(["rds", "parametergroup", name.toLowerCase()]);
  }

  parameterGroup(name: string): ParameterGroup {
    const found = this.findParameterGroup(name);
    if (found !== undefined) return found;
    throw new ServiceError("DBParameterGroupNotFound", `DBParameterGroup not found: ${name}`, { status: 404 });
  }

  async parameterGroups(): Promise<ParameterGroup[]> {
    const own = await this.lake.store.all<ParameterGroup>(["rds", "parametergroup"]);
    return [...own, DEFAULT_PARAMETERS].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async saveParameterGroup(group: ParameterGroup): Promise<void> {
    await this.lake.store.write((writer) => writer.put(["rds", "parametergroup", group.name], group));
  }

  async forgetParameterGroup(name: string): Promise<void> {
    await this.lake.store.write((writer) => writer.delete(["rds", "parametergroup", name]));
  }

  /** `kind`: "db", "subgrp" or "pg". */
  arn(kind: string, name: string): string {
    return `arn:aws:rds:${this.lake.region}:${this.lake.accountId}:${kind}:${name}`;
  }
}

export const FAMILY = "postgres18";

const DEFAULT_PARAMETERS: ParameterGroup = {
  name: `default.${FAMILY}`,
  family: FAMILY,
  description: `Default parameter group for ${FAMILY}`,
  parameters: {},
  tags: {},
};
