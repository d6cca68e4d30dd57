// What CloudFormation keeps of stacks, their resources and events, change sets, exports, and the operation that is under way.
import type { ResourceAttribute, ResourceChangeDetail, StackStatus } from "@aws-sdk/client-cloudformation";
import type { Principal } from "../../call.ts";
import type { Policy } from "./template/template.ts";

/** What a deployment aims at: all that a template is evaluated with. */
export interface StackVersion {
  readonly template: string;
  /** Parameters' values as text. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

export interface OutputRecord {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackRecord {
  readonly stackId: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  readonly description?: string;
  /** Times in ms since the epoch. */
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  /** The version that stands, or that is being made. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that are never shown. */
  readonly hidden: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly outputs: readonly OutputRecord[];
  /** Names of exports that it uses. */
  readonly imports: readonly string[];
  readonly disableRollback: boolean;
  readonly terminationProtection: boolean;
  readonly timeoutMinutes?: number;
  readonly changeSetId?: string;
}

export type ResourceStatus =
  | "CREATE_IN_PROGRESS"
  | "CREATE_COMPLETE"
  | "CREATE_FAILED"
  | "UPDATE_IN_PROGRESS"
  | "UPDATE_COMPLETE"
  | "UPDATE_FAILED"
  | "DELETE_IN_PROGRESS"
  | "DELETE_COMPLETE"
  | "DELETE_FAILED"
  | "DELETE_SKIPPED";

/** How a resource was before the update that is under way. */
export type ResourceBefore = Pick<
  ResourceRecord,
  "properties" | "attributes" | "dependsOn" | "deletionPolicy" | "metadata"
>;

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly at: number;
  readonly recorded: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Logical ids that had to exist before it, and so go after it. */
  readonly dependsOn: readonly string[];
  readonly deletionPolicy?: Policy;
  readonly metadata?: unknown;
  /** Drawn once, so that generated names stay the same. */
  readonly nonce: string;
  /** The stack operation that touched it last. */
  readonly operation: string;
  /** The operation made it, so undoing the operation deletes it. */
  readonly made?: boolean;
  /** Names that `create` was given: what may exist of it if it did not come to its end. */
  readonly names?: readonly string[];
  /** How it was before the last update of its stack: to go back to. */
  readonly before?: ResourceBefore;
  /** That update acted on it; otherwise only what is kept of it changed. */
  readonly changed?: boolean;
}

export interface EventRecord {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason?: string;
  readonly at: number;
  readonly properties?: string;
  readonly token?: string;
}

/** A create, update or delete that is under way. Its phase is the stack's status. */
export interface OperationRecord {
  readonly id: string;
  readonly stackId: string;
  readonly kind: "create" | "update" | "delete";
  /** Undefined for delete. */
  readonly target?: StackVersion;
  /** For update: what to go back to. */
  readonly before?: { readonly template: string; readonly stack: StackRecord };
  readonly principal: Principal;
  /** What a failed create or update leads to. */
  readonly onFailure: "ROLLBACK" | "DELETE" | "DO_NOTHING";
  /** Delete: logical ids that are let go of. Rolling back: those that are taken as they are. */
  readonly retain: readonly string[];
  readonly token?: string;
  /** What it makes is deleted when it is undone, whatever its DeletionPolicy. */
  readonly deleteNew?: boolean;
  /** Delete: the stack's status before, for a deletion that an export in use forbids. */
  readonly formerStatus?: StackStatus;
  /** ms since the epoch. */
  readonly deadline?: number;
}

/** A resource's part of a change set. */
export interface PlannedChange {
  readonly action: "Add" | "Modify" | "Remove";
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly replacement?: "True" | "False" | "Conditional";
  readonly policyAction?: "Delete" | "Retain" | "Snapshot";
  readonly scope: readonly ResourceAttribute[];
  readonly details: readonly ResourceChangeDetail[];
  /** JSON of `{Properties}`, shown on request. */
  readonly before?: string;
  readonly after?: string;
}

/** What speaks against a change set, as DescribeEvents tells it. */
export interface Validation {
  readonly logicalId: string;
  readonly type: string;
  readonly name: "PROPERTY_VALIDATION" | "NAME_CONFLICT_VALIDATION";
  /** e.g. "/Resources/Bucket/Properties/BucketName" */
  readonly path: string;
  readonly reason: string;
}

export interface ChangeSetRecord {
  readonly changeSetId: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: "CREATE" | "UPDATE";
  readonly status: "CREATE_COMPLETE" | "FAILED";
  readonly statusReason?: string;
  readonly executionStatus: "AVAILABLE" | "UNAVAILABLE" | "EXECUTE_COMPLETE";
  readonly description?: string;
  readonly createdAt: number;
  readonly version: StackVersion;
  readonly hidden: readonly string[];
  readonly changes: readonly PlannedChange[];
  readonly validations: readonly Validation[];
  readonly onStackFailure?: OperationRecord["onFailure"];
}

export interface ExportRecord {
  readonly name: string;
  readonly value: string;
  readonly stackId: string;
}
