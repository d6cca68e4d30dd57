// SDK and network errors as the one Error class: which kind, on which resource, and what the person can do next.
import { BoathouseError, type ErrorKind, isCancelled, messageOf } from "../base/errors.ts";

interface Described {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const CHECK_NAME = "Check the name and the connection; it may have been deleted.";

const RULES: readonly (readonly [pattern: RegExp, kind: ErrorKind, next: string])[] = [
  [
    /ExpiredToken|TokenRefreshRequired|CredentialsProvider|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|MissingAuthentication|NoCredential/,
    "credentials",
    "Sign in again (aws sso login), or choose another profile.",
  ],
  [
    /AccessDenied|UnauthorizedOperation|NotAuthorized|Forbidden/,
    "denied",
    "Ask for the permission that the message names, or choose another profile.",
  ],
  [
    /InsufficientStorage/,
    "service",
    "Free some space on the disk that holds the lake and run the same again; nothing that was stored is lost.",
  ],
  [/Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/, "throttled", "Wait a moment and try again."],
  [/NotFound|NoSuch|EntityNotFound|DoesNotExist|ResourceNotFound/, "notFound", CHECK_NAME],
  [
    /AlreadyExists|Conflict|ConcurrentRunsExceeded|ConcurrentModification|InUse|OperationInProgress/,
    "conflict",
    "Wait for the other operation, or choose another name.",
  ],
  [
    /Validation|Invalid|Malformed|BadRequest|NotImplemented|InsufficientCapabilities/,
    "invalid",
    "Correct what the message names and try again.",
  ],
  [
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|EAI_AGAIN|TimeoutError|NetworkingError|ERR_STREAM_PREMATURE_CLOSE/,
    "network",
    "Check the network and the endpoint; `boathouse lake status` tells whether the local lake runs.",
  ],
];

/** Credentials that could not be fetched because the way to their service broke. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ETIMEDOUT)\b/;

/** Athena and CloudFormation say that something is not there by their error for wrong input. */
const ABSENT = /\b(does not exist|not found)\b/i;

/** Turns anything thrown by a call on `resource` into a BoathouseError; ours pass through. */
export function failure(error: unknown, resource: string): BoathouseError {
  if (error instanceof BoathouseError) return error;
  if (isCancelled(error))
    return new BoathouseError("cancelled", `Stopped waiting for ${resource}.`, { resource, cause: error });
  const { name = "", code = "", $metadata } = error as Described;
  const marks = `${name} ${code} ${error instanceof AggregateError ? error.errors.map((inner: Described) => inner.code).join(" ") : ""}`;
  for (const [pattern, kind, next] of RULES) {
    if (!pattern.test(marks)) continue;
    const absent = kind === "invalid" && ABSENT.test(messageOf(error));
    if (kind === "credentials" && UNREACHABLE.test(messageOf(error))) {
      return new BoathouseError("network", messageOf(error), {
        resource,
        next: "Check the network: the profile's credentials are fetched from a service that can't be reached.",
        cause: error,
      });
    }
    return new BoathouseError(absent ? "notFound" : kind, messageOf(error) || marks.trim(), {
      resource,
      next: absent ? CHECK_NAME : next,
      cause: error,
    });
  }
  if ($metadata === undefined && !(error instanceof Error && "$fault" in error)) {
    return new BoathouseError("bug", messageOf(error), { resource, cause: error });
  }
  return new BoathouseError("service", messageOf(error), {
    resource,
    next: "Try again; if it lasts, look at the service's health.",
    cause: error,
  });
}

/** Runs a call and turns its error. */
export async function calling<T>(resource: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failure(error, resource);
  }
}

/** Runs a call; undefined where the thing is not there. */
export async function ifFound<T>(resource: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await calling(resource, call);
  } catch (error) {
    if (error instanceof BoathouseError && error.kind === "notFound") return undefined;
    throw error;
  }
}
