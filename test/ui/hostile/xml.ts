// The hostile endpoint's answers in the query protocol: CloudFormation and STS.
import type { HostileData, StackData } from "./data.ts";

export function xmlAnswer(data: HostileData, action: string, input: URLSearchParams): string | undefined {
  const stack = data.stacks.find(({ id, name }) => [id, name].includes(input.get("StackName") ?? "")) ?? data.stacks[0];
  const result = (inner: string) =>
    `<${action}Response><${action}Result>${inner}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;
  switch (action) {
    case "GetCallerIdentity":
      return result(tags({ Arn: data.arn, UserId: "AIDATEST", Account: "000000000000" }));
    case "DescribeStacks":
      return result(members("Stacks", (input.has("StackName") ? [stack] : data.stacks).flatMap(described)));
    case "ListStackResources":
      return result(
        members(
          "StackResourceSummaries",
          (stack?.resources ?? []).map(({ logical, type, physical }) =>
            tags({
              LogicalResourceId: logical,
              PhysicalResourceId: physical,
              ResourceType: type,
              ResourceStatus: "CREATE_COMPLETE",
              LastUpdatedTimestamp: WHEN,
            }),
          ),
        ),
      );
    case "DescribeStackEvents":
      return result(
        members(
          "StackEvents",
          (stack?.events ?? []).map(({ logical, type, reason }, at) =>
            tags({
              StackId: stack?.id ?? "",
              EventId: `event-${at}`,
              StackName: stack?.name ?? "",
              LogicalResourceId: logical,
              ResourceType: type,
              ResourceStatus: "CREATE_FAILED",
              ResourceStatusReason: reason,
              Timestamp: WHEN,
            }),
          ),
        ),
      );
    case "GetTemplate":
      return result(tags({ TemplateBody: data.template }));
    default:
      return undefined;
  }
}

const WHEN = "2026-01-01T00:00:00.000Z";

function described(stack: StackData | undefined): string[] {
  if (stack === undefined) return [];
  const pairs = (name: string, key: string, value: string, all: StackData["parameters"]) =>
    members(
      name,
      all.map(([k, v]) => tags({ [key]: k, [value]: v })),
    );
  return [
    [
      tags({
        StackName: stack.name,
        StackId: stack.id,
        StackStatus: stack.status,
        StackStatusReason: stack.reason,
        Description: stack.description,
        CreationTime: WHEN,
      }),
      pairs("Parameters", "ParameterKey", "ParameterValue", stack.parameters),
      pairs("Outputs", "OutputKey", "OutputValue", stack.outputs),
    ].join(""),
  ];
}

function members(name: string, all: readonly string[]): string {
  return `<${name}>${all.map((inner) => `<member>${inner}</member>`).join("")}</${name}>`;
}

function tags(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${escaped(value)}</${name}>`)
    .join("");
}

/** XML has no word for most control characters. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#xD;");
}
