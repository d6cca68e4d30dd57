// Ending a stack, or what it is doing: deletion, and the cancel of an update. What must be emptied first is the flow's business.
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";

/** Also ends a creation that is under way: what was made goes again. */
export async function deleteStack(session: AwsSession, stackName: string, clientRequestToken: string): Promise<void> {
  const { DeleteStackCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  await calling(`stack ${stackName}`, () =>
    client.send(new DeleteStackCommand({ StackName: stackName, ClientRequestToken: clientRequestToken })),
  );
}

/**
 * Rolls an update that is under way back to what the stack was before.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html
 * @throws BoathouseError `invalid` where the stack is not UPDATE_IN_PROGRESS (any more).
 */
export async function cancelUpdate(session: AwsSession, stackName: string, clientRequestToken: string): Promise<void> {
  const { CancelUpdateStackCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  await calling(`stack ${stackName}`, () =>
    client.send(new CancelUpdateStackCommand({ StackName: stackName, ClientRequestToken: clientRequestToken })),
  );
}
