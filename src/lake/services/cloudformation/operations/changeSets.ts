// Change sets: made, described, executed, deleted, listed.
import { randomUUID } from "node:crypto";
import type { Change, CreateChangeSetInput } from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { hiddenValues, hider } from "../engine/acting.ts";
import type { Checked } from "../engine/intake.ts";
import type { Plan } from "../engine/plan.ts";
import { stackEvent } from "../engine/stackEvent.ts";
import type { ChangeSetRecord, PlannedChange, StackRecord } from "../records.ts";
import { invalidTemplate } from "../template/fault.ts";
import { assertUpdatable, beginCreate, beginUpdate, changeSetNotFound, failureMode } from "./begin.ts";
import { pageOf } from "./paging.ts";
import { namedStack, type Parts, showParameters, showTags, stackOf } from "./parts.ts";
import { planFor } from "./planning.ts";
import { newStack } from "./stacks.ts";

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

/** Throws ServiceError ChangeSetNotFound. */
export function changeSetOf(
  parts: Parts,
  nameOrId: string | undefined,
  stackName: string | undefined,
): ChangeSetRecord {
  const byId = nameOrId?.startsWith("arn:") === true;
  if (!byId && (stackName === undefined || stackName === "")) {
    throw invalidTemplate("StackName must be specified if ChangeSetName is not specified as an ARN.");
  }
  const found = byId
    ? parts.store.changeSet(nameOrId)
    : parts.store.changeSetNamed(namedStack(parts, stackName).stackId, nameOrId ?? "");
  if (found === undefined) throw changeSetNotFound(nameOrId);
  return found;
}

const FIELDS = [
  "StackName",
  "TemplateBody",
  "TemplateURL",
  "UsePreviousTemplate",
  "Parameters",
  "Capabilities",
  "Tags",
  "ChangeSetName",
  "ClientToken",
  "Description",
  "ChangeSetType",
  "OnStackFailure",
  "IncludeNestedStacks",
  "ImportExistingResources",
  "DisableValidation",
];

