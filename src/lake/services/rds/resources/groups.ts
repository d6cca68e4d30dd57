// AWS::RDS::DBSubnetGroup and AWS::RDS::DBParameterGroup: kept in RDS and answered there, recorded because nothing local obeys them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbsubnetgroup.html
import { ServiceError } from "../../../fault.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../../resource.ts";
import { tagList } from "../checks.ts";
import type { RdsStore } from "../store.ts";
import { tagsOf } from "./instance.ts";

export function subnetGroupType(store: RdsStore): ResourceType {
  const { call } = store.lake;
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: { DBSubnetGroupArn: store.arn("subgrp", name) },
  });
  const parts = (properties: Properties) => ({
    DBSubnetGroupDescription: String(properties["DBSubnetGroupDescription"]),
    SubnetIds: ((properties["SubnetIds"] ?? []) as unknown[]).map(String),
  });
  return {
    type: "AWS::RDS::DBSubnetGroup",
    recorded: true,
    properties: ["DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds", "Tags"],
    async create(properties, context) {
      const name = nameOf(properties["DBSubnetGroupName"], context);
      if (store.findSubnetGroup(name) === undefined) await context.initiated?.(name);
      const tags = tagList(tagsOf(properties, context));
      await call("rds", "CreateDBSubnetGroup", { DBSubnetGroupName: name, ...parts(properties), Tags: tags });
      return state(name);
    },
    async update(physicalId, before, after, context) {
      refuseRename("DBSubnetGroupName", before, after);
      await call("rds", "ModifyDBSubnetGroup", { DBSubnetGroupName: physicalId, ...parts(after) });
      await retag(store, store.arn("subgrp", physicalId), store.subnetGroup(physicalId).tags, tagsOf(after, context));
      return state(physicalId);
    },
    async delete(physicalId) {
      if (store.findSubnetGroup(physicalId) === undefined) return;
      await call("rds", "DeleteDBSubnetGroup", { DBSubnetGroupName: physicalId });
    },
    async read(physicalId) {
      return store.findSubnetGroup(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

export function parameterGroupType(store: RdsStore): ResourceType {
  const { call } = store.lake;
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: { DBParameterGroupName: name, DBParameterGroupArn: store.arn("pg", name) },
  });
  const setParameters = async (name: string, properties: Properties) => {
    const wanted = Object.entries((properties["Parameters"] ?? {}) as Record<string, unknown>);
    const group = store.parameterGroup(name);
    await store.saveParameterGroup({
      ...group,
      parameters: Object.fromEntries(wanted.map(([parameter, value]) => [parameter, String(value)])),
    });
  };
  return {
    type: "AWS::RDS::DBParameterGroup",
    recorded: true,
    properties: ["DBParameterGroupName", "Description", "Family", "Parameters", "Tags"],
    async create(properties, context) {
      const name = nameOf(properties["DBParameterGroupName"], context);
      if (store.findParameterGroup(name) === undefined) await context.initiated?.(name);
      await call("rds", "CreateDBParameterGroup", {
        DBParameterGroupName: name,
        DBParameterGroupFamily: String(properties["Family"]),
        Description: String(properties["Description"]),
        Tags: tagList(tagsOf(properties, context)),
      });
      await setParameters(name, properties);
      return state(name);
    },
    async update(physicalId, before, after, context) {
      for (const name of ["DBParameterGroupName", "Family", "Description"]) refuseRename(name, before, after);
      await setParameters(physicalId, after);
      await retag(store, store.arn("pg", physicalId), store.parameterGroup(physicalId).tags, tagsOf(after, context));
      return state(physicalId);
    },
    async delete(physicalId) {
      if (store.findParameterGroup(physicalId) === undefined) return;
      await call("rds", "DeleteDBParameterGroup", { DBParameterGroupName: physicalId });
    },
    async read(physicalId) {
      return store.findParameterGroup(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

function nameOf(given: unknown, context: ResourceContext): string {
  return (given === undefined ? context.generatedName(255, { lowerCase: true }) : String(given)).toLowerCase();
}

function refuseRename(property: string, before: Properties, after: Properties): void {
  if (before[property] !== after[property]) {
    throw new ServiceError("NotUpdatable", `A change of ${property} needs a replacement of the group.`);
  }
}

async function retag(
  store: RdsStore,
  ResourceName: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Promise<void> {
  const TagKeys = Object.keys(before).filter((key) => !(key in after));
  if (TagKeys.length > 0) await store.lake.call("rds", "RemoveTagsFromResource", { ResourceName, TagKeys });
  await store.lake.call("rds", "AddTagsToResource", { ResourceName, Tags: tagList(after) });
}
