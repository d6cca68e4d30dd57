// A live CloudFormation resource type: what the stack engine calls to create, read, update and delete the real thing.
import type { Principal } from "./call.ts";

/** Resolved template properties (intrinsics gone), as CloudFormation spells them. */
export type Properties = Readonly<Record<string, unknown>>;

export interface ResourceState {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by attribute name ("Arn", "Endpoint.Address"). */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ResourceContext {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** A name for resources whose name the template leaves out: stack-logical-RANDOM, stable for this resource, within `maximum` characters. */
  readonly generatedName: (maximum: number, options?: { lowerCase?: boolean }) => string;
  /** Stack tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly principal: Principal;
  /** Aborted when the stack operation is cancelled. */
  readonly signal: AbortSignal;
  /**
   * Optional to call, once, in `create`: tells the engine the physical id before the thing is whole. It is written down before this
   * resolves, so that a lake that is killed meanwhile can delete what was begun; call it before the first act where the id is known.
   */
  readonly initiated?: (physicalId: string) => Promise<void>;
}

export interface ResourceType {
  /** "AWS::S3::Bucket" */
  readonly type: string;
  /** Kept and answered, with nothing real behind it (an IAM role): said to be so wherever resources are listed. */
  readonly recorded?: boolean;
  /**
   * Creates it and returns once it works (the bucket answers, the database accepts a login).
   * Must clean up after itself when it throws; the thrown message becomes the stack event's reason.
   */
  create(properties: Properties, context: ResourceContext): Promise<ResourceState>;
  /** Changes it in place; throws ServiceError where that needs a replacement. */
  update(physicalId: string, before: Properties, after: Properties, context: ResourceContext): Promise<ResourceState>;
  /** Deletes it; resolved where it is already gone. Throws where it can't go (a bucket that is not empty). */
  delete(physicalId: string, properties: Properties, context: ResourceContext): Promise<void>;
  /** Keeps a snapshot of it, before it is deleted under DeletionPolicy Snapshot. Absent where the lake can't: such a deletion fails by name. */
  snapshot?(physicalId: string, properties: Properties, context: ResourceContext): Promise<void>;
  /** The state as it is now, or undefined where it is gone. */
  read(physicalId: string, properties: Properties): Promise<ResourceState | undefined>;
  /** Property paths that this implementation honours or that have no effect here; others are refused by name when the change set is made. */
  readonly properties: readonly string[];
}
