// Makes the compact specification that the lake reads: AWS's published one, a line of JSON a resource type, and an index of lines.
// Run by the build for dist/, and on first need where the lake runs from its sources.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { CompactProperty, CompactType, ResourceSpec } from "./spec.ts";

interface RawType {
  readonly type: string;
  readonly allowedValues?: (string | number)[];
  readonly element?: RawType;
  readonly types?: RawType[];
  readonly reference?: { $ref: string };
}

interface RawProperty {
  readonly type: RawType;
  readonly previousTypes?: RawType[];
  readonly required?: boolean;
  readonly causesReplacement?: "yes" | "no" | "maybe";
}

interface RawDefinition {
  readonly $id: string;
  readonly properties: Record<string, RawProperty>;
}

interface RawResource extends RawDefinition {
  readonly cloudFormationType: string;
  readonly primaryIdentifier?: string[];
  readonly cfnRefIdentifier?: string[];
  readonly attributes: Record<string, RawProperty>;
  readonly arnTemplate?: string;
  readonly additionalReplacementProperties?: string[][];
  readonly tagInformation?: { tagPropertyName: string; variant: "standard" | "asg" | "map" };
}

interface RawDatabase {
  readonly schema: {
    readonly resource: { entities: RawResource[] };
    readonly typeDefinition: { entities: RawDefinition[] };
  };
}

/**
 * The compact specification as text: the first line is `{type: [offset, length]}` in bytes behind that line, then one ResourceSpec a line.
 * @param archive path of `db.json.gz` of `@aws-cdk/aws-service-spec`
 */
export function deriveSpec(archive: string): string {
  const { schema } = JSON.parse(gunzipSync(readFileSync(archive)).toString("utf8")) as RawDatabase;
  const definitions = new Map(schema.typeDefinition.entities.map((definition) => [definition.$id, definition]));
  const index: Record<string, [number, number]> = {};
  const lines: string[] = [];
  let offset = 0;
  for (const resource of schema.resource.entities.toSorted((a, b) =>
    a.cloudFormationType < b.cloudFormationType ? -1 : 1,
  )) {
    const line = JSON.stringify(compactResource(resource, definitions));
    const length = Buffer.byteLength(line);
    index[resource.cloudFormationType] = [offset, length];
    offset += length + 1;
    lines.push(line);
  }
  return `${JSON.stringify(index)}\n${lines.join("\n")}\n`;
}

function compactResource(resource: RawResource, definitions: ReadonlyMap<string, RawDefinition>): ResourceSpec {
  const used: Record<string, Record<string, CompactProperty>> = {};
  const compactAll = (properties: Record<string, RawProperty>): Record<string, CompactProperty> => {
    const result: Record<string, CompactProperty> = {};
    for (const [name, property] of Object.entries(properties)) {
      const types = [property.type, ...(property.previousTypes ?? [])].map(compact);
      const distinct = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
      result[name] = {
        type: distinct.length === 1 ? (distinct[0] as CompactType) : { anyOf: distinct },
        ...(property.required === true ? { required: true } : {}),
        ...(property.causesReplacement === "yes" ? { replaces: "always" as const } : {}),
        ...(property.causesReplacement === "maybe" ? { replaces: "maybe" as const } : {}),
      };
    }
    return result;
  };
  const compact = (type: RawType): CompactType => {
    if (type.type === "array") return { list: compact(type.element as RawType) };
    if (type.type === "map") return { map: compact(type.element as RawType) };
    if (type.type === "union") return { anyOf: (type.types ?? []).map(compact) };
    if (type.type === "ref") {
      const id = type.reference?.$ref ?? "";
      if (used[id] === undefined) {
        used[id] = {}; // set before its properties are walked: definitions may be recursive
        used[id] = compactAll(definitions.get(id)?.properties ?? {});
      }
      return { definition: id };
    }
    if (type.allowedValues !== undefined) return { values: type.allowedValues };
    return type.type as CompactType;
  };
  const properties = compactAll(resource.properties);
  return {
    type: resource.cloudFormationType,
    properties,
    attributes: Object.fromEntries(Object.entries(resource.attributes).map(([name, { type }]) => [name, simple(type)])),
    identifier: resource.cfnRefIdentifier ?? resource.primaryIdentifier ?? [],
    ...(resource.arnTemplate === undefined ? {} : { arn: resource.arnTemplate }),
    ...(resource.tagInformation === undefined ? {} : { tags: resource.tagInformation.tagPropertyName }),
    ...(resource.additionalReplacementProperties === undefined
      ? {}
      : { alsoReplaces: resource.additionalReplacementProperties }),
    definitions: used,
  };
}

/** An attribute's type, as far as a plausible value needs it. */
function simple(type: RawType): ResourceSpec["attributes"][string] {
  if (type.type === "array") return "list";
  return type.type === "integer" || type.type === "number" || type.type === "boolean" ? type.type : "string";
}
