// What a choice means to the aws room, and who one is there.
import type { Connection } from "../../aws/connection.ts";
import type { Identity } from "../../aws/identity.ts";
import type { AwsSession } from "../../aws/session.ts";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import type { ConnectionChoice } from "./choice.ts";

/** An endpoint that has not answered for so long will not; ms. */
const LIMIT = 15_000;

const ADVICE = "Check the network, the proxy and the endpoint's address.";

export function connectionOf(choice: Exclude<ConnectionChoice, { kind: "local" }>): Connection {
  const { region, profile } = choice;
  if (choice.kind === "aws") return { kind: "aws", region, profile };
  return { kind: "endpoint", region, endpointUrl: choice.url, keys: undefined, profile };
}

/**
 * Asks who the credentials are, which shows at once whether they and the way are good. Undefined where the service does not tell: a
 * store that speaks S3 alone knows no STS.
 * @throws BoathouseError `credentials`, `network`.
 */
export async function identify(session: AwsSession): Promise<Identity | undefined> {
  const { whoAmI } = await import("../../aws/identity.ts");
  // Not AbortSignal.timeout, whose timer would go on after the answer.
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), LIMIT);
  try {
    return await whoAmI(session, limit.signal);
  } catch (error) {
    if (isCancelled(error)) {
      throw new BoathouseError("network", `${session.name} has not answered for ${LIMIT / 1000} seconds.`, {
        resource: session.name,
        next: ADVICE,
        cause: error,
      });
    }
    if (error instanceof BoathouseError && error.kind === "network" && error.resource === session.name) {
      throw new BoathouseError("network", `${session.name} can't be reached: ${error.message}`, {
        resource: session.name,
        next: ADVICE,
        cause: error,
      });
    }
    if (error instanceof BoathouseError && (error.kind === "credentials" || error.kind === "network")) throw error;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
