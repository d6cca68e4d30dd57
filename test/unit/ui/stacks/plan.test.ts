// A plan as a document, the tear-down's question, what is asked of parameters, and what the stack view says.
import { deepEqual, equal, match, doesNotMatch } from "node:assert/strict";
import type { Plan, PlannedChange } from "../../../../src/stacks/changeSet.ts";
import type { TemplateParameter } from "../../../../src/stacks/parameters.ts";
import type { Stack } from "../../../../src/stacks/stack.ts";
import { eventsText, stackContext, stackText, stackTooltip } from "../../../../src/ui/stacks/nodes.ts";
import {
  choicesOf,
  keptValues,
  mustAsk,
  parameterChoices,
  placeholderOfChoices,
  sentencesOf,
  suggestedName,
} from "../../../../src/ui/stacks/parametersInput.ts";
import { counts, planDocument } from "../../../../src/ui/stacks/planDocument.ts";
import { tearDownText } from "../../../../src/ui/stacks/tearDownText.ts";

const change = (logicalId: string, type: string, more: Partial<PlannedChange> = {}): PlannedChange => ({
  action: "Add",
  logicalId,
  physicalId: undefined,
  type,
  replacement: undefined,
  ...more,
});
const plan = (changes: PlannedChange[], more: Partial<Plan> = {}): Plan => ({
  stackName: "lake",
  stackId: "arn:s",
  changeSetId: "arn:c",
  kind: "UPDATE",
  changes,
  parameters: { Kind: "dev", Password: "secret", Zone: "" },
  ...more,
});
const document = (made: Plan, more: object = {}) =>
  planDocument({ plan: made, connection: "prod · eu-west-1", costs: [], isLive: undefined, ...more });

describe("a plan as a document", () => {
  const made = plan([
    change("New", "AWS::S3::Bucket"),
    change("Old", "AWS::Glue::Job", { action: "Remove", physicalId: "old-job" }),
    change("Db", "AWS::RDS::DBInstance", { action: "Modify", replacement: "True", physicalId: "db-1" }),
    change("Role", "AWS::IAM::Role", { action: "Modify", replacement: "Conditional", physicalId: "role-1" }),
    change("Log", "AWS::Logs::LogGroup", { action: "Modify", replacement: "False", physicalId: "/log" }),
  ]);

  it("counts what can lose data first", () => {
    equal(counts(made), "5 resources: 1 removed, 1 replaced, 1 perhaps replaced, 1 changed in place, 1 added.");
    equal(counts(plan([change("A", "T")])), "1 resource added.");
    equal(counts(plan([])), "No resource changes.");
  });

  it("marks each change, with the id that it has", () => {
    const text = document(made);
    match(text, /^Plan: update stack lake on prod · eu-west-1\n/);
    match(text, /^- Old AWS::Glue::Job old-job$/m);
    match(text, /^Replaced: .*\(1\)\n- Db +AWS::RDS::DBInstance db-1$/m);
    match(text, /^! Role AWS::IAM::Role role-1$/m);
    match(text, /^\+ New AWS::S3::Bucket$/m);
    doesNotMatch(text, /local lake|costs/);
  });

  it("shows parameters, and hides what nobody may read", () => {
    const text = document(made, { hidden: new Set(["Password"]) });
    match(text, /^ {2}Password {2}\*{4}$/m);
    match(text, /^ {2}Zone {6}\(empty\)$/m);
    doesNotMatch(text, /secret/);
  });

  it("says that the lake's triggers are started, though their parameter leaves them off", () => {
    const changes = [change("Daily", "AWS::Glue::Trigger"), change("Crawl", "AWS::Glue::Trigger")];
    match(document(plan(changes, { parameters: { StartTriggers: "false" } })), /Boathouse starts the 2 triggers/);
    doesNotMatch(document(plan(changes)), /triggers/);
    doesNotMatch(document(plan([], { parameters: { StartTriggers: "false" } })), /triggers/);
  });

  it("says on a local lake what is live, what is recorded, and what AWS would cost", () => {
    const text = document(
      plan([change("B", "AWS::S3::Bucket"), change("N", "AWS::EC2::NatGateway")], { kind: "CREATE" }),
      {
        isLive: (type: string) => type === "AWS::S3::Bucket",
        costs: [{ what: "NAT gateway", monthly: 32.85 }],
      },
    );
    match(text, /1 of them are live, and 1 are recorded only/);
    match(text, /It costs nothing here. On AWS it would cost about \$32.85 a month/);
    match(text, /^\+ N AWS::EC2::NatGateway recorded only$/m);
  });

  it("a hostile name stays on its line", () => {
    const text = document(plan([change("A\n- Fake", "T\u202e")], { stackName: "x\ny" }));
    doesNotMatch(text, /^- Fake/m);
    match(text, /stack x y on/);
  });
});

