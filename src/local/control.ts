// Talks to a running lake by its private routes, which are for the lake's own clients and never for AWS's API.
import { Agent, request } from "node:http";
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

/**
 * Requests to the lake never leave loopback. Not `fetch`, nor Node's global agent: where NODE_USE_ENV_PROXY is set, newer releases of Node
 * send what these ask for to the person's HTTP proxy, and the lake would not be found.
 */
const direct = new Agent();

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(url: string, signal: AbortSignal, post?: { secret: string; body: object }): Promise<Answer> {
  const body = post === undefined ? undefined : JSON.stringify(post.body);
  const headers =
    post === undefined ? {} : { authorization: `Bearer ${post.secret}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent: direct, method: body === undefined ? "GET" : "POST", headers, signal },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.once("error", reject);
    asked.end(body);
  });
}

/** The lake's own word on how it is; undefined where it gives none in time. */
export async function askHealth(endpoint: string, signal?: AbortSignal): Promise<LakeHealth | undefined> {
  try {
    const limit = AbortSignal.timeout(answerWithin);
    const { status, text } = await ask(
      `${endpoint}/_lake/status`,
      signal === undefined ? limit : AbortSignal.any([signal, limit]),
    );
    return status === 200 ? (JSON.parse(text) as LakeHealth) : undefined;
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
  let answer: Answer;
  try {
    answer = await ask(`${access.endpoint}/_lake/${route}`, AbortSignal.timeout(answerWithin), {
      secret: access.secretAccessKey,
      body,
    });
  } catch (error) {
    throw new BoathouseError("network", `The lake at ${access.endpoint} does not answer: ${messageOf(error)}`, {
      resource: access.endpoint,
      next: "See `boathouse lake status`.",
      cause: error,
    });
  }
  if (answer.status !== 200) {
    throw new BoathouseError(
      answer.status === 403 ? "denied" : "service",
      `The lake at ${access.endpoint} refused ${route}: ${answer.status} ${answer.text.slice(0, 500)}`,
      { resource: access.endpoint },
    );
  }
  return JSON.parse(answer.text) as Record<string, unknown>;
}
