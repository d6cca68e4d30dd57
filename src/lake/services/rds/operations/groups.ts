// DB subnet groups and DB parameter groups: recorded. They are kept and answered, and PostgreSQL on loopback has no use for them.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { identifier, invalidValue, required, tagsOf } from "../checks.ts";
import { page, parameterGroupShape, subnetGroupShape } from "../describe.ts";
import { FAMILY, type Instance, type RdsStore } from "../store.ts";

type SubnetOperations =
  | "CreateDBSubnetGroup"
  | "DescribeDBSubnetGroups"
  | "ModifyDBSubnetGroup"
  | "DeleteDBSubnetGroup";

export function subnetGroupOperations(store: RdsStore): Pick<Operations<"rds">, SubnetOperations> {
  return {
    CreateDBSubnetGroup: {
      fields: ["DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds", "Tags"],
      run: async (input) => {
        const name = subnetGroupName(input.DBSubnetGroupName);
        if (store.findSubnetGroup(name) !== undefined) {
          throw new ServiceError("DBSubnetGroupAlreadyExists", `The DB subnet group '${name}' already exists.`);
        }
        const group = {
          name,
          description: required(input.DBSubnetGroupDescription, "DBSubnetGroupDescription"),
          subnets: subnetsOf(input.SubnetIds),
          tags: tagsOf(input.Tags),
        };
        await store.saveSubnetGroup(group);
        return { DBSubnetGroup: subnetGroupShape(store, group) };
      },
    },
    ModifyDBSubnetGroup: {
      fields: ["DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds"],
      run: async (input) => {
        const before = store.subnetGroup(required(input.DBSubnetGroupName, "DBSubnetGroupName"));
        const description = input.DBSubnetGroupDescription ?? before.description;
        const group = { ...before, description, subnets: subnetsOf(input.SubnetIds) };
        await store.saveSubnetGroup(group);
        return { DBSubnetGroup: subnetGroupShape(store, group) };
      },
    },
    DescribeDBSubnetGroups: {
      fields: ["DBSubnetGroupName", "MaxRecords", "Marker"],
      run: async (input) => {
        const { DBSubnetGroupName: name } = input;
        const found = name === undefined ? await store.subnetGroups() : [store.subnetGroup(name)];
        const shapes = found.map((group) => subnetGroupShape(store, group));
        const { items, marker } = page(shapes, "DBSubnetGroupName", input);
        return { DBSubnetGroups: items, ...marker };
      },
    },
    DeleteDBSubnetGroup: {
      fields: ["DBSubnetGroupName"],
      run: async (input) => {
        const { name } = store.subnetGroup(required(input.DBSubnetGroupName, "DBSubnetGroupName"));
        const user = await userOf(store, ({ settings }) => settings.subnetGroup === name);
        if (user !== undefined) {
          throw new ServiceError(
            "InvalidDBSubnetGroupStateFault",
            `Cannot delete the subnet group '${name}' because at least one database instance: ${user.id} is still using it.`,
          );
        }
        await store.forgetSubnetGroup(name);
        return {};
      },
    },
  };
}

type ParameterOperations =
  | "CreateDBParameterGroup"
  | "DescribeDBParameterGroups"
  | "ModifyDBParameterGroup"
  | "DeleteDBParameterGroup";

export function parameterGroupOperations(store: RdsStore): Pick<Operations<"rds">, ParameterOperations> {
  return {
    CreateDBParameterGroup: {
      fields: ["DBParameterGroupName", "DBParameterGroupFamily", "Description", "Tags"],
      run: async (input) => {
        const name = identifier(input.DBParameterGroupName, "DBParameterGroupName", 255);
        const family = required(input.DBParameterGroupFamily, "DBParameterGroupFamily");
        if (!/^postgres\d+$/.test(family)) {
          throw invalidValue(
            `ParameterGroupFamily ${family} is not a valid parameter group family. The local lake uses ${FAMILY}.`,
          );
        }
        if (store.findParameterGroup(name) !== undefined) {
          throw new ServiceError("DBParameterGroupAlreadyExists", `Parameter group ${name} already exists`);
        }
        const description = required(input.Description, "Description");
        const group = { name, family, description, parameters: {}, tags: tagsOf(input.Tags) };
        await store.saveParameterGroup(group);
        return { DBParameterGroup: parameterGroupShape(store, group) };
      },
    },
    ModifyDBParameterGroup: {
      fields: [
        "DBParameterGroupName",
        "Parameters.ParameterName",
        "Parameters.ParameterValue",
        "Parameters.ApplyMethod",
      ],
      run: async (input) => {
        const before = ownParameterGroup(store, input.DBParameterGroupName);
        const changed = required(input.Parameters, "Parameters").map(
          ({ ParameterName, ParameterValue }): [string, string] => [
            required(ParameterName, "ParameterName"),
            ParameterValue ?? "",
          ],
        );
        await store.saveParameterGroup({
          ...before,
          parameters: { ...before.parameters, ...Object.fromEntries(changed) },
        });
        return { DBParameterGroupName: before.name };
      },
    },
    DescribeDBParameterGroups: {
      fields: ["DBParameterGroupName", "MaxRecords", "Marker"],
      run: async (input) => {
        const { DBParameterGroupName: name } = input;
        const found = name === undefined ? await store.parameterGroups() : [store.parameterGroup(name)];
        const shapes = found.map((group) => parameterGroupShape(store, group));
        const { items, marker } = page(shapes, "DBParameterGroupName", input);
        return { DBParameterGroups: items, ...marker };
      },
    },
    DeleteDBParameterGroup: {
      fields: ["DBParameterGroupName"],
      run: async (input) => {
        const { name } = ownParameterGroup(store, input.DBParameterGroupName);
        const user = await userOf(store, ({ settings }) => settings.parameterGroup === name);
        if (user !== undefined) {
          throw new ServiceError(
            "InvalidDBParameterGroupState",
            `One or more database instances are still members of this parameter group ${name}, so the group cannot be deleted: ${user.id}.`,
          );
        }
        await store.forgetParameterGroup(name);
        return {};
      },
    },
  };
}

function ownParameterGroup(store: RdsStore, name: string | undefined) {
  const group = store.parameterGroup(required(name, "DBParameterGroupName"));
  if (group.name.startsWith("default.")) {
    throw invalidValue(`The default parameter group ${group.name} can't be changed or deleted.`);
  }
  return group;
}

function subnetGroupName(value: string | undefined): string {
  const name = required(value, "DBSubnetGroupName");
  if (!/^[A-Za-z0-9 ._-]{1,255}$/.test(name) || name.toLowerCase() === "default") {
    throw invalidValue(
      "The parameter DBSubnetGroupName must contain no more than 255 letters, numbers, periods, underscores, spaces or hyphens, and must not be default.",
    );
  }
  return name.toLowerCase();
}

function subnetsOf(ids: readonly string[] | undefined): readonly string[] {
  const subnets = required(ids, "SubnetIds");
  if (new Set(subnets).size < 2) {
    throw new ServiceError(
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.",
    );
  }
  return subnets;
}

async function userOf(store: RdsStore, uses: (instance: Instance) => boolean): Promise<Instance | undefined> {
  return (await store.instances()).find(uses);
}
