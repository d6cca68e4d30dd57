// AWS::Athena::NamedQuery as a live CloudFormation type.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-namedquery.html
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceState, ResourceType } from "../../../resource.ts";
import type { NamedQueries } from "../named.ts";
import { idOf } from "../operations/named.ts";

const PROPERTIES = ["Name", "Description", "Database", "QueryString", "WorkGroup"] as const;

export function namedQueryType(lake: Lake, named: NamedQueries): ResourceType {
  const state = (id: string): ResourceState => ({ physicalId: id, attributes: { NamedQueryId: id } });
  return {
    type: "AWS::Athena::NamedQuery",
    properties: PROPERTIES,
    async create(properties, context) {
      const given = members(properties);
      // The id follows from the token, so that it is known before the query is there: a killed lake finds it again.
      const token = context.generatedName(128).padEnd(32, "0");
      await context.initiated?.(idOf(token));
      const { NamedQueryId = "" } = await lake.call(
        "athena",
        "CreateNamedQuery",
        { ...given, Name: given.Name ?? context.generatedName(128), ClientRequestToken: token } as Parameters<
          typeof lake.call<"athena", "CreateNamedQuery">
        >[2],
        context,
      );
      return state(NamedQueryId);
    },
    async update(physicalId, before, after) {
      const changed = PROPERTIES.filter((property) => before[property] !== after[property]);
      if (changed.length === 0) return state(physicalId);
      throw new ServiceError(
        "NotUpdatable",
        `A change of ${changed.join(", ")} needs a replacement of the named query.`,
      );
    },
    async delete(physicalId) {
      const found = named.find(physicalId);
      if (found !== undefined) await named.delete(found);
    },
    async read(physicalId) {
      return named.find(physicalId) === undefined ? undefined : state(physicalId);
    },
  };
}

function members(properties: Properties): Partial<Record<(typeof PROPERTIES)[number], string>> {
  return Object.fromEntries(
    PROPERTIES.filter((name) => properties[name] !== undefined).map((name) => [name, String(properties[name])]),
  );
}
