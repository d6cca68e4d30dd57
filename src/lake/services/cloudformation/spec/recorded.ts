// Recorded resource types: those of AWS's specification with nothing real behind them here. Kept, answered, and said to be so.
import { notImplemented } from "../../../fault.ts";
import type { ResourceState, ResourceType } from "../../../resource.ts";
import { drawAttributes, drawPhysicalId, type Place } from "./identity.ts";
import type { ResourceSpec } from "./spec.ts";

/** What is said of a recorded resource wherever it is listed. */
export const RECORDED = "Recorded by the local lake; nothing real stands behind it.";

/** Types that act when they are made (call a function, run a template, wait for a signal): a record of one would be a lie. */
const ACTING = new Set([
  "AWS::CloudFormation::CustomResource",
  "AWS::CloudFormation::Macro",
  "AWS::CloudFormation::Stack",
  "AWS::CloudFormation::StackSet",
  "AWS::CloudFormation::WaitCondition",
  "AWS::CloudFormation::WaitConditionHandle",
]);

export function isActing(type: string): boolean {
  return ACTING.has(type) || type.startsWith("Custom::");
}

/** A resource type that only keeps what it is given. */
export function recordedType(spec: ResourceSpec, place: Place): ResourceType {
  if (isActing(spec.type)) throw notImplemented(`resources of type ${spec.type}`);
  return {
    type: spec.type,
    recorded: true,
    properties: Object.keys(spec.properties),
    async create(properties, context): Promise<ResourceState> {
      const drawing = { properties, context, place, spec };
      const physicalId = drawPhysicalId(drawing);
      return { physicalId, attributes: drawAttributes(drawing, physicalId) };
    },
    async update(physicalId, _before, after, context): Promise<ResourceState> {
      return { physicalId, attributes: drawAttributes({ properties: after, context, place, spec }, physicalId) };
    },
    async delete() {
      // The record goes with the stack's own.
    },
    async read(physicalId): Promise<ResourceState> {
      return { physicalId, attributes: {} };
    },
  };
}