describe("what is asked of parameters", () => {
  const parameter = (name: string, more: Partial<TemplateParameter> = {}): TemplateParameter => ({
    name,
    label: name,
    group: undefined,
    type: "String",
    description: undefined,
    default: "d",
    allowed: undefined,
    noEcho: false,
    pattern: undefined,
    least: undefined,
    most: undefined,
    shortest: undefined,
    longest: undefined,
    constraint: undefined,
    ...more,
  });

  it("each allowed value has what the description says of it", () => {
    const description = "How jobs go out. nat: one gateway. endpoints: five endpoints. S3 is free.";
    const { general, of } = sentencesOf(description, ["nat", "endpoints"]);
    equal(general, "How jobs go out. S3 is free.");
    deepEqual(
      [...of],
      [
        ["nat", "nat: one gateway."],
        ["endpoints", "endpoints: five endpoints."],
      ],
    );
    deepEqual(choicesOf(parameter("P", { allowed: ["nat", "endpoints"], description, default: "nat" }), "endpoints"), [
      { label: "nat", value: "nat", description: "default", detail: "nat: one gateway." },
      { label: "endpoints", value: "endpoints", description: "current", detail: "endpoints: five endpoints." },
    ]);
  });

  it("what it says in general stands in the box", () => {
    const described = parameter("P", {
      label: "Way out",
      group: "Network",
      allowed: ["nat"],
      description: "nat: one. All else.",
    });
    equal(placeholderOfChoices(described), "Network: Way out (P). All else.");
  });

  it("a stack that is updated keeps its values; hidden ones as they are; what is not allowed any more gives way", () => {
    const { values, previous } = keptValues(
      [parameter("A"), parameter("Secret", { noEcho: true }), parameter("Size", { allowed: ["s"] }), parameter("New")],
      { A: "1", Secret: "****", Size: "xl", Gone: "1" },
    );
    deepEqual([...values], [["A", "1"]]);
    deepEqual(previous, ["Secret"]);
  });

  it("only what has no value at all must be asked", () => {
    const must = parameter("Must", { default: undefined });
    deepEqual(mustAsk([parameter("A"), must], undefined), [must]);
    deepEqual(mustAsk([parameter("A"), must], { Must: "1" }), []);
  });

  it("are listed below their groups, each with the value that it has unless it is set", () => {
    const all = [
      parameter("A", { group: "Jobs", label: "Workers", description: "How many." }),
      parameter("Alone", { default: "" }),
      parameter("Secret", { group: "Jobs", noEcho: true, default: "x" }),
    ];
    deepEqual(parameterChoices(all, undefined), [
      { heading: "Jobs" },
      { label: "Workers", value: "A", description: all[0]?.default, detail: "How many." },
      { label: "Secret", value: "Secret", description: "hidden default" },
      { label: "Alone", value: "Alone", description: "(empty)" },
    ]);
    deepEqual(
      parameterChoices(all, { A: "7", Secret: "****", Alone: "1" }).flatMap((one) =>
        "heading" in one ? [] : [one.description],
      ),
      ["7", "hidden", "1"],
    );
    const size = parameter("Size", { allowed: ["s"], default: "s" });
    deepEqual(parameterChoices([size], { Size: "xl" }), [{ label: "Size", value: "Size", description: "s" }]);
  });

  it("a file's name suggests the stack's", () => {
    equal(suggestedName("/x/my_lake.template.yaml"), "my-lake");
    equal(suggestedName("C.yml"), "C");
    equal(suggestedName("/x/2024 - prod.json"), "prod");
    equal(suggestedName("/x/...yaml"), "stack");
  });
});

describe("a stack as a row", () => {
  const now = new Date("2026-11-24T10:30:00Z");
  const stack: Stack = {
    name: "lake",
    id: "arn:s",
    status: "CREATE_COMPLETE",
    statusReason: undefined,
    parameters: {},
    outputs: { LoaderJobName: "l", CrawlerName: "c" },
    created: new Date("2026-11-24T10:20:00Z"),
    updated: undefined,
    description: undefined,
  };
  it("says its state and when", () => equal(stackText(stack, now), "CREATE_COMPLETE · 10 min ago"));
  it("offers what can be done", () => {
    equal(stackContext(stack), "stack resting updatable lake console");
    equal(stackContext({ ...stack, status: "UPDATE_IN_PROGRESS" }), "stack running cancellable console");
    equal(stackContext({ ...stack, status: "DELETE_IN_PROGRESS" }), "stack running console");
    equal(stackContext({ ...stack, status: "ROLLBACK_COMPLETE", outputs: {} }), "stack resting console");
  });
  it("says what to do with a broken one", () => {
    match(stackTooltip({ ...stack, status: "ROLLBACK_COMPLETE" }), /It can only be torn down/);
  });
  it("events read oldest first, with times since the first", () => {
    const text = eventsText("lake", [
      { id: "1", at: now, logicalId: "A", physicalId: "a", type: "T", status: "CREATE_IN_PROGRESS", reason: undefined },
      {
        id: "2",
        at: new Date(now.getTime() + 2500),
        logicalId: "A",
        physicalId: "a",
        type: "T",
        status: "CREATE_FAILED",
        reason: "no",
      },
    ]);
    match(text, /^\+0 s +CREATE_IN_PROGRESS {2}A {2}T$/m);
    match(text, /^\+2.5 s +CREATE_FAILED {7}A {2}T {2}no$/m);
  });
  it("a tear-down says what goes, what is emptied and what is kept", () => {
    const resource = (logicalId: string, type: string, physicalId: string, status = "CREATE_COMPLETE") => ({
      logicalId,
      type,
      physicalId,
      status,
      recorded: false,
    });
    const text = tearDownText(
      {
        stack,
        resources: [
          resource("B", "AWS::S3::Bucket", "bucket-1"),
          resource("C", "AWS::S3::Bucket", "bucket-2"),
          resource("D", "AWS::RDS::DBInstance", "db"),
          resource("G", "AWS::Glue::Job", "gone", "DELETE_COMPLETE"),
        ],
        kept: ["D"],
      },
      "local lake",
    );
    match(text, /goes, with 2 resources/);
    match(text, /buckets bucket-1, bucket-2\./);
    match(text, /Kept, or a snapshot of it, as the template says: D \(AWS::RDS::DBInstance\)/);
  });
});
