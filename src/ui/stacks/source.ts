// What the stack view reads: stacks, and what one is made of once it is opened.
import type { AwsSession } from "../../aws/session.ts";
import { stackPhase } from "../../stacks/state.ts";
import type { StateNode, TreeSource } from "../shell/tree.ts";
import { stackItem } from "./items.ts";
import {
  eventNode,
  type GroupNode,
  groupNodes,
  resourceNode,
  type StackNode,
  stackNode,
  type StacksNode,
  valueNodes,
} from "./nodes.ts";

/** Pages of events (CloudFormation gives 100 a page) that a stack's node shows at first. */
const FIRST_PAGES = 1;

export class StackSource implements TreeSource<StacksNode> {
  readonly viewId = "boathouse.stack";
  readonly item = stackItem;
  private readonly pages = new Map<string, number>();
  private nodes: readonly StackNode[] = [];

  /** @param seen told after the stacks were read: whether one of them is under way. */
  constructor(private readonly seen: (running: boolean) => void) {}

  /** As last listed. */
  get stacks(): readonly StackNode[] {
    return this.nodes;
  }

  moreEvents(stackId: string): void {
    this.pages.set(stackId, (this.pages.get(stackId) ?? FIRST_PAGES) + 1);
  }

  parent(node: StacksNode): StacksNode | undefined {
    if (node.kind === "stack") return undefined;
    return node.kind === "group" ? node.stack : node.parent;
  }

  async children(node: StacksNode | undefined, session: AwsSession): Promise<readonly (StacksNode | StateNode)[]> {
    if (node === undefined) return this.roots(session);
    if (node.kind === "stack") return groupNodes(node);
    if (node.kind !== "group") return [];
    switch (node.group) {
      case "resources":
        return this.resources(node, session);
      case "events":
        return this.events(node, session);
      case "parameters":
        return valueNodes(node.stack.stack.parameters, node);
      case "outputs":
        return valueNodes(node.stack.stack.outputs, node);
    }
  }

  private async roots(session: AwsSession): Promise<readonly StackNode[]> {
    try {
      const { listStacks } = await import("../../stacks/stack.ts");
      const stacks = (await listStacks(session)).filter(({ status }) => stackPhase(status) !== "deleted");
      this.nodes = stacks.map(stackNode);
    } catch (error) {
      this.nodes = [];
      this.seen(false);
      throw error;
    }
    this.seen(this.nodes.some(({ stack }) => stackPhase(stack.status) === "running"));
    return this.nodes;
  }

  private async resources(node: GroupNode, session: AwsSession): Promise<readonly (StacksNode | StateNode)[]> {
    const { stackResources } = await import("../../stacks/stack.ts");
    const resources = await stackResources(session, node.stack.stack.id);
    // What is real first: a lake records a network of 30 parts that nobody looks for.
    const sorted = [...resources].sort((a, b) => Number(a.recorded) - Number(b.recorded));
    if (sorted.length === 0) return [empty(node, "No resources yet")];
    return sorted.map((resource) => resourceNode(resource, node, session.connection));
  }

  private async events(node: GroupNode, session: AwsSession): Promise<readonly (StacksNode | StateNode)[]> {
    const { eventPage } = await import("../../stacks/events.ts");
    const { id } = node.stack.stack;
    const found: StacksNode[] = [];
    let token: string | undefined;
    for (let page = this.pages.get(id) ?? FIRST_PAGES; page > 0; page--) {
      const { events, next } = await eventPage(session, id, token);
      found.push(...events.map((event) => eventNode(event, node)));
      token = next;
      if (token === undefined) break;
    }
    if (found.length === 0) return [empty(node, "No events yet")];
    if (token === undefined) return found;
    return [
      ...found,
      {
        kind: "state",
        id: `${node.id}/more`,
        state: "more",
        text: "Show earlier events",
        command: { id: "boathouse.stacks.moreEvents", title: "Show Earlier Events", args: [id] },
      },
    ];
  }
}

function empty(node: GroupNode, text: string): StateNode {
  return { kind: "state", id: `${node.id}/empty`, state: "empty", text };
}
