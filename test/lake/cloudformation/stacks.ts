// What these tests say of stacks: deploy one, wait until it rests, tell its events as lines.
import { strict as assert } from "node:assert";
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
  type Stack,
  type StackEvent,
  type StackResourceSummary,
} from "@aws-sdk/client-cloudformation";
import type { TestLake } from "../harness.ts";

export class Stacks {
  readonly client: CloudFormationClient;

  constructor(lake: TestLake) {
    this.client = new CloudFormationClient(lake.config);
  }

  async describe(name: string): Promise<Stack> {
    const { Stacks: found } = await this.client.send(new DescribeStacksCommand({ StackName: name }));
    assert.ok(found?.[0] !== undefined);
    return found[0];
  }

  /** Waits until nothing moves; gives the stack. */
  async settled(name: string, limit = 60_000): Promise<Stack> {
    const until = Date.now() + limit;
    for (;;) {
      const stack = await this.describe(name);
      if (!stack.StackStatus?.endsWith("_IN_PROGRESS") || stack.StackStatus === "REVIEW_IN_PROGRESS") return stack;
      if (Date.now() > until) throw new Error(`stack ${name} is still ${stack.StackStatus}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Makes a change set and tells how it came out. */
  async plan(
    StackName: string,
    TemplateBody: string,
    rest: Partial<CreateChangeSetCommandInput> = {},
  ): Promise<DescribeChangeSetCommandOutput> {
    const { Id } = await this.client.send(
      new CreateChangeSetCommand({ StackName, TemplateBody, ChangeSetName: "plan", ...rest }),
    );
    return this.client.send(new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }));
  }

  /** Change set, execution, rest. */
  async deploy(
    StackName: string,
    TemplateBody: string,
    rest: Partial<CreateChangeSetCommandInput> = {},
  ): Promise<Stack> {
    const plan = await this.plan(StackName, TemplateBody, { ChangeSetName: `d${Date.now()}`, ...rest });
    assert.equal(plan.Status, "CREATE_COMPLETE", plan.StatusReason);
    await this.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    return this.settled(plan.StackId ?? "");
  }

  /** All events, oldest first. */
  async events(StackName: string): Promise<StackEvent[]> {
    const all: StackEvent[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(new DescribeStackEventsCommand({ StackName, NextToken }));
      all.push(...(page.StackEvents ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return all.reverse();
  }

  /** Events as "id STATUS reason", oldest first; of one resource where `of` names it. */
  async told(name: string, of?: string): Promise<string[]> {
    const events = await this.events(name);
    return events
      .filter(({ LogicalResourceId }) => of === undefined || LogicalResourceId === of)
      .map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
        [LogicalResourceId, ResourceStatus, ResourceStatusReason].filter((part) => part !== undefined).join(" "),
      );
  }

  async resources(StackName: string): Promise<StackResourceSummary[]> {
    const all: StackResourceSummary[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(new ListStackResourcesCommand({ StackName, NextToken }));
      all.push(...(page.StackResourceSummaries ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return all;
  }
}

/** The code and message of what AWS would throw. */
export async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}
