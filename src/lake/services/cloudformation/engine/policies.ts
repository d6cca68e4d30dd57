// What becomes of a resource that its stack lets go of.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
import type { Policy } from "../template/template.ts";

/** The policy in force: Snapshot for an RDS cluster, and for an instance of none, where the template says nothing. */
export function effectivePolicy(
  type: string,
  declared: Policy | undefined,
  properties: Readonly<Record<string, unknown>>,
): Policy {
  if (declared !== undefined) return declared;
  if (type === "AWS::RDS::DBCluster") return "Snapshot";
  return type === "AWS::RDS::DBInstance" && properties["DBClusterIdentifier"] === undefined ? "Snapshot" : "Delete";
}
