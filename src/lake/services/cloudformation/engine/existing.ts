// A stack's resources as templates see them: what Ref and Fn::GetAtt give of those that stand.
import type { ResourceRecord } from "../records.ts";
import type { Existing } from "../template/evaluate.ts";
import { invalidTemplate } from "../template/fault.ts";

/** A record of something that is there (or may be); the rest is kept to be listed. */
export function stands(record: ResourceRecord): boolean {
  return record.status !== "DELETE_COMPLETE" && record.status !== "DELETE_SKIPPED";
}

export function existingResources(record: (logicalId: string) => ResourceRecord | undefined): Existing {
  return {
    reference: (logicalId) => record(logicalId)?.physicalId,
    attribute: (logicalId, name) => {
      const value = attributeOf(record(logicalId), name);
      if (value === undefined) {
        throw invalidTemplate(
          `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
        );
      }
      return value;
    },
  };
}

/** What Fn::GetAtt gives: "Endpoint.Address" stands under that name, or as a member of "Endpoint". */
export function attributeOf(record: ResourceRecord | undefined, name: string): unknown {
  const attributes = record?.attributes ?? {};
  if (attributes[name] !== undefined) return attributes[name];
  let value: unknown = attributes;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
