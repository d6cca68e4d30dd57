// The phase that makes and changes resources, each once those it waits for are there.
import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../../../base/errors.ts";
import type { OutputRecord, ResourceRecord } from "../records.ts";
import type { Evaluation } from "../template/evaluate.ts";
import { actingFor } from "./acting.ts";
import type { Outcome, Phase } from "./phase.ts";
import { existingResources, stands } from "./existing.ts";
import { exportsFault } from "./exports.ts";
import { runGraph } from "./graph.ts";
import type { Wanted } from "./resources.ts";

/** Resources of a stack that are made side by side. */
export const SIDE_BY_SIDE = 8;

interface Failures {
  readonly create: string[];
  readonly update: string[];
}

export async function makeResources(phase: Phase): Promise<Outcome> {
  const { operation, stack, store, intake } = phase;
  let evaluation: Evaluation;
  try {
    if (operation.target === undefined) throw new Error("the operation has no target");
    evaluation = intake.evaluate(intake.parse(operation.target.template), operation.target.parameters, stack);
  } catch (error) {
    return failed(phase, messageOf(error));
  }
  const { failures, timedOut } = await act(phase, evaluation);
  if (timedOut) return failed(phase, "Stack creation time exceeded the specified timeout.");
  if (failures.create.length + failures.update.length > 0) {
    const sentences = [
      ...(failures.create.length === 0
        ? []
        : [`The following resource(s) failed to create: [${failures.create.join(", ")}].`]),
      ...(failures.update.length === 0
        ? []
        : [`The following resource(s) failed to update: [${failures.update.join(", ")}].`]),
    ];
    return failed(phase, sentences.join(" "));
  }
  try {
    const outputs = outputRecords(evaluation, phase);
    const fault = await exportsFault(store, stack, outputs);
    if (fault !== undefined) return failed(phase, fault);
    return succeeded(phase, evaluation, outputs);
  } catch (error) {
    return failed(phase, messageOf(error));
  }
}

function failed({ operation }: Phase, reason: string): Outcome {
  const update = operation.kind === "update";
  switch (operation.onFailure) {
    case "DO_NOTHING":
      return { status: update ? "UPDATE_FAILED" : "CREATE_FAILED", reason };
    case "DELETE":
      return { status: "DELETE_IN_PROGRESS", reason: `${reason} Delete requested by user.` };
    default:
      return update
        ? { status: "UPDATE_ROLLBACK_IN_PROGRESS", reason }
        : { status: "ROLLBACK_IN_PROGRESS", reason: `${reason} Rollback requested by user.` };
  }
}

function succeeded({ operation, stack }: Phase, evaluation: Evaluation, outputs: OutputRecord[]): Outcome {
  const exported = new Map(
    outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value]])),
  );
  const gone = stack.outputs.flatMap(({ exportName }) =>
    exportName === undefined || exported.has(exportName) ? [] : [exportName],
  );
  const done = {
    stack: { outputs, imports: evaluation.imports() },
    exports: { put: exported, remove: gone },
  };
  if (operation.kind === "create") return { ...done, status: "CREATE_COMPLETE", ends: true };
  return {
    ...done,
    status: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    ...(operation.target === undefined ? {} : { template: operation.target.template }),
  };
}

async function act(phase: Phase, evaluation: Evaluation): Promise<{ failures: Failures; timedOut: boolean }> {
  const { operation, stack, store, actions, cancel, lake } = phase;
  const failures: Failures = { create: [], update: [] };
  let timedOut = false;
  const deadline =
    operation.deadline === undefined
      ? undefined
      : lake.clock.at(operation.deadline, () => {
          timedOut = true;
          stop.abort();
        });
  // One failure cancels the others, and so does whoever cancels the operation.
  const stop = new AbortController();
  cancel.signal.addEventListener("abort", () => stop.abort(), { once: true });
  if (cancel.signal.aborted) stop.abort();
  const acting = actingFor(operation, stack, { signal: stop.signal, stopping: phase.stopping, keepsDeleted: false });
  const existing = existingResources((logicalId) => store.resource(stack.stackId, logicalId));
  const retag = operation.before !== undefined && !isDeepStrictEqual(operation.before.stack.tags, stack.tags);
  await runGraph({
    waits: evaluation.graph,
    limit: SIDE_BY_SIDE,
    halted: () => stop.signal.aborted || phase.stopping(),
    act: async (logicalId) => {
      const declaration = evaluation.template.resources[logicalId];
      if (declaration === undefined) return true;
      const kept = store.resource(stack.stackId, logicalId);
      const wanted: Wanted = {
        logicalId,
        type: declaration.type,
        properties: () => evaluation.properties(logicalId, existing),
        dependsOn: [...(evaluation.graph.get(logicalId) ?? [])],
        deletionPolicy: declaration.deletionPolicy,
        metadata: declaration.metadata,
      };
      const step = nextStep(kept, operation.id);
      const ok =
        step === "none"
          ? true
          : step === "failed"
            ? false
            : step === "update"
              ? await actions.update(acting, wanted, retag)
              : await actions.create(acting, wanted);
      if (!ok && !phase.stopping()) {
        const status = store.resource(stack.stackId, logicalId)?.status;
        (status === "UPDATE_FAILED" ? failures.update : failures.create).push(logicalId);
        stop.abort();
      }
      return ok;
    },
  });
  deadline?.();
  return { failures, timedOut };
}

/** What is left to do for a resource, by what is kept of it: the phase may have been broken off before. */
function nextStep(kept: ResourceRecord | undefined, operation: string): "create" | "update" | "none" | "failed" {
  if (kept === undefined || !stands(kept)) return "create";
  if (kept.operation !== operation) return kept.status === "CREATE_FAILED" ? "create" : "update";
  switch (kept.status) {
    case "CREATE_IN_PROGRESS":
      return "create";
    case "UPDATE_IN_PROGRESS":
      return "update";
    case "CREATE_FAILED":
    case "UPDATE_FAILED":
      return "failed";
    default:
      return "none";
  }
}

function outputRecords(evaluation: Evaluation, { store, stack }: Phase): OutputRecord[] {
  const existing = existingResources((logicalId) => store.resource(stack.stackId, logicalId));
  return evaluation.outputs(existing).map(({ key, value, description, exportName }) => ({
    key,
    value: String(value),
    ...(description === undefined ? {} : { description }),
    ...(exportName === undefined ? {} : { exportName: String(exportName) }),
  }));
}
