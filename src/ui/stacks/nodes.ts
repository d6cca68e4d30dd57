// What the stack view lists, as plain data, and what its texts say.
import { resourcePage } from "../../stacks/console.ts";
import type { Connection } from "../../aws/connection.ts";
import type { StackEvent } from "../../stacks/events.ts";
import type { Stack, StackResource } from "../../stacks/stack.ts";
import { stackPhase } from "../../stacks/state.ts";
import { ago, duration, fullTime, moment } from "../shell/times.ts";
import type { TreeNode } from "../shell/tree.ts";

export interface StackNode extends TreeNode {
  readonly kind: "stack";
  readonly stack: Stack;
}

export type GroupName = "resources" | "events" | "parameters" | "outputs";

export interface GroupNode extends TreeNode {
  readonly kind: "group";
  readonly group: GroupName;
  readonly stack: StackNode;
}

export interface ResourceNode extends TreeNode {
  readonly kind: "resource";
  readonly resource: StackResource;
  /** Its page in the AWS console. */
  readonly page: string | undefined;
  readonly parent: GroupNode;
}

export interface EventNode extends TreeNode {
  readonly kind: "event";
  readonly event: StackEvent;
  readonly parent: GroupNode;
}

/** A parameter or an output. */
export interface ValueNode extends TreeNode {
  readonly kind: "value";
  readonly name: string;
  readonly value: string;
  readonly parent: GroupNode;
}

export type StacksNode = StackNode | GroupNode | ResourceNode | EventNode | ValueNode;

export function stackNode(stack: Stack): StackNode {
  // By name: the same row stays where a stack is torn down and deployed again.
  return { kind: "stack", id: `stack/${stack.name}`, stack };
}

export function groupNodes(stack: StackNode): GroupNode[] {
  const names: GroupName[] = ["resources", "events"];
  if (Object.keys(stack.stack.parameters).length > 0) names.push("parameters");
  if (Object.keys(stack.stack.outputs).length > 0) names.push("outputs");
  return names.map((group) => ({ kind: "group", id: `${stack.id}/${group}`, group, stack }));
}

export function resourceNode(resource: StackResource, parent: GroupNode, connection: Connection): ResourceNode {
  const id = `${parent.id}/${resource.logicalId}`;
  return { kind: "resource", id, resource, page: resourcePage(connection, resource), parent };
}

export function eventNode(event: StackEvent, parent: GroupNode): EventNode {
  return { kind: "event", id: `${parent.id}/${event.id}`, event, parent };
}

export function valueNodes(values: Readonly<Record<string, string>>, parent: GroupNode): ValueNode[] {
  return Object.entries(values).map(([name, value]) => ({
    kind: "value",
    id: `${parent.id}/${name}`,
    name,
    value,
    parent,
  }));
}

/** A stack that answers for a lake of Boathouse: its jobs and crawler can be run from it. */
export function isLake(stack: Stack): boolean {
  return stack.outputs["LoaderJobName"] !== undefined && stack.outputs["CrawlerName"] !== undefined;
}

/** What of an operation under way can be cancelled: a creation (by deleting it) and an update (by rolling it back). */
export function cancellable(stack: Stack): "creation" | "update" | undefined {
  if (stack.status === "CREATE_IN_PROGRESS") return "creation";
  return stack.status === "UPDATE_IN_PROGRESS" ? "update" : undefined;
}

/** Space-separated words, for the menus. */
export function stackContext(stack: Stack): string {
  const phase = stackPhase(stack.status);
  return [
    "stack",
    phase === "running" ? "running" : "resting",
    // One whose creation failed can only be torn down.
    ...(phase === "succeeded" || phase === "review" || stack.status === "UPDATE_ROLLBACK_COMPLETE"
      ? ["updatable"]
      : []),
    ...(phase !== "running" && isLake(stack) ? ["lake"] : []),
    ...(cancellable(stack) === undefined ? [] : ["cancellable"]),
    "console",
  ].join(" ");
}

