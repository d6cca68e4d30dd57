// The lake's own error: an AWS error code, a message as good as AWS's, an HTTP status. Whatever else is thrown becomes InternalFailure.

export interface FaultOptions {
  /** HTTP status; 400 unless told. */
  readonly status?: number;
  /** Members of the modelled error beside Message, e.g. `AthenaErrorCode`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Response headers that go with it (S3's x-amz-delete-marker). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: string,
    message: string,
    options: FaultOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }
}

/** Refuses by name what the local lake does not have. 501, which no AWS client retries. */
export function notImplemented(what: string): ServiceError {
  return new ServiceError("NotImplemented", `The local lake does not implement ${what}.`, { status: 501 });
}
