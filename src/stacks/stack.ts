// Stacks as they are: state, parameters, outputs, resources. Live or recorded is told where a local lake says so.
import type { Stack as SdkStack } from "@aws-sdk/client-cloudformation";
import { abortable } from "../aws/abortable.ts";
import { calling, ifFound } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";

export interface Stack {
  readonly name: string;
  readonly id: string;
  /** CloudFormation's word, e.g. CREATE_COMPLETE. */
  readonly status: string;
  readonly statusReason: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly created: Date | undefined;
  readonly updated: Date | undefined;
  readonly description: string | undefined;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  /** A local lake keeps some types without anything real behind them. AWS never says so: everything there is live. */
  readonly recorded: boolean;
}

/** The lake's words for a recorded resource begin so. */
const RECORDED = /^Recorded by the local lake/;

/** The stack of that name or id, or undefined where there is none. A deleted stack is found by its id only. */
export async function findStack(session: AwsSession, name: string, signal?: AbortSignal): Promise<Stack | undefined> {
  const { DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const found = await ifFound(`stack ${name}`, () =>
    client.send(new DescribeStacksCommand({ StackName: name }), abortable(signal)),
  );
  const stack = found?.Stacks?.[0];
  return stack === undefined ? undefined : toStack(stack);
}

export async function listStacks(session: AwsSession): Promise<Stack[]> {
  const { DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const stacks = await collect(
    pages(async (token) => {
      const page = await calling("stacks", () => client.send(new DescribeStacksCommand({ NextToken: token })));
      return { items: page.Stacks, next: page.NextToken };
    }),
  );
  return stacks.map(toStack);
}

/** All resources of a stack, deleted ones too when the stack is named by id. */
export async function stackResources(session: AwsSession, stack: string): Promise<StackResource[]> {
  const { ListStackResourcesCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const resources = await collect(
    pages(async (token) => {
      const page = await calling(`stack ${stack}`, () =>
        client.send(new ListStackResourcesCommand({ StackName: stack, NextToken: token })),
      );
      return { items: page.StackResourceSummaries, next: page.NextToken };
    }),
  );
  return resources.map((resource) => ({
    logicalId: resource.LogicalResourceId ?? "",
    physicalId: resource.PhysicalResourceId,
    type: resource.ResourceType ?? "",
    status: resource.ResourceStatus ?? "",
    recorded: RECORDED.test(resource.ResourceStatusReason ?? ""),
  }));
}

function toStack(stack: SdkStack): Stack {
  return {
    name: stack.StackName ?? "",
    id: stack.StackId ?? "",
    status: stack.StackStatus ?? "",
    statusReason: stack.StackStatusReason,
    parameters: Object.fromEntries((stack.Parameters ?? []).map((p) => [p.ParameterKey ?? "", p.ParameterValue ?? ""])),
    outputs: Object.fromEntries((stack.Outputs ?? []).map((o) => [o.OutputKey ?? "", o.OutputValue ?? ""])),
    created: stack.CreationTime,
    updated: stack.LastUpdatedTime,
    description: stack.Description,
  };
}
