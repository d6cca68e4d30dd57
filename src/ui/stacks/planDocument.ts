// A plan as a document to read: counts, changes by action, what is replaced, what is real, what it costs, with which parameters. Pure.
import type { StandingCost } from "../../flows/cost.ts";
import type { Plan, PlannedChange } from "../../stacks/changeSet.ts";
import { oneLine } from "../shell/text.ts";

export interface PlanFacts {
  readonly plan: Plan;
  /** "the local lake", "prod-analytics · eu-west-1". */
  readonly connection: string;
  readonly costs: readonly StandingCost[];
  /** On a local lake: whether it makes a type real. Undefined elsewhere, where everything is. */
  readonly isLive: ((type: string) => boolean) | undefined;
  /** Parameters whose value nobody may read. */
  readonly hidden?: ReadonlySet<string>;
}

type Kind = "replaced" | "perhaps" | PlannedChange["action"];

const SECTIONS: readonly (readonly [kind: Kind, mark: string, title: string])[] = [
  ["Remove", "-", "Removed"],
  ["replaced", "-", "Replaced: a new one is made, the old one and what it holds is deleted"],
  ["perhaps", "!", "Perhaps replaced: CloudFormation knows only while it updates"],
  ["Modify", "!", "Changed in place"],
  ["Import", "+", "Imported"],
  ["Dynamic", "!", "Decided while it runs"],
  ["Add", "+", "Added"],
];

export function planDocument({ plan, connection, costs, isLive, hidden }: PlanFacts): string {
  const name = oneLine(plan.stackName);
  return [
    `Plan: ${plan.kind === "CREATE" ? "create" : "update"} stack ${name} on ${oneLine(connection)}`,
    counts(plan),
    "Nothing has been made yet. Execute or discard it above, or in its notification.",
    "",
    ...triggerLines(plan),
    ...liveLines(plan, isLive),
    ...costLines(costs, isLive !== undefined),
    ...SECTIONS.flatMap(([kind, mark, title]) => section(plan, kind, mark, title, isLive)),
    ...parameterLines(plan, hidden ?? new Set()),
  ].join("\n");
}

/** "61 changes: 59 added, 2 changed in place"; what is replaced or removed first, since that can lose data. */
export function counts({ changes }: Pick<Plan, "changes">): string {
  const words: Readonly<Record<Kind, string>> = {
    Remove: "removed",
    replaced: "replaced",
    perhaps: "perhaps replaced",
    Modify: "changed in place",
    Import: "imported",
    Dynamic: "decided while it runs",
    Add: "added",
  };
  const parts = SECTIONS.flatMap(([kind]) => {
    const count = changes.filter((change) => kindOf(change) === kind).length;
    return count === 0 ? [] : [`${count} ${words[kind]}`];
  });
  if (parts.length === 0) return "No resource changes.";
  const resources = `${changes.length} ${changes.length === 1 ? "resource" : "resources"}`;
  return parts.length === 1 ? `${resources} ${parts[0]?.replace(/^\d+ /, "")}.` : `${resources}: ${parts.join(", ")}.`;
}

function kindOf({ action, replacement }: PlannedChange): Kind {
  if (action !== "Modify") return action;
  if (replacement === "True") return "replaced";
  return replacement === "Conditional" ? "perhaps" : "Modify";
}

function section(plan: Plan, kind: Kind, mark: string, title: string, isLive: PlanFacts["isLive"]): string[] {
  const changes = plan.changes.filter((change) => kindOf(change) === kind);
  if (changes.length === 0) return [];
  const width = Math.min(44, Math.max(...changes.map(({ logicalId }) => logicalId.length)));
  const types = Math.min(48, Math.max(...changes.map(({ type }) => type.length)));
  // Live ones first, as the view lists them.
  const sorted = [...changes].sort(
    (a, b) => Number(recorded(a, isLive)) - Number(recorded(b, isLive)) || a.type.localeCompare(b.type),
  );
  return [
    `${title} (${changes.length})`,
    ...sorted.map((change) =>
      [
        mark,
        oneLine(change.logicalId).padEnd(width),
        change.type.padEnd(types),
        ...(recorded(change, isLive) ? ["recorded only"] : []),
        ...(change.action === "Add" || change.physicalId === undefined ? [] : [oneLine(change.physicalId)]),
      ]
        .join(" ")
        .trimEnd(),
    ),
    "",
  ];
}

function recorded({ type }: PlannedChange, isLive: PlanFacts["isLive"]): boolean {
  return isLive?.(type) === false;
}

/** The lake's own template leaves its triggers off until the scripts are there (deployStages.ts). */
function triggerLines({ changes, parameters }: Plan): string[] {
  const triggers = changes.filter(({ action, type }) => action === "Add" && type === "AWS::Glue::Trigger").length;
  if (triggers === 0 || parameters["StartTriggers"] !== "false") return [];
  return [
    `Once the job scripts are uploaded, Boathouse starts the ${triggers} triggers:`,
    "  the jobs then run by their schedule. The Jobs view tells when, and stops them.",
  ];
}

function liveLines(plan: Plan, isLive: PlanFacts["isLive"]): string[] {
  if (isLive === undefined || plan.changes.length === 0) return [];
  const live = plan.changes.filter(({ type }) => isLive(type)).length;
  const rest = plan.changes.length - live;
  return [
    `On the local lake ${live} of them are live${rest === 0 ? "." : `, and ${rest} are recorded only:`}`,
    ...(rest === 0 ? [] : ["  kept and answered for, with nothing real behind them."]),
  ];
}

function costLines(costs: readonly StandingCost[], local: boolean): string[] {
  if (costs.length === 0) return [""];
  const sum = costs.reduce((total, { monthly }) => total + monthly, 0);
  const width = Math.max(...costs.map(({ what }) => what.length));
  return [
    local
      ? `It costs nothing here. On AWS it would cost about $${sum.toFixed(2)} a month while it stands:`
      : `It costs about $${sum.toFixed(2)} a month while it stands, whether or not it is used:`,
    ...costs.map(({ what, monthly }) => `  ${what.padEnd(width)}  $${monthly.toFixed(2).padStart(7)}`),
    "  An estimate by us-east-1 list prices. Requests, scanned bytes, DPU-hours and traffic",
    "  are billed by use and not in it.",
    "",
  ];
}

function parameterLines({ parameters }: Plan, hidden: ReadonlySet<string>): string[] {
  const names = Object.keys(parameters);
  if (names.length === 0) return [];
  const width = Math.max(...names.map((name) => name.length));
  return [
    "Parameters",
    ...names.map((name) => {
      const value = hidden.has(name) ? "****" : oneLine(parameters[name] ?? "");
      return `  ${name.padEnd(width)}  ${value === "" ? "(empty)" : value}`;
    }),
    "",
  ];
}
