// Stacks in tests: made from a template object, waited for, and their reasons read from the events.
import { ok } from "node:assert/strict";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type StackResource,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { type TestLake, waitFor } from "./harness.ts";

const Capabilities = ["CAPABILITY_NAMED_IAM" as const];

export class Stacks {
  readonly client: CloudFormationClient;

  constructor(lake: TestLake) {
    this.client = new CloudFormationClient(lake.config);
  }

  /** Begins a stack with one tag, team = t. */
  async create(StackName: string, Resources: object, Outputs?: object): Promise<void> {
    const TemplateBody = JSON.stringify({ Resources, ...(Outputs === undefined ? {} : { Outputs }) });
    const Tags = [{ Key: "team", Value: "t" }];
    await this.client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities, Tags }));
  }

  /** Updates it, without tags. */
  async update(StackName: string, Resources: object): Promise<void> {
    const TemplateBody = JSON.stringify({ Resources });
    await this.client.send(new UpdateStackCommand({ StackName, TemplateBody, Capabilities, Tags: [] }));
  }

  /** Waits for the end of what is under way, which must be one of `statuses`; gives the reasons of what failed. */
  async until(StackName: string, ...statuses: string[]): Promise<string> {
    let status: string | undefined;
    await waitFor(async () => {
      status = (await this.client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
      return status !== undefined && !status.endsWith("_IN_PROGRESS");
    }, 60_000);
    const { StackEvents } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
    const reasons = (StackEvents ?? [])
      .filter((event) => event.ResourceStatus?.endsWith("_FAILED"))
      .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`)
      .join("\n");
    ok(statuses.includes(status ?? ""), `${StackName} is ${status}\n${reasons}`);
    return reasons;
  }

  async outputs(StackName: string): Promise<Record<string, string>> {
    const { Stacks: stacks } = await this.client.send(new DescribeStacksCommand({ StackName }));
    return Object.fromEntries(
      (stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
  }

  async resource(StackName: string, logicalId: string): Promise<StackResource> {
    const { StackResources } = await this.client.send(new DescribeStackResourcesCommand({ StackName }));
    return StackResources?.find((resource) => resource.LogicalResourceId === logicalId) ?? ({} as StackResource);
  }

  async remove(StackName: string): Promise<void> {
    const { Stacks: stacks } = await this.client.send(new DescribeStacksCommand({ StackName }));
    await this.client.send(new DeleteStackCommand({ StackName }));
    await this.until(stacks?.[0]?.StackId ?? "", "DELETE_COMPLETE");
  }
}
