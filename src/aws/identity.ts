// Who the credentials of a session are, as STS tells. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
import { abortable } from "./abortable.ts";
import { calling } from "./failure.ts";
import type { AwsSession } from "./session.ts";

export interface Identity {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
  /** "role Analyst (jo@example.com)", "user jo", "root user". */
  readonly who: string;
}

/** Asks STS. It needs no permission, so what fails here are credentials or the way there. */
export async function whoAmI(session: AwsSession, signal?: AbortSignal): Promise<Identity> {
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const answer = await calling(session.name, async () =>
    (await session.sts()).send(new GetCallerIdentityCommand({}), abortable(signal)),
  );
  const { Account: account = "", Arn: arn = "" } = answer;
  return { account, arn, who: nameOf(arn) };
}

function nameOf(arn: string): string {
  // arn:aws:sts::123456789012:assumed-role/Analyst/jo@example.com
  const resource = arn.split(":").slice(5).join(":");
  const [kind = "", ...rest] = resource.split("/");
  if (kind === "root") return "root user";
  if (kind === "assumed-role")
    return `role ${rest[0] ?? ""}${rest[1] === undefined ? "" : ` (${rest.slice(1).join("/")})`}`;
  if (kind === "federated-user") return `federated user ${rest.join("/")}`;
  return kind === "user" ? `user ${rest.at(-1) ?? ""}` : resource;
}
