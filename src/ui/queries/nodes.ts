// The Queries view's nodes and what they say, as plain data.
import { queryCost } from "../../queries/cost.ts";
import type { Execution } from "../../queries/executions.ts";
import type { NamedQuery } from "../../queries/named.ts";
import type { TreeNode } from "../shell/tree.ts";
import { labelOf } from "./label.ts";
import { bytes, dollars, duration } from "./results/describe.ts";

export interface GroupNode extends TreeNode {
  readonly kind: "group";
  readonly of: "named" | "recent";
}

export interface NamedNode extends TreeNode {
  readonly kind: "named";
  readonly query: NamedQuery;
}

export interface ExecutionNode extends TreeNode {
  readonly kind: "execution";
  readonly execution: Execution;
}

export type QueryNode = GroupNode | NamedNode | ExecutionNode;

export const GROUPS: readonly GroupNode[] = [
  { kind: "group", id: "named", of: "named" },
  { kind: "group", id: "recent", of: "recent" },
];

export function namedNode(query: NamedQuery): NamedNode {
  return { kind: "named", id: `named/${query.id}`, query };
}

export function executionNode(execution: Execution): ExecutionNode {
  return { kind: "execution", id: `execution/${execution.id}`, execution };
}

export function isRunning({ state }: Execution): boolean {
  return state === "QUEUED" || state === "RUNNING";
}

/** "execution.running", "execution.succeeded", "execution.failed", "execution.cancelled": menus look at it. */
export function contextOf({ execution }: ExecutionNode): string {
  return `execution.${isRunning(execution) ? "running" : execution.state.toLowerCase()}`;
}

/** Short, so that a side bar has room for time and bytes behind it. */
export function executionLabel({ execution }: ExecutionNode): string {
  return labelOf(execution.sql, 22);
}

/** "1.2 s · 4.2 MB · $0.00005 · 10:31:02". `local`: nothing is charged. */
export function executionDetail(
  { execution }: ExecutionNode,
  when: string,
  options: { readonly local: boolean; readonly pricePerTB?: number | undefined },
): string {
  const { totalMilliseconds, scannedBytes, state } = execution;
  const cost = queryCost(execution, options.pricePerTB);
  return [
    state === "SUCCEEDED" ? "" : WORDS[state],
    totalMilliseconds === undefined ? "" : duration(totalMilliseconds),
    scannedBytes === undefined || scannedBytes === 0 ? "" : bytes(scannedBytes),
    options.local || cost === undefined || cost === 0 ? "" : dollars(cost),
    when,
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

const WORDS: Readonly<Record<Execution["state"], string>> = {
  QUEUED: "Queued",
  RUNNING: "Running",
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  CANCELLED: "Cancelled",
};

/** All that is known of it, for the tooltip; plain text. */
export function executionTooltip(
  { execution }: ExecutionNode,
  time: string,
  options: { readonly local: boolean; readonly pricePerTB?: number | undefined },
): string {
  const { id, state, reason, workGroup, database, queueMilliseconds, totalMilliseconds, scannedBytes, sql } = execution;
  const cost = queryCost(execution, options.pricePerTB);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ["State", WORDS[state]],
    ["Reason", reason],
    ["Submitted", time === "" ? undefined : time],
    ["Time", totalMilliseconds === undefined ? undefined : duration(totalMilliseconds)],
    ["Queue", queueMilliseconds === undefined ? undefined : duration(queueMilliseconds)],
    ["Scanned", scannedBytes === undefined ? undefined : bytes(scannedBytes)],
    ["Cost", cost === undefined ? undefined : options.local ? `free here, ${dollars(cost)} on AWS` : dollars(cost)],
    ["Workgroup", workGroup],
    ["Database", database],
    ["Execution ID", id],
  ];
  const known = lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${known.join("\n")}\n\n${sql.length > 1500 ? `${sql.slice(0, 1500)}…` : sql}`;
}
