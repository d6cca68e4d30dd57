// Stacks changed in place: what happens in which order, what is undone where it fails or is cancelled.
import { strict as assert } from "node:assert";
import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  GetTemplateCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { startTestLake, type TestLake } from "../harness.ts";
import { refusal, Stacks } from "./stacks.ts";

/** A group of logs, as a line of a template. */
const group = (id: string, more = "") =>
  `  ${id}: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /t/${id}${more}}}\n`;

describe("stacks that are changed", () => {
  let lake: TestLake;
  let stacks: Stacks;
  let logs: CloudWatchLogsClient;
  before(async () => {
    lake = await startTestLake();
    stacks = new Stacks(lake);
    logs = new CloudWatchLogsClient(lake.config);
  });
  after(() => lake.stop());

  const create = (StackName: string, TemplateBody: string, rest: Partial<CreateStackCommandInput> = {}) =>
    stacks.client.send(new CreateStackCommand({ StackName, TemplateBody, ...rest }));
  const update = (StackName: string, TemplateBody: string, rest: Partial<UpdateStackCommandInput> = {}) =>
    stacks.client.send(new UpdateStackCommand({ StackName, TemplateBody, ...rest }));

  describe("update", () => {
    it("changes in place, keeps physical ids, and says when there is nothing to do", async () => {
      await create("place", `Resources:\n${group("Place", ", RetentionInDays: 7")}`);
      await stacks.settled("place");
      const changed = `Resources:\n${group("Place", ", RetentionInDays: 14")}`;
      await update("place", changed);
      assert.equal((await stacks.settled("place")).StackStatus, "UPDATE_COMPLETE");
      const [found] =
        (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/t/Place" }))).logGroups ?? [];
      assert.equal(found?.retentionInDays, 14);
      assert.equal(await refusal(update("place", changed)), "ValidationError: No updates are to be performed.");
      assert.equal(await refusal(update("nowhere", changed)), "ValidationError: Stack [nowhere] does not exist");
      const { TemplateBody } = await stacks.client.send(new GetTemplateCommand({ StackName: "place" }));
      assert.equal(TemplateBody, changed);
    });

    it("with the previous template, and of outputs or tags alone", async () => {
      const body =
        "Parameters: {Name: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}";
      const named = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: "Name", ParameterValue }] });
      await create("previous", body, named("a"));
      await stacks.settled("previous");
      await stacks.client.send(
        new UpdateStackCommand({ StackName: "previous", UsePreviousTemplate: true, ...named("b") }),
      );
      assert.deepEqual((await stacks.settled("previous")).Parameters, [{ ParameterKey: "Name", ParameterValue: "b" }]);
      const previous = { Parameters: [{ ParameterKey: "Name", UsePreviousValue: true }] };
      await update("previous", `${body}\nOutputs: {Name: {Value: !Ref Name}}`, previous);
      assert.deepEqual((await stacks.settled("previous")).Outputs, [{ OutputKey: "Name", OutputValue: "b" }]);
      await stacks.client.send(
        new UpdateStackCommand({
          StackName: "previous",
          UsePreviousTemplate: true,
          ...previous,
          Tags: [{ Key: "a", Value: "b" }],
        }),
      );
      const tagged = await stacks.settled("previous");
      assert.equal(tagged.StackStatus, "UPDATE_COMPLETE");
      assert.deepEqual(tagged.Tags, [{ Key: "a", Value: "b" }]);
    });

    it("that fails goes back: changes undone, what was new deleted, what was to go still there", async () => {
      const before = `Resources:\n${group("Old", ", RetentionInDays: 7")}${group("Going")}`;
      await create("back", before, { Tags: [{ Key: "v", Value: "1" }] });
      await stacks.settled("back");
      const after = `Resources:\n${group("Old", ", RetentionInDays: 14")}${group("New").replace("Type:", "DependsOn: Old, Type:")}  Bad: {Type: AWS::SNS::Topic, DependsOn: New, Properties: {Nam: x}}`;
      await update("back", after, { DisableValidation: true, Tags: [{ Key: "v", Value: "2" }] });
      const stack = await stacks.settled("back");
      assert.equal(stack.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.deepEqual(stack.Tags, [{ Key: "v", Value: "1" }]);
      const told = await stacks.told("back");
      assert.deepEqual(told.slice(told.findIndex((line) => line.startsWith("Bad CREATE_FAILED")) + 1), [
        "back UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bad].",
        ...undone(told),
        "back UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "Bad DELETE_COMPLETE",
        "New DELETE_IN_PROGRESS",
        "New DELETE_COMPLETE",
        "back UPDATE_ROLLBACK_COMPLETE",
      ]);
      const found = (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/t/" }))).logGroups ?? [];
      assert.deepEqual(
        found
          .filter(({ logGroupName }) => /Old|New|Going/.test(logGroupName ?? ""))
          .map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
        [
          ["/t/Going", undefined],
          ["/t/Old", 7],
        ],
      );
      const { TemplateBody } = await stacks.client.send(new GetTemplateCommand({ StackName: "back" }));
      assert.equal(TemplateBody, before);
      assert.equal(
        await refusal(update("back", before, { Tags: [{ Key: "v", Value: "1" }] })),
        "ValidationError: No updates are to be performed.",
      );
    });

    /** The events of resources taken back, in whichever order they came. */
    function undone(told: readonly string[]): string[] {
      const from = told.findIndex((line) => line.startsWith("back UPDATE_ROLLBACK_IN_PROGRESS"));
      const to = told.findIndex((line) => line.startsWith("back UPDATE_ROLLBACK_COMPLETE_CLEANUP"));
      const lines = told.slice(from + 1, to);
      assert.deepEqual(
        lines.toSorted(),
        ["Going UPDATE_COMPLETE", "Going UPDATE_IN_PROGRESS", "Old UPDATE_COMPLETE", "Old UPDATE_IN_PROGRESS"].filter(
          (line) => lines.includes(line),
        ),
      );
      assert.ok(lines.includes("Old UPDATE_COMPLETE"));
      return lines;
    }

    it("whose undoing fails waits for ContinueUpdateRollback, which may skip", async () => {
      const body = (days: number, bad = "") => `Resources:\n${group("Stuck", `, RetentionInDays: ${days}`)}${bad}`;
      const bad = "  Bad: {Type: AWS::SNS::Topic, DependsOn: Stuck, Properties: {Nam: x}}";
      await create("stuck", body(7));
      await stacks.settled("stuck");
      await update("stuck", body(14, bad), { DisableValidation: true, DisableRollback: true });
      assert.equal((await stacks.settled("stuck")).StackStatus, "UPDATE_FAILED");
      await logs.send(new DeleteLogGroupCommand({ logGroupName: "/t/Stuck" }));
      await stacks.client.send(new RollbackStackCommand({ StackName: "stuck" }));
      const failed = await stacks.settled("stuck");
      assert.equal(failed.StackStatus, "UPDATE_ROLLBACK_FAILED");
      assert.equal(failed.StackStatusReason, "The following resource(s) failed to update: [Stuck]. ");
      assert.match(
        await refusal(update("stuck", body(7))),
        /is in UPDATE_ROLLBACK_FAILED state and can not be updated/,
      );
      await stacks.client.send(new ContinueUpdateRollbackCommand({ StackName: "stuck", ResourcesToSkip: ["Stuck"] }));
      assert.equal((await stacks.settled("stuck")).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    });

    it("can be cancelled while it runs", async () => {
      const before = `Resources:\n${group("Calm")}`;
      await create("calm", before);
      await stacks.settled("calm");
      const after = `${before}  Db: {Type: AWS::RDS::DBInstance, DeletionPolicy: Delete, Properties: {Engine: postgres, DBInstanceClass: db.t3.micro, AllocatedStorage: "20", MasterUsername: owner, ManageMasterUserPassword: true}}`;
      await update("calm", after);
      assert.match(await refusal(update("calm", before)), /is in UPDATE_IN_PROGRESS state and can not be updated/);
      assert.match(
        await refusal(stacks.client.send(new DeleteStackCommand({ StackName: "calm" }))),
        /is in UPDATE_IN_PROGRESS state and can not be deleted/,
      );
      await stacks.client.send(new CancelUpdateStackCommand({ StackName: "calm" }));
      assert.equal((await stacks.settled("calm")).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.ok((await stacks.told("calm", "calm")).includes("calm UPDATE_ROLLBACK_IN_PROGRESS User Initiated"));
      assert.deepEqual(
        (await stacks.resources("calm")).map(({ LogicalResourceId }) => LogicalResourceId),
        ["Calm"],
      );
      assert.match(
        await refusal(stacks.client.send(new CancelUpdateStackCommand({ StackName: "calm" }))),
        /CancelUpdateStack cannot be called from current stack status/,
      );
    });
  });
});
