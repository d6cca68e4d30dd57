// Athena workgroups: which there are, where their results go, and giving one a place for them.
import { calling } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";
import type { BoathouseError } from "../base/errors.ts";

export interface WorkGroupEntry {
  readonly name: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
}

export interface WorkGroup extends WorkGroupEntry {
  readonly outputLocation: string | undefined;
  /** True: a caller's own place for results counts for nothing. */
  readonly enforced: boolean;
  /** Bytes that one query may scan. */
  readonly scanLimit: number | undefined;
}

export async function listWorkGroups(session: AwsSession): Promise<WorkGroupEntry[]> {
  const { ListWorkGroupsCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const groups = await collect(
    pages(async (token) => {
      const page = await calling("workgroups", () => client.send(new ListWorkGroupsCommand({ NextToken: token })));
      return { items: page.WorkGroups, next: page.NextToken };
    }),
  );
  return groups.map(({ Name = "", Description, State }) => ({
    name: Name,
    description: Description === "" ? undefined : Description,
    enabled: State !== "DISABLED",
  }));
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html */
export async function getWorkGroup(session: AwsSession, name: string): Promise<WorkGroup> {
  const { GetWorkGroupCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const { WorkGroup: group } = await calling(`workgroup ${name}`, () =>
    client.send(new GetWorkGroupCommand({ WorkGroup: name })),
  );
  const configuration = group?.Configuration;
  return {
    name,
    description: group?.Description,
    enabled: group?.State !== "DISABLED",
    outputLocation: configuration?.ResultConfiguration?.OutputLocation,
    enforced: configuration?.EnforceWorkGroupConfiguration ?? true,
    scanLimit: configuration?.BytesScannedCutoffPerQuery,
  };
}

/** Changes the workgroup for everyone who uses it. */
export async function setOutputLocation(session: AwsSession, workGroup: string, location: string): Promise<void> {
  const { UpdateWorkGroupCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  await calling(`workgroup ${workGroup}`, () =>
    client.send(
      new UpdateWorkGroupCommand({
        WorkGroup: workGroup,
        ConfigurationUpdates: { ResultConfigurationUpdates: { OutputLocation: location } },
      }),
    ),
  );
}

/** True for Athena's refusal to start a query that has no place for its result. */
export function lacksOutputLocation({ kind, message }: BoathouseError): boolean {
  return kind === "invalid" && /\bno output location\b/i.test(message);
}
