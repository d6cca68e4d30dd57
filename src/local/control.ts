// Talks to a running lake by its private routes, which are for the lake's own clients and never for AWS's API.
import { BoathouseError, messageOf } from "../base/errors.ts";

export interface ControlAccess {
  /** http://127.0.0.1:port */
  endpoint: string;
  secretAccessKey: string;
}

/** What `GET /_lake/status` answers. */
export interface LakeHealth {
  pid: number;
  version: string;
  /** Work runs that must not be cut off. */
  busy: boolean;
  /** It stays until it is stopped. */
  persistent: boolean;
  leases: number;
}

const answerWithin = 5_000;

/** The lake's own word on how it is; undefined where it gives none in time. */
export async function askHealth(endpoint: string, signal?: AbortSignal): Promise<LakeHealth | undefined> {
  try {
    const limit = AbortSignal.timeout(answerWithin);
    const response = await fetch(`${endpoint}/_lake/status`, {
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    return response.ok ? ((await response.json()) as LakeHealth) : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** Takes or renews the lease `id`. Resolves to the milliseconds within which it must be renewed. */
export async function holdLease(access: ControlAccess, id: string): Promise<number> {
  const { renewWithin } = await post(access, "leases", { id });
  return typeof renewWithin === "number" ? renewWithin : 20_000;
}

export async function dropLease(access: ControlAccess, id: string): Promise<void> {
  await post(access, "leases", { id, release: true });
}

/** Keeps the lake after its last lease. */
export async function persist(access: ControlAccess): Promise<void> {
  await post(access, "persist", {});
}

/** Asks the lake to end; it answers before it does. */
export async function askStop(access: ControlAccess): Promise<void> {
  await post(access, "stop", {});
}

async function post(access: ControlAccess, route: string, body: object): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetch(`${access.endpoint}/_lake/${route}`, {
      method: "POST",
      headers: { authorization: `Bearer ${access.secretAccessKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerWithin),
    });
  } catch (error) {
    throw new BoathouseError("network", `The lake at ${access.endpoint} does not answer: ${messageOf(error)}`, {
      resource: access.endpoint,
      next: "See `boathouse lake status`.",
      cause: error,
    });
  }
  if (!response.ok) {
    throw new BoathouseError(
      response.status === 403 ? "denied" : "service",
      `The lake at ${access.endpoint} refused ${route}: ${response.status} ${(await response.text()).slice(0, 500)}`,
      { resource: access.endpoint },
    );
  }
  return (await response.json()) as Record<string, unknown>;
}
