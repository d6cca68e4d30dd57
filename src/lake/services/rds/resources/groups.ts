// AWS::RDS::DBSubnetGroup and AWS::RDS::DBParameterGroup: kept in RDS and answered there, recorded because nothing local obeys them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbsubnetgroup.html
import { refuseReplacement, tagsOf, textOf, textsOf } from "../../../properties.ts";
import type { Properties, ResourceContext, ResourceState, ResourceType } from "../../../resource.ts";
import { tagList } from "../checks.ts";
import type { RdsStore } from "../store.ts";

export function subnetGroupType(store: RdsStore): ResourceType {
  const { call } = store.lake;
  const state = (name: string): ResourceState => ({
    physicalId: name,
    attributes: { DBSubnetGroupArn: store.arn("subgrp", name) },
  });
  const parts = (properties: Properties) => ({
    DBSubnetGroupDescription: textOf(properties, "DBSubnetGroupDescription") ?? "",
    SubnetIds: textsOf(properties, "SubnetIds"),
  });
  return {
    type: "AWS::RDS::DBSubnetGroup",
    recorded: true,
    properties: ["DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds", "Tags"],
    async create(properties, context) {
      const name = nameOf(textOf(properties, "DBSubnetGroupName"), context);
      if (store.findSubnetGroup(name) === undefined) await context.initiated?.(name);
      const tags = tagList(tagsOf(properties, context));
      await call("rds", "CreateDBSubnetGroup", { DBSubnetGroupName: name, ...parts(properties), Tags: tags });
      return state(name);
    },
    async update(physicalId, before, after, context) {
      refuseReplacement("the group", before, after, ["DBSubnetGroupName"]);
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
    const wanted = (properties["Parameters"] ?? {}) as Properties;
    const group = store.parameterGroup(name);
    const parameters = Object.fromEntries(Object.keys(wanted).map((key) => [key, textOf(wanted, key) ?? ""]));
    await store.saveParameterGroup({ ...group, parameters });
  };
  return {
    type: "AWS::RDS::DBParameterGroup",
    recorded: true,
    properties: ["DBParameterGroupName", "Description", "Family", "Parameters", "Tags"],
    async create(properties, context) {
      const name = nameOf(textOf(properties, "DBParameterGroupName"), context);
      if (store.findParameterGroup(name) === undefined) await context.initiated?.(name);
      await call("rds", "CreateDBParameterGroup", {
        DBParameterGroupName: name,
        DBParameterGroupFamily: textOf(properties, "Family") ?? "",
        Description: textOf(properties, "Description") ?? "",
        Tags: tagList(tagsOf(properties, context)),
      });
      await setParameters(name, properties);
      return state(name);
    },
    async update(physicalId, before, after, context) {
      refuseReplacement("the group", before, after, ["DBParameterGroupName", "Family", "Description"]);
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

function nameOf(given: string | undefined, context: ResourceContext): string {
  return (given ?? context.generatedName(255, { lowerCase: true })).toLowerCase();
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
