// The key a run works with: a session of its job's role, so that the lake's log says what the role was used for.
import { ServiceError } from "../../../fault.ts";
import type { Credentials } from "../../../identity.ts";
import type { Lake } from "../../../lake.ts";

/** A session key of `role` (name or ARN) where IAM knows it, else the lake's own key. `lifetime` in seconds. */
export async function roleCredentials(
  lake: Lake,
  role: string,
  session: string,
  lifetime: number,
): Promise<Credentials> {
  const name = role.slice(role.lastIndexOf("/") + 1);
  try {
    const { Role } = await lake.call("iam", "GetRole", { RoleName: name });
    if (Role?.Arn === undefined) return lake.root;
    return await lake.assume(Role.Arn, session, lifetime);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    lake.log("job without a role", { role, message: error.message });
    return lake.root;
  }
}
