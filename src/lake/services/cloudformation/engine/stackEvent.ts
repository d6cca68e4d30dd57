// The event of a stack's own status.
import type { StackRecord } from "../records.ts";
import type { StackWriter } from "../store.ts";

export function stackEvent(writer: StackWriter, stack: StackRecord, token: string | undefined, reason?: string): void {
  writer.event(stack.stackId, {
    logicalId: stack.name,
    physicalId: stack.stackId,
    type: "AWS::CloudFormation::Stack",
    status: stack.status,
    ...(reason === undefined ? {} : { reason }),
    ...(token === undefined ? {} : { token }),
  });
}
