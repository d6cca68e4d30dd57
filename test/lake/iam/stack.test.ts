// IAM's types in a stack: kept in IAM, marked recorded, changed in place, and gone with the stack.
import { deepEqual, equal, match } from "node:assert/strict";
import {
  GetInstanceProfileCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { startTestLake, type TestLake } from "../harness.ts";
import { Stacks } from "../stacks.ts";

const statement = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "glue.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const managed = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole";

const resources = (action: string, role: object = {}) => ({
  Role: {
    Type: "AWS::IAM::Role",
    Properties: {
      Path: "/lake/",
      AssumeRolePolicyDocument: trust,
      ManagedPolicyArns: [managed, { Ref: "Managed" }],
      Policies: [{ PolicyName: "job", PolicyDocument: statement(action) }],
      ...role,
    },
  },
  Managed: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: statement(action) } },
  Inline: {
    Type: "AWS::IAM::Policy",
    Properties: { PolicyName: "beside", PolicyDocument: statement(action), Roles: [{ Ref: "Role" }] },
  },
  Profile: { Type: "AWS::IAM::InstanceProfile", Properties: { Roles: [{ Ref: "Role" }] } },
});

describe("IAM in a stack", () => {
  let lake: TestLake;
  let iam: IAMClient;
  let stacks: Stacks;

  before(async () => {
    lake = await startTestLake();
    iam = new IAMClient(lake.config);
    stacks = new Stacks(lake);
  });
  after(() => lake.stop());

  const nothingLeft = async () => {
    deepEqual((await iam.send(new ListRolesCommand({}))).Roles, []);
    deepEqual((await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies, []);
    deepEqual((await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles, []);
  };

  it("keeps roles, policies and profiles, changes them, and takes them away", async () => {
    await stacks.create("roles", resources("s3:GetObject"), {
      Arn: { Value: { "Fn::GetAtt": ["Role", "Arn"] } },
      Policy: { Value: { Ref: "Managed" } },
      Profile: { Value: { "Fn::GetAtt": ["Profile", "Arn"] } },
    });
    await stacks.until("roles", "CREATE_COMPLETE");
    const RoleName = (await stacks.resource("roles", "Role")).PhysicalResourceId ?? "";
    const outputs = await stacks.outputs("roles");
    match(RoleName, /^roles-Role-[A-Za-z0-9]+$/);
    equal(outputs["Arn"], `arn:aws:iam::000000000000:role/lake/${RoleName}`);
    const role = await iam.send(new GetRoleCommand({ RoleName }));
    deepEqual(JSON.parse(decodeURIComponent(role.Role?.AssumeRolePolicyDocument ?? "")), trust);
    deepEqual(role.Role?.Tags, [{ Key: "team", Value: "t" }]);
    deepEqual((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames, ["beside", "job"]);
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    deepEqual(
      attached.AttachedPolicies?.map((policy) => policy.PolicyArn),
      [managed, outputs["Policy"]],
    );
    const InstanceProfileName = (await stacks.resource("roles", "Profile")).PhysicalResourceId ?? "";
    const profile = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    deepEqual(
      [profile.InstanceProfile?.Arn, profile.InstanceProfile?.Roles?.[0]?.RoleName],
      [outputs["Profile"], RoleName],
    );

    await stacks.update(
      "roles",
      resources("s3:PutObject", { ManagedPolicyArns: [{ Ref: "Managed" }], Description: "new" }),
    );
    await stacks.until("roles", "UPDATE_COMPLETE");
    for (const PolicyName of ["job", "beside"]) {
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      match(decodeURIComponent(PolicyDocument ?? ""), /s3:PutObject/);
    }
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: outputs["Policy"], VersionId: "v2" }));
    match(decodeURIComponent(version.PolicyVersion?.Document ?? ""), /s3:PutObject/);
    const after = await iam.send(new GetRoleCommand({ RoleName }));
    deepEqual([after.Role?.Description, after.Role?.Tags], ["new", []]);
    equal((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies?.length, 1);

    await stacks.remove("roles");
    await nothingLeft();
  });

  it("says of them that nothing stands behind them", async () => {
    await stacks.create("said", { Role: resources("s3:*").Role, Managed: resources("s3:*").Managed });
    await stacks.until("said", "CREATE_COMPLETE");
    match(JSON.stringify(await stacks.resource("said", "Role")), /recorded/i);
    await stacks.remove("said");
  });

  it("rolls back with IAM's words where a document is malformed", async () => {
    await stacks.create("bad", resources("s3:*", { AssumeRolePolicyDocument: statement("sts:AssumeRole") }));
    match(await stacks.until("bad", "ROLLBACK_COMPLETE"), /Role: .*Has prohibited field Resource/);
    await nothingLeft();
  });
});
