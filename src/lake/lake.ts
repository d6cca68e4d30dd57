// What every part of the lake is given: where it lies, its time, its state, its log and the typed call to its services.
import type { Clock } from "../base/clock.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call, Operations, Principal, ServiceId, ServiceModules } from "./call.ts";
import type { ResourceType } from "./resource.ts";
import type { Store } from "./state/store.ts";
import type { Credentials } from "./identity.ts";

/** One line of the lake's log, JSON. */
export type Log = (event: string, details?: Readonly<Record<string, unknown>>) => void;

export interface Lake {
  /** The lake's folder; a service keeps files below `<folder>/<service>`. */
  readonly folder: string;
  /** The per-user cache that holds the engines (src/base/engines.ts). */
  readonly cache: string;
  readonly region: string;
  readonly accountId: string;
  /** http://127.0.0.1:port; known once the server listens, before any service starts. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly log: Log;
  readonly call: Call;
  /** The lake's own key; engines that need every right use it. */
  readonly root: Credentials;
  /** Issues a session key for a role, as STS would; `lifetime` in seconds. */
  readonly assume: (roleArn: string, session: string, lifetime: number) => Promise<Credentials>;
  /** Issues a session key that acts as the caller itself; `lifetime` in seconds. */
  readonly issue: (who: Omit<Principal, "accessKeyId">, lifetime: number) => Promise<Credentials>;
}

export type Protocol = "json" | "query" | "rest-xml";

/** A private route of the lake below /_lake/; it authenticates by itself and answers. */
export type PrivateRoute = (request: IncomingMessage, response: ServerResponse, rest: string) => Promise<void>;

/** A right that a request would need on AWS. The lake enforces none; it logs them where a role asks. */
export interface Access {
  /** "s3:GetObject" */
  readonly action: string;
  readonly resource: string;
  /** Condition keys that policies ask about, e.g. "s3:prefix". */
  readonly context?: Readonly<Record<string, string>>;
}

/** A service of the lake: what it answers, what it makes for CloudFormation, and its life. */
export interface Service<S extends ServiceId = ServiceId> {
  readonly id: S;
  readonly protocol: Protocol;
  /** Loaded on the first request to it: the SDK client module whose schemas decode and encode. */
  readonly schemas: () => Promise<ServiceModules[S]>;
  readonly operations: Operations<S>;
  /** The rights that a request needs, where its operation and resource alone do not say it. */
  readonly accesses?: (operation: string, input: object) => readonly Access[];
  /** Live CloudFormation types. */
  readonly resources?: readonly ResourceType[];
  /** Private routes by first path segment below /_lake/, e.g. "runs". */
  readonly routes?: Readonly<Record<string, PrivateRoute>>;
  /** After the server listens: take up what was in flight, arm schedules. */
  readonly start?: () => Promise<void>;
  /** True while work runs that must keep the lake alive. */
  readonly busy?: () => boolean;
  /** Ends engines; called once, before the store closes. */
  readonly stop?: () => Promise<void>;
}
