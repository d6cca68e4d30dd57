// Tear-down of a stack itself; what must be emptied first is the flow's business.
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";

export async function deleteStack(session: AwsSession, stackName: string, clientRequestToken: string): Promise<void> {
  const { DeleteStackCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  await calling(`stack ${stackName}`, () =>
    client.send(new DeleteStackCommand({ StackName: stackName, ClientRequestToken: clientRequestToken })),
  );
}
