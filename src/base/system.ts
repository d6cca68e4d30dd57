// What the operating system refuses, in words: why a file can't be read, why a folder can't be used.
import { BoathouseError, type ErrorKind, messageOf } from "./errors.ts";

const REFUSALS: Readonly<Record<string, readonly [kind: ErrorKind, reason: string]>> = {
  ENOENT: ["invalid", "there is no such file or folder"],
  ENOTDIR: ["invalid", "a part of its path is a file, not a folder"],
  EISDIR: ["invalid", "it is a folder"],
  EEXIST: ["invalid", "a file of that name is in the way"],
  ENAMETOOLONG: ["invalid", "its name is too long"],
  ELOOP: ["invalid", "its symbolic links lead round in a circle"],
  EACCES: ["denied", "permission denied"],
  EPERM: ["denied", "permission denied"],
  EROFS: ["denied", "its file system is read-only"],
  ENOSPC: ["service", "the disk is full"],
  EDQUOT: ["service", "the disk quota is used up"],
  EMFILE: ["service", "too many files are open"],
};

/** Why the system refused: "permission denied"; its own words where it has no entry above. */
export function reasonOf(error: unknown): string {
  return refusalOf(error)?.[1] ?? messageOf(error);
}

/** An error of the operating system as one of ours, `what` said first ("The lake's folder /x can't be used"); all others pass unchanged. */
export function systemFailure(error: unknown, what: string, details: { resource: string; next: string }): unknown {
  const refusal = refusalOf(error);
  if (refusal === undefined) return error;
  return new BoathouseError(refusal[0], `${what}: ${refusal[1]}.`, { ...details, cause: error });
}

function refusalOf(error: unknown): (typeof REFUSALS)[string] | undefined {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof code === "string" ? REFUSALS[code] : undefined;
}
