// The phases that undo: resources deleted in reversed order, updates taken back.
import type { ResourceRecord } from "../records.ts";
import type { Policy } from "../template/template.ts";
import { actingFor } from "./acting.ts";
import type { Outcome, Phase } from "./phase.ts";
import { stands } from "./existing.ts";
import { SIDE_BY_SIDE } from "./forward.ts";
import { reversed, runGraph } from "./graph.ts";
import { effectivePolicy } from "./policies.ts";
import { exportInUse } from "./exports.ts";

/** Which resources go: all (delete, rollback), those the new template lacks (update), those the update made (update rollback). */
export type Removal = "delete" | "rollback" | "update" | "update rollback";

export async function removeResources(phase: Phase, removal: Removal): Promise<Outcome> {
  const { operation, stack, store, actions } = phase;
  if (removal === "delete") {
    const inUse = await exportInUse(store, stack);
    // AWS gives such a stack its former status back.
    if (inUse !== undefined) return { status: operation.formerStatus ?? "DELETE_FAILED", reason: inUse, ends: true };
  }
  const goes = goesIn(phase, removal);
  const records = (await store.resources(stack.stackId)).filter((record) => stands(record) && goes(record));
  const waits = reversed(new Map(records.map((record) => [record.logicalId, new Set(record.dependsOn)])));
  // Deletion is not broken off: only the lake's own end stops it.
  const acting = actingFor(operation, stack, {
    signal: new AbortController().signal,
    stopping: phase.stopping,
    keepsDeleted: removal === "delete",
  });
  const left = await runGraph({
    waits,
    limit: SIDE_BY_SIDE,
    halted: phase.stopping,
    act: async (logicalId) => {
      const record = records.find((candidate) => candidate.logicalId === logicalId) as ResourceRecord;
      // An update goes on to its end whatever can't be deleted; it stays listed as DELETE_FAILED.
      const done = await actions.delete(acting, logicalId, policyFor(phase, removal, record));
      return done || removal === "update" || removal === "update rollback";
    },
  });
  return removed(phase, removal, left);
}

function removed({ lake, stack }: Phase, removal: Removal, left: readonly string[]): Outcome {
  const failed =
    left.length > 0 ? `The following resource(s) failed to delete: [${left.toSorted().join(", ")}]. ` : undefined;
  switch (removal) {
    case "update":
      return { status: "UPDATE_COMPLETE", ends: true };
    case "update rollback":
      return { status: "UPDATE_ROLLBACK_COMPLETE", ends: true };
    case "rollback":
      return failed === undefined
        ? { status: "ROLLBACK_COMPLETE", ends: true }
        : { status: "ROLLBACK_FAILED", reason: failed, ends: true };
    case "delete": {
      if (failed !== undefined) return { status: "DELETE_FAILED", reason: failed, ends: true };
      const names = stack.outputs.flatMap(({ exportName }) => exportName ?? []);
      return {
        status: "DELETE_COMPLETE",
        ends: true,
        stack: { deletedAt: lake.clock.now(), imports: [] },
        exports: { put: new Map(), remove: names },
      };
    }
  }
}

/** Whether a record's resource goes in this removal. */
function goesIn({ operation, intake, stack }: Phase, removal: Removal): (record: ResourceRecord) => boolean {
  if (removal === "delete" || removal === "rollback") return () => true;
  if (removal === "update rollback") return (record) => record.operation === operation.id && record.made === true;
  if (operation.target === undefined) return () => false;
  const { graph } = intake.evaluate(intake.parse(operation.target.template), operation.target.parameters, stack);
  return (record) => !graph.has(record.logicalId);
}

function policyFor({ operation }: Phase, removal: Removal, record: ResourceRecord): Policy {
  if (removal === "delete" && operation.retain.includes(record.logicalId)) return "Retain";
  const policy = effectivePolicy(record.type, record.deletionPolicy, record.properties);
  // What never came to stand is not kept, and has nothing worth a snapshot.
  const unfinished = record.status === "CREATE_FAILED" || record.status === "CREATE_IN_PROGRESS";
  const justMade = removal === "rollback" || removal === "update rollback" || operation.kind === "create";
  if (unfinished || (justMade && (policy !== "Retain" || operation.deleteNew === true))) return "Delete";
  return policy;
}

/** Takes back what the update changed; what it made goes in the phase that follows. */
export async function revertResources(phase: Phase): Promise<Outcome> {
  const { operation, store, actions } = phase;
  const before = operation.before;
  if (before === undefined) throw new Error("the operation has nothing to go back to");
  // From here on the stack is again what it was, tags and parameters too.
  const stack = { ...before.stack, status: phase.stack.status };
  const records = (await store.resources(stack.stackId)).filter(
    (record) =>
      record.operation === operation.id && record.before !== undefined && !operation.retain.includes(record.logicalId),
  );
  const acting = actingFor(operation, stack, {
    signal: new AbortController().signal,
    stopping: phase.stopping,
    keepsDeleted: false,
  });
  const left = await runGraph({
    waits: new Map(records.map((record) => [record.logicalId, new Set(record.before?.dependsOn ?? [])])),
    limit: SIDE_BY_SIDE,
    halted: phase.stopping,
    act: (logicalId) => actions.revert(acting, logicalId),
  });
  const { parameters, hidden, tags, capabilities, outputs, imports, description } = before.stack;
  const restored = {
    parameters,
    hidden,
    tags,
    capabilities,
    outputs,
    imports,
    ...(description === undefined ? {} : { description }),
  };
  if (left.length > 0) {
    return {
      status: "UPDATE_ROLLBACK_FAILED",
      reason: `The following resource(s) failed to update: [${left.toSorted().join(", ")}]. `,
      stack: restored,
    };
  }
  return { status: "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", stack: restored, template: before.template };
}
