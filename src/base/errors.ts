// The one Error class: a kind of a closed set, what happened, to which resource, and what to do next.

export type ErrorKind =
  | "credentials"
  | "denied"
  | "throttled"
  | "notFound"
  | "conflict"
  | "invalid"
  | "network"
  | "service"
  | "cancelled"
  | "bug";

export interface ErrorDetails {
  /** The resource it happened to, as a person names it ("stack lake", "s3://bucket/key"). */
  readonly resource?: string;
  /** What the person can do next, one sentence. */
  readonly next?: string;
  readonly cause?: unknown;
}

export class BoathouseError extends Error {
  override readonly name = "BoathouseError";
  readonly resource: string | undefined;
  readonly next: string | undefined;

  constructor(
    readonly kind: ErrorKind,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.resource = details.resource;
    this.next = details.next;
  }
}

/** True for our own `cancelled` and for what an AbortSignal throws. */
export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof BoathouseError && error.kind === "cancelled") ||
    (error instanceof Error && error.name === "AbortError")
  );
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
