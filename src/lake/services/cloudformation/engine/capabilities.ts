// Which capabilities a template asks its caller to acknowledge.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities)
import type { Template } from "../template/template.ts";

/** Types that may change who may do what, with the property that names them. */
const IAM_TYPES: Readonly<Record<string, string | undefined>> = {
  "AWS::IAM::AccessKey": undefined,
  "AWS::IAM::Group": "GroupName",
  "AWS::IAM::InstanceProfile": "InstanceProfileName",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Policy": undefined,
  "AWS::IAM::Role": "RoleName",
  "AWS::IAM::User": "UserName",
  "AWS::IAM::UserToGroupAddition": undefined,
};

export function neededCapabilities(template: Template): ("CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM")[] {
  const found = iamResources(template);
  if (found.length === 0) return [];
  const named = found.some((id) => {
    const { type, properties } = template.resources[id] as Template["resources"][string];
    const name = IAM_TYPES[type];
    return name !== undefined && properties[name] !== undefined;
  });
  return [named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"];
}

/** AWS's sentence about them; undefined where there are none. */
export function capabilitiesReason(template: Template): string | undefined {
  const types = new Set(iamResources(template).map((id) => template.resources[id]?.type));
  return types.size === 0 ? undefined : `The following resource(s) require capabilities: [${[...types].join(", ")}]`;
}

function iamResources(template: Template): string[] {
  return Object.entries(template.resources)
    .filter(([, { type }]) => Object.hasOwn(IAM_TYPES, type))
    .map(([id]) => id);
}