export function changeSetOperations(parts: Parts): Operations<"cloudformation"> {
  const { store, intake } = parts;
  return {
    CreateChangeSet: { fields: FIELDS, run: (input) => store.lock(() => createChangeSet(parts, input)) },
    DescribeChangeSet: {
      fields: ["ChangeSetName", "StackName", "NextToken", "IncludePropertyValues"],
      run({ ChangeSetName, StackName, NextToken, IncludePropertyValues }) {
        const record = changeSetOf(parts, ChangeSetName, StackName);
        const { items, next } = pageOf("changes", record.changes, NextToken);
        return {
          ChangeSetName: record.name,
          ChangeSetId: record.changeSetId,
          StackId: record.stackId,
          StackName: record.stackName,
          ...(record.description === undefined ? {} : { Description: record.description }),
          Parameters: showParameters({ parameters: record.version.parameters, hidden: record.hidden }),
          CreationTime: new Date(record.createdAt),
          ExecutionStatus: record.executionStatus,
          Status: record.status,
          ...(record.statusReason === undefined ? {} : { StatusReason: record.statusReason }),
          NotificationARNs: [],
          RollbackConfiguration: {},
          Capabilities: [...record.version.capabilities] as never,
          Tags: showTags(record.version.tags),
          Changes: items.map((change) => showChange(change, IncludePropertyValues === true)),
          ...(next === undefined ? {} : { NextToken: next }),
          IncludeNestedStacks: false,
          ...(record.onStackFailure === undefined ? {} : { OnStackFailure: record.onStackFailure }),
        };
      },
    },
    ExecuteChangeSet: {
      fields: ["ChangeSetName", "StackName", "ClientRequestToken", "DisableRollback", "RetainExceptOnCreate"],
      run: ({ ChangeSetName, StackName, ClientRequestToken: token, DisableRollback, RetainExceptOnCreate }, context) =>
        store.lock(async () => {
          const record = changeSetOf(parts, ChangeSetName, StackName);
          if (store.answered("ExecuteChangeSet", record.changeSetId, token) !== undefined) return {};
          if (record.executionStatus !== "AVAILABLE") {
            throw new ServiceError(
              "InvalidChangeSetStatus",
              `ChangeSet [${record.changeSetId}] cannot be executed in its current status of [${record.status}]`,
            );
          }
          const stack = stackOf(parts, record.stackId);
          if (record.type === "UPDATE") assertUpdatable(stack);
          else if (stack.status !== "REVIEW_IN_PROGRESS") {
            throw invalidTemplate(`Stack:${stack.stackId} is in ${stack.status} state and can not be created.`);
          }
          const template = intake.parse(record.version.template);
          const checked: Checked = {
            version: record.version,
            hidden: record.hidden,
            evaluation: intake.evaluate(template, record.version.parameters, stack),
          };
          const others = (await store.changeSets(stack.stackId)).filter(
            ({ changeSetId }) => changeSetId !== record.changeSetId,
          );
          const onFailure = failureMode(record.onStackFailure, DisableRollback);
          await (record.type === "CREATE" ? beginCreate : beginUpdate)(parts, checked, {
            stack,
            context,
            token,
            onFailure,
            disableRollback: onFailure === "DO_NOTHING",
            deleteNew: RetainExceptOnCreate === true,
            changeSetId: record.changeSetId,
            also: (writer) => {
              writer.changeSet({ ...record, executionStatus: "EXECUTE_COMPLETE" });
              // The others were made for a stack that is no more.
              for (const other of others) writer.removeChangeSet(other);
              writer.answer("ExecuteChangeSet", record.changeSetId, token, "executed");
            },
          });
          return {};
        }),
    },
    DeleteChangeSet: {
      fields: ["ChangeSetName", "StackName"],
      run: ({ ChangeSetName, StackName }) =>
        store.lock(async () => {
          // A change set that is gone already is no error on AWS, a stack that never was is one.
          if (ChangeSetName?.startsWith("arn:") === true && store.changeSet(ChangeSetName) === undefined) return {};
          const record = changeSetOf(parts, ChangeSetName, StackName);
          if (record.executionStatus === "EXECUTE_COMPLETE") {
            throw new ServiceError(
              "InvalidChangeSetStatus",
              `ChangeSet [${record.changeSetId}] cannot be deleted in its current status of [${record.executionStatus}]`,
            );
          }
          await store.write((writer) => writer.removeChangeSet(record));
          return {};
        }),
    },
    ListChangeSets: {
      fields: ["StackName", "NextToken"],
      async run({ StackName, NextToken }) {
        const all = (await store.changeSets(namedStack(parts, StackName).stackId)).toSorted(
          (a, b) => b.createdAt - a.createdAt,
        );
        const { items, next } = pageOf("change-sets", all, NextToken);
        return {
          Summaries: items.map((record) => ({
            StackId: record.stackId,
            StackName: record.stackName,
            ChangeSetId: record.changeSetId,
            ChangeSetName: record.name,
            ExecutionStatus: record.executionStatus,
            Status: record.status,
            ...(record.statusReason === undefined ? {} : { StatusReason: record.statusReason }),
            CreationTime: new Date(record.createdAt),
            ...(record.description === undefined ? {} : { Description: record.description }),
            IncludeNestedStacks: false,
          })),
          ...(next === undefined ? {} : { NextToken: next }),
        };
      },
    },
  };
}

