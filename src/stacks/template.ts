// The template that a stack was deployed with.
import { calling } from "../aws/failure.ts";
import type { AwsSession } from "../aws/session.ts";

/** As it was given, comments and all. `stack`: a name, or an id (a deleted one has only that). */
export async function deployedTemplate(session: AwsSession, stack: string): Promise<string> {
  const { GetTemplateCommand } = await import("@aws-sdk/client-cloudformation");
  const client = await session.cloudformation();
  const { TemplateBody = "" } = await calling(`stack ${stack}`, () =>
    client.send(new GetTemplateCommand({ StackName: stack, TemplateStage: "Original" })),
  );
  return TemplateBody;
}
