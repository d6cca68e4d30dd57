// Whether every Fn::GetAtt of a template names an attribute that its resource's type has.
import { invalidTemplate } from "../template/fault.ts";
import { referencesIn } from "../template/references.ts";
import type { Template } from "../template/template.ts";
import type { Types } from "./types.ts";

/** Throws ServiceError ValidationError in AWS's words. References must be checked before (`checkReferences`). */
export async function checkAttributes(types: Types, template: Template): Promise<void> {
  const values = [
    ...Object.values(template.resources).map(({ properties }) => properties),
    ...Object.values(template.outputs).map(({ value }) => value),
  ];
  for (const { logicalId, attribute } of values.flatMap((value) => referencesIn(value))) {
    // An attribute that is a Ref itself is looked at when its value is known.
    if (attribute === undefined || attribute === "") continue;
    const type = template.resources[logicalId]?.type;
    if (type === undefined) continue;
    const { attributes } = await types.spec(type);
    if (!Object.hasOwn(attributes, attribute)) {
      throw invalidTemplate(
        `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
      );
    }
  }
}
