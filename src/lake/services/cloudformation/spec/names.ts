// Which property names a resource, where the template names it: the physical id that `Ref` will give.
import type { ResourceSpec } from "./spec.ts";

/** Names that stand deeper than AWS's specification of identifiers says. */
const DEEPER: Readonly<Record<string, readonly [string, string]>> = {
  "AWS::Glue::Connection": ["ConnectionInput", "Name"],
  "AWS::Glue::Database": ["DatabaseInput", "Name"],
  "AWS::Glue::Table": ["TableInput", "Name"],
};

/** The name in the properties, or undefined where CloudFormation or the service makes one (or it is not known yet). */
export function givenName(spec: ResourceSpec, properties: Readonly<Record<string, unknown>>): string | undefined {
  const [holder, member] = DEEPER[spec.type] ?? [];
  const inner = holder === undefined ? undefined : (properties[holder] as Record<string, unknown> | undefined);
  const identifier = spec.identifier.length === 1 ? spec.identifier[0] : undefined;
  const value =
    (member === undefined ? undefined : inner?.[member]) ??
    (identifier === undefined ? undefined : properties[identifier]);
  return typeof value === "string" && value !== "" ? value : undefined;
}
