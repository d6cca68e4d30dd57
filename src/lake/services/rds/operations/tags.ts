// Tags of instances and groups by ARN, and the one engine version there is.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html
import type { Operations } from "../../../call.ts";
import { ENGINE_VERSION, invalidValue, required, tagList, tagsOf } from "../checks.ts";
import { FAMILY, type RdsStore } from "../store.ts";

type Tags = Readonly<Record<string, string>>;

export function tagOperations(
  store: RdsStore,
): Pick<
  Operations<"rds">,
  "AddTagsToResource" | "RemoveTagsFromResource" | "ListTagsForResource" | "DescribeDBEngineVersions"
> {
  return {
    AddTagsToResource: {
      fields: ["ResourceName", "Tags"],
      run: async (input) => {
        const added = tagsOf(required(input.Tags, "Tags"));
        await resource(store, input.ResourceName).save((tags) => ({ ...tags, ...added }));
        return {};
      },
    },
    RemoveTagsFromResource: {
      fields: ["ResourceName", "TagKeys"],
      run: async (input) => {
        const keys = required(input.TagKeys, "TagKeys");
        await resource(store, input.ResourceName).save((tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))),
        );
        return {};
      },
    },
    ListTagsForResource: {
      fields: ["ResourceName"],
      run: (input) => ({ TagList: tagList(resource(store, input.ResourceName).tags) }),
    },
    DescribeDBEngineVersions: {
      fields: ["Engine", "EngineVersion", "DBParameterGroupFamily", "DefaultOnly", "MaxRecords", "Marker"],
      run: ({ Engine, EngineVersion, DBParameterGroupFamily }) => {
        const asked =
          (Engine ?? "postgres") === "postgres" &&
          (EngineVersion ?? ENGINE_VERSION) === ENGINE_VERSION &&
          (DBParameterGroupFamily ?? FAMILY) === FAMILY;
        return { DBEngineVersions: asked ? [engineVersion()] : [] };
      },
    },
  };
}

function engineVersion() {
  return {
    Engine: "postgres",
    MajorEngineVersion: ENGINE_VERSION.split(".")[0],
    EngineVersion: ENGINE_VERSION,
    DBParameterGroupFamily: FAMILY,
    DBEngineDescription: "PostgreSQL",
    DBEngineVersionDescription: `PostgreSQL ${ENGINE_VERSION}`,
    ValidUpgradeTarget: [],
    SupportsReadReplica: false,
    Status: "available",
  };
}

interface Tagged {
  readonly tags: Tags;
  save(change: (tags: Tags) => Tags): Promise<unknown>;
}

function resource(store: RdsStore, arn: string | undefined): Tagged {
  const [kind, name] = required(arn, "ResourceName").split(":").slice(5);
  if (kind === "db" && name !== undefined) {
    const { id, tags } = store.instance(name);
    return { tags, save: (change) => store.change(id, (before) => ({ ...before, tags: change(before.tags) })) };
  }
  if (kind === "subgrp" && name !== undefined) {
    const group = store.subnetGroup(name);
    return { tags: group.tags, save: (change) => store.saveSubnetGroup({ ...group, tags: change(group.tags) }) };
  }
  if (kind === "pg" && name !== undefined) {
    const group = store.parameterGroup(name);
    return { tags: group.tags, save: (change) => store.saveParameterGroup({ ...group, tags: change(group.tags) }) };
  }
  throw invalidValue(`Invalid resource name: ${arn}`);
}
