// Which resource types there are: the live ones of the lake's services, and all others of AWS's specification as recorded ones.
import type { Lake } from "../../../lake.ts";
import type { ResourceType } from "../../../resource.ts";
import { isActing, recordedType } from "../spec/recorded.ts";
import { type ResourceSpec, resourceSpec } from "../spec/spec.ts";
import { invalidTemplate } from "../template/fault.ts";

export class Types {
  constructor(
    private readonly lake: Lake,
    private readonly live: () => ReadonlyMap<string, ResourceType>,
  ) {}

  /** Whether a service of the lake keeps it; of all others there is only CloudFormation's own record. */
  isReal(type: string): boolean {
    return this.live().has(type);
  }

  /** Throws ServiceError: ValidationError for a type that AWS lacks, NotImplemented for one that the lake refuses. */
  async get(type: string): Promise<ResourceType> {
    const live = this.live().get(type);
    if (live !== undefined) return live;
    return recordedType(await this.spec(type), this.lake);
  }

  async spec(type: string): Promise<ResourceSpec> {
    const spec = await resourceSpec(type);
    if (spec !== undefined) return spec;
    // Custom::Anything is AWS::CloudFormation::CustomResource by another name.
    const custom = type.startsWith("Custom::") ? await resourceSpec("AWS::CloudFormation::CustomResource") : undefined;
    if (custom !== undefined) return { ...custom, type };
    throw invalidTemplate(`Template format error: Unrecognized resource types: [${type}]`);
  }

  /** Refuses all types that AWS or the lake does not have, in one message as AWS does. */
  async check(types: Iterable<string>): Promise<void> {
    const strange: string[] = [];
    const known = new Set(types);
    for (const type of known) {
      if (!type.startsWith("Custom::") && (await resourceSpec(type)) === undefined) strange.push(type);
    }
    if (strange.length > 0)
      throw invalidTemplate(`Template format error: Unrecognized resource types: [${strange.join(", ")}]`);
    for (const type of known) if (isActing(type)) await this.get(type);
  }
}