/** "CREATE_COMPLETE · 5 min ago"; what a failed one needs stands in its tooltip. */
export function stackText(stack: Stack, now: Date): string {
  const at = stack.updated ?? stack.created;
  return [stack.status, ...(at === undefined ? [] : [ago(at, now)])].join(" · ");
}

const ADVICE: Readonly<Record<string, string>> = {
  ROLLBACK_COMPLETE: "Its creation failed and was rolled back. It can only be torn down; then deploy it again.",
  ROLLBACK_FAILED: "Its creation failed, and so did the rollback. Tear it down; then deploy it again.",
  CREATE_FAILED: "Its creation failed. Tear it down; then deploy it again.",
  DELETE_FAILED: "Its deletion failed: the events say what stood in the way. Remove that and tear it down again.",
  UPDATE_ROLLBACK_COMPLETE: "Its last update failed and was rolled back: it is as it was before.",
  UPDATE_ROLLBACK_FAILED:
    "The rollback of its last update failed. Mend the cause, then continue the rollback in the AWS console.",
  REVIEW_IN_PROGRESS: "Only a plan of it was made; nothing of it stands yet.",
};

export function stackTooltip(stack: Stack): string {
  return [
    stack.name,
    stack.status,
    ...(ADVICE[stack.status] === undefined ? [] : [ADVICE[stack.status]]),
    ...(stack.statusReason === undefined ? [] : [stack.statusReason]),
    ...(stack.description === undefined ? [] : ["", stack.description]),
    "",
    ...(stack.created === undefined ? [] : [`Created ${fullTime(stack.created)}`]),
    ...(stack.updated === undefined ? [] : [`Updated ${fullTime(stack.updated)}`]),
    stack.id,
  ].join("\n");
}

export function resourceTooltip(resource: StackResource): string {
  return [
    resource.logicalId,
    resource.type,
    resource.status,
    ...(resource.recorded ? ["Recorded only: the local lake keeps it without anything real behind it."] : []),
    ...(resource.physicalId === undefined ? [] : [resource.physicalId]),
  ].join("\n");
}

/** "AWS::S3::Bucket", with what is not usual: a state that is not complete, recorded only. */
export function resourceText(resource: StackResource): string {
  const usual = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(resource.status);
  return [resource.type, ...(usual ? [] : [resource.status]), ...(resource.recorded ? ["recorded only"] : [])].join(
    " · ",
  );
}

export function eventText(event: StackEvent, now: Date): string {
  const { reason } = event;
  return [event.status, moment(event.at, now), ...(reason === undefined ? [] : [reason])].join(" · ");
}

export function eventTooltip(event: StackEvent): string {
  return [
    `${event.logicalId} (${event.type})`,
    event.status,
    ...(event.reason === undefined ? [] : [event.reason]),
    fullTime(event.at),
    ...(event.physicalId === undefined || event.physicalId === "" ? [] : [event.physicalId]),
  ].join("\n");
}

/** All events as a text to read, oldest first, as columns. */
export function eventsText(stackName: string, events: readonly StackEvent[]): string {
  const width = (of: (event: StackEvent) => string, most: number) =>
    Math.min(most, Math.max(0, ...events.map((event) => of(event).length)));
  const id = width(({ logicalId }) => logicalId, 40);
  const type = width((event) => event.type, 44);
  const status = width((event) => event.status, 44);
  const first = events[0]?.at.getTime() ?? 0;
  const lines = events.map((event) =>
    [
      `+${duration((event.at.getTime() - first) / 1000)}`.padEnd(12),
      event.status.padEnd(status),
      event.logicalId.padEnd(id),
      event.type.padEnd(type),
      event.reason ?? "",
    ]
      .join("  ")
      .trimEnd(),
  );
  const head = `Events of stack ${stackName}, oldest first${events[0] === undefined ? "" : `; times since ${fullTime(events[0].at)}`}`;
  return [head, "", ...lines, ""].join("\n");
}
