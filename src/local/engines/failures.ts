// Turns what can go wrong while engines are fetched into errors that say what the person can do.
import { BoathouseError, isCancelled, messageOf } from "../../base/errors.ts";

/** Which setting names another place for a client's downloads. */
export const mirrorSetting = {
  maven: "BOATHOUSE_MAVEN_MIRROR",
  npm: "BOATHOUSE_NPM_MIRROR",
  pip: "BOATHOUSE_PIP_INDEX",
} as const;

export type Client = keyof typeof mirrorSetting;

const unreachable = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
  "ECONNECTIONTIMEOUT",
  "EIDLETIMEOUT",
  "ERESPONSETIMEOUT",
  "ETRANSFERTIMEOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_HTTP2_STREAM_ERROR",
  "ECUTOFF",
]);

/** The code of an error or of what caused it ("ENOSPC"). */
export function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code: unknown = (at as NodeJS.ErrnoException).code;
    if (typeof code === "string") return code;
  }
  return undefined;
}

/** True for what may go better on another try: the way to the server broke, not the server said no. */
export function isUnreachable(error: unknown): boolean {
  return unreachable.has(codeOf(error) ?? "");
}

/** The error that a person sees for a failed download of `name`. */
export function downloadFailure(error: unknown, name: string, client: Client): unknown {
  if (error instanceof BoathouseError || isCancelled(error)) return error;
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(name, error);
  const setting = mirrorSetting[client];
  if (code === "EINTEGRITY") {
    return new BoathouseError(
      "network",
      `The download of ${name} is not the file that was expected: its checksum differs`,
      {
        resource: name,
        next: `The file was thrown away. Try again; where a proxy or the mirror of ${setting} changes files, use another.`,
        cause: error,
      },
    );
  }
  if (isUnreachable(error)) {
    return new BoathouseError("network", `${name} could not be fetched: ${messageOf(error)}`, {
      resource: name,
      next: `Check the network and proxy and run it again: what has arrived is kept. ${setting} names a mirror.`,
      cause: error,
    });
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  return new BoathouseError("service", `${name} could not be fetched: ${messageOf(error)}`, {
    resource: name,
    next:
      typeof status === "number"
        ? `The server answered ${status}. If ${setting} or a proxy is set, see that it holds this file; else try again later.`
        : `Try again; ${setting} names a mirror.`,
    cause: error,
  });
}

export function diskFull(what: string, cause?: unknown): BoathouseError {
  return new BoathouseError("invalid", `There is no room left on the disk for ${what}`, {
    resource: what,
    next: "Free some space, or let BOATHOUSE_CACHE name a folder on a larger disk. What has arrived is kept.",
    cause,
  });
}