async function createChangeSet(parts: Parts, input: CreateChangeSetInput): Promise<{ Id: string; StackId: string }> {
  const { lake, store, intake } = parts;
  const name = input.ChangeSetName ?? "";
  if (!NAME.test(name)) {
    throw invalidTemplate(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  for (const member of ["IncludeNestedStacks", "ImportExistingResources"] as const) {
    if (input[member] === true) throw notImplemented(`CreateChangeSet with ${member}`);
  }
  const type = input.ChangeSetType ?? "UPDATE";
  if (type !== "CREATE" && type !== "UPDATE") throw notImplemented(`change sets of type ${type}`);
  const existing = store.find(input.StackName ?? "");
  const stack = type === "CREATE" ? creatable(parts, existing, input) : updatable(existing, input.StackName);
  const earlier = store.changeSetNamed(stack.stackId, name);
  if (earlier !== undefined) {
    if (store.answered("CreateChangeSet", earlier.changeSetId, input.ClientToken) !== undefined) {
      return { Id: earlier.changeSetId, StackId: stack.stackId };
    }
    throw new ServiceError("AlreadyExistsException", `ChangeSet ${name} already exists for stack ${stack.name}`);
  }
  const standing = type === "UPDATE" ? stack : undefined;
  const checked = await intake.check(input, stack, standing);
  const plan = await planFor(parts, checked, standing);
  const record = changeSetRecord(parts, input, stack, type, checked, plan);
  await store.write((writer) => {
    if (existing === undefined) {
      writer.stack(stack);
      stackEvent(writer, stack, undefined, "User Initiated");
    }
    writer.changeSet(record);
    writer.answer("CreateChangeSet", record.changeSetId, input.ClientToken, "made");
  });
  lake.log("change set", { name, stack: stack.name, status: record.status, reason: record.statusReason });
  return { Id: record.changeSetId, StackId: stack.stackId };
}

function creatable({ lake }: Parts, existing: StackRecord | undefined, input: CreateChangeSetInput): StackRecord {
  if (existing === undefined) return newStack(lake, input.StackName, "REVIEW_IN_PROGRESS");
  if (existing.status === "REVIEW_IN_PROGRESS") return existing;
  throw invalidTemplate(
    `Stack [${input.StackName}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
  );
}

function updatable(existing: StackRecord | undefined, name: string | undefined): StackRecord {
  if (existing === undefined) throw invalidTemplate(`Stack [${name ?? ""}] does not exist`);
  assertUpdatable(existing);
  return existing;
}

function changeSetRecord(
  { lake }: Parts,
  input: CreateChangeSetInput,
  stack: StackRecord,
  type: "CREATE" | "UPDATE",
  { version, hidden, evaluation }: Checked,
  plan: Plan,
): ChangeSetRecord {
  const hide = hider(hiddenValues(evaluation.template, version.parameters));
  const reasons = input.DisableValidation === true ? plan.refusals : plan.reasons;
  const reason = reasons.length > 0 ? failureReason(plan, reasons) : plan.differs ? undefined : NO_CHANGES;
  const onStackFailure = input.OnStackFailure === undefined ? undefined : failureMode(input.OnStackFailure, undefined);
  return {
    changeSetId: `arn:aws:cloudformation:${lake.region}:${lake.accountId}:changeSet/${input.ChangeSetName}/${randomUUID()}`,
    name: input.ChangeSetName ?? "",
    stackId: stack.stackId,
    stackName: stack.name,
    type,
    status: reason === undefined ? "CREATE_COMPLETE" : "FAILED",
    ...(reason === undefined ? {} : { statusReason: hide(reason) }),
    executionStatus: reason === undefined ? "AVAILABLE" : "UNAVAILABLE",
    ...(input.Description === undefined ? {} : { description: input.Description }),
    createdAt: lake.clock.now(),
    version,
    hidden,
    changes: JSON.parse(hide(JSON.stringify(plan.changes))) as PlannedChange[],
    validations: plan.validations.map((validation) => ({ ...validation, reason: hide(validation.reason) })),
    ...(onStackFailure === undefined ? {} : { onStackFailure }),
  };
}

/** AWS names the validations that failed; what each found stands behind it, and in DescribeEvents. */
function failureReason({ validations }: Plan, reasons: readonly string[]): string {
  const failed = new Set(
    validations.map(
      ({ name }) =>
        `AWS::EarlyValidation::${name === "PROPERTY_VALIDATION" ? "PropertyValidation" : "ResourceExistenceCheck"}`,
    ),
  );
  const head = failed.size === 0 ? [] : [`The following hook(s)/validation failed: [${[...failed].join(", ")}].`];
  return [...head, ...reasons].join("\n");
}

function showChange(change: PlannedChange, values: boolean): Change {
  const { action, logicalId, physicalId, type, replacement, policyAction, scope, details, before, after } = change;
  return {
    Type: "Resource",
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
      ResourceType: type,
      ...(replacement === undefined ? {} : { Replacement: replacement }),
      ...(policyAction === undefined ? {} : { PolicyAction: policyAction }),
      Scope: [...scope],
      Details: values ? [...details] : details.map(withoutValues),
      ...(values && before !== undefined ? { BeforeContext: before } : {}),
      ...(values && after !== undefined ? { AfterContext: after } : {}),
    },
  };
}

function withoutValues(detail: PlannedChange["details"][number]): PlannedChange["details"][number] {
  const {
    Path: _path,
    BeforeValue: _before,
    AfterValue: _after,
    AttributeChangeType: _kind,
    ...target
  } = detail.Target ?? {};
  return { ...detail, Target: target };
}
