// IAM through the SDK client: roles and policies are kept as they are sent, and refused as AWS refuses them.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  type CreateRoleCommandInput,
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAccountAliasesCommand,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { startTestLake, type TestLake } from "../harness.ts";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const reading = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*'(ü)" }],
});

describe("IAM", () => {
  let lake: TestLake;
  let iam: IAMClient;

  before(async () => {
    lake = await startTestLake();
    iam = new IAMClient(lake.config);
  });
  after(() => lake.stop());

  const create = (RoleName: string, more: Partial<CreateRoleCommandInput> = {}) =>
    iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...more }));

  it("keeps a role and all that hangs on it, and lets it go in order", async () => {
    await create("etl", {
      Path: "/lake/",
      Description: "d",
      MaxSessionDuration: 7200,
      Tags: [{ Key: "a", Value: "1" }],
    });
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "etl" }));
    match(Role?.RoleId ?? "", /^AROA[A-Z2-7]{17}$/);
    deepEqual(
      [
        Role?.Arn,
        Role?.Description,
        Role?.MaxSessionDuration,
        decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
      ],
      ["arn:aws:iam::000000000000:role/lake/etl", "d", 7200, trust],
    );
    const named = { RoleName: "etl", PolicyName: "read" };
    await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: reading }));
    const inline = await iam.send(new GetRolePolicyCommand(named));
    equal(decodeURIComponent(inline.PolicyDocument ?? ""), reading);
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole";
    await iam.send(new AttachRolePolicyCommand({ RoleName: "etl", PolicyArn }));
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "etl" }));
    deepEqual(attached.AttachedPolicies, [{ PolicyName: "AWSGlueServiceRole", PolicyArn }]);

    await rejects(iam.send(new DeleteRoleCommand({ RoleName: "etl" })), /must detach all policies first/);
    await iam.send(new DetachRolePolicyCommand({ RoleName: "etl", PolicyArn }));
    await rejects(iam.send(new DeleteRoleCommand({ RoleName: "etl" })), { name: "DeleteConflictException" });
    deepEqual((await iam.send(new ListRolePoliciesCommand({ RoleName: "etl" }))).PolicyNames, ["read"]);
    await iam.send(new DeleteRolePolicyCommand(named));
    await iam.send(new DeleteRoleCommand({ RoleName: "etl" }));
    await rejects(iam.send(new GetRoleCommand({ RoleName: "etl" })), {
      name: "NoSuchEntityException",
      message: "The role with name etl cannot be found.",
    });
  });

  it("changes a role in place", async () => {
    await create("changed");
    const other = trust.replace("glue", "lambda");
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "changed", PolicyDocument: other }));
    await iam.send(new UpdateRoleCommand({ RoleName: "changed", Description: "new" }));
    await iam.send(
      new TagRoleCommand({
        RoleName: "changed",
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await iam.send(new UntagRoleCommand({ RoleName: "changed", TagKeys: ["a"] }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "changed" }));
    deepEqual([decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""), Role?.Description], [other, "new"]);
    deepEqual((await iam.send(new ListRoleTagsCommand({ RoleName: "changed" }))).Tags, [{ Key: "b", Value: "2" }]);
    await rejects(create("changed"), { name: "EntityAlreadyExistsException" });
  });

  it("lists in pages", async () => {
    for (const name of ["p1", "p2", "p3"]) await create(name, { Path: "/pages/" });
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await iam.send(new ListRolesCommand({ PathPrefix: "/pages/", MaxItems: 2, Marker }));
      names.push(...(page.Roles ?? []).map((role) => role.RoleName));
      Marker = page.Marker;
    } while (Marker !== undefined);
    deepEqual(names, ["p1", "p2", "p3"]);
    await rejects(iam.send(new ListRolesCommand({ Marker: "bad" })), { name: "InvalidInputException" });
  });

  it("keeps a customer's policy with its versions", async () => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "read", PolicyDocument: reading }));
    const PolicyArn = Policy?.Arn ?? "";
    equal(PolicyArn, "arn:aws:iam::000000000000:policy/read");
    const wider = reading.replace("GetObject", "*");
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: wider, SetAsDefault: true }));
    await create("user-of-read");
    await iam.send(new AttachRolePolicyCommand({ RoleName: "user-of-read", PolicyArn }));
    const got = await iam.send(new GetPolicyCommand({ PolicyArn }));
    deepEqual([got.Policy?.DefaultVersionId, got.Policy?.AttachmentCount], ["v2", 1]);
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
    equal(decodeURIComponent(version.PolicyVersion?.Document ?? ""), wider);
    equal((await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies?.length, 1);

    await rejects(iam.send(new DeletePolicyCommand({ PolicyArn })), /attached to entities/);
    await iam.send(new DetachRolePolicyCommand({ RoleName: "user-of-read", PolicyArn }));
    await rejects(iam.send(new DeletePolicyCommand({ PolicyArn })), /more than one version/);
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    await rejects(iam.send(new AttachRolePolicyCommand({ RoleName: "user-of-read", PolicyArn })), {
      name: "NoSuchEntityException",
    });
  });

  it("keeps instance profiles", async () => {
    await create("machine");
    const named = { InstanceProfileName: "machine" };
    await iam.send(new CreateInstanceProfileCommand(named));
    await iam.send(new AddRoleToInstanceProfileCommand({ ...named, RoleName: "machine" }));
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand(named));
    equal(InstanceProfile?.Roles?.[0]?.RoleName, "machine");
    await rejects(iam.send(new DeleteRoleCommand({ RoleName: "machine" })), /remove roles from instance profile/);
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...named, RoleName: "machine" }));
    await iam.send(new DeleteInstanceProfileCommand(named));
    await iam.send(new DeleteRoleCommand({ RoleName: "machine" }));
  });

  it("refuses documents that AWS calls malformed", async () => {
    const statement = (more: object, Version = "2012-10-17") =>
      JSON.stringify({ Version, Statement: { Effect: "Allow", Action: "s3:*", ...more } });
    const inline = (PolicyDocument: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName: "changed", PolicyName: "x", PolicyDocument }));
    for (const [document, message] of [
      ["{", /Syntax errors in policy/],
      [statement({}), /must contain resources/],
      [statement({ Resource: "*", Principal: "*" }), /should not specify a principal/],
      [statement({ Resource: "*", Effect: "Maybe" }), /Invalid effect: "Maybe"/],
      [statement({ Resource: "*" }, "2020-01-01"), /valid version string/],
    ] as const) {
      await rejects(inline(document), message);
    }
    await rejects(create("bad", { AssumeRolePolicyDocument: statement({ Resource: "*" }) }), {
      name: "MalformedPolicyDocumentException",
      message: "Has prohibited field Resource",
    });
    await rejects(inline(statement({ Resource: "x".repeat(10_300) })), { name: "LimitExceededException" });
  });

  it("answers what tools ask of an account, and refuses by name what it does not have", async () => {
    equal((await iam.send(new GetUserCommand({}))).User?.Arn, "arn:aws:iam::000000000000:root");
    deepEqual((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases, []);
    await rejects(create("service", { Path: "/aws-service-role/rds.amazonaws.com/" }), /service-linked/);
    await rejects(create("x".repeat(65)), /at most 64 characters/);
    await rejects(
      iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: "arn:aws:iam::000000000000:role/changed",
          ActionNames: ["s3:GetObject"],
        }),
      ),
      /iam:SimulatePrincipalPolicy/,
    );
    await rejects(
      iam.send(new GetPolicyCommand({ PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" })),
      /the text of AWS's own policies/,
    );
  });
});
