// The one typed way from a service to another, and the types of an operation. Shapes come from the AWS SDK v3 clients' command classes.
import type { Readable } from "node:stream";

/** AWS service by its SigV4 name, with the SDK client module whose shapes it speaks. */
export interface ServiceModules {
  athena: typeof import("@aws-sdk/client-athena");
  cloudformation: typeof import("@aws-sdk/client-cloudformation");
  glue: typeof import("@aws-sdk/client-glue");
  iam: typeof import("@aws-sdk/client-iam");
  logs: typeof import("@aws-sdk/client-cloudwatch-logs");
  rds: typeof import("@aws-sdk/client-rds");
  s3: typeof import("@aws-sdk/client-s3");
  secretsmanager: typeof import("@aws-sdk/client-secrets-manager");
  sts: typeof import("@aws-sdk/client-sts");
}

export type ServiceId = keyof ServiceModules;

/** The operation names of a service: "CreateDatabase", ... */
export type OperationName<S extends ServiceId> = {
  [K in keyof ServiceModules[S]]: K extends `${infer O}Command` ? O : never;
}[keyof ServiceModules[S]] &
  string;

type CommandOf<S extends ServiceId, O extends string> = `${O}Command` extends keyof ServiceModules[S]
  ? ServiceModules[S][`${O}Command`]
  : never;

type ResultOf<C> = C extends abstract new (
  ...arguments_: never[]
) => { resolveMiddleware: (...arguments_: never[]) => (...arguments_: never[]) => Promise<{ output: infer Output }> }
  ? Output
  : never;

export type Input<S extends ServiceId, O extends OperationName<S>> =
  CommandOf<S, O> extends abstract new (...arguments_: never[]) => { readonly input: infer I } ? Streams<I> : never;

/** What an operation returns: the SDK's output without its metadata. */
export type Output<S extends ServiceId, O extends OperationName<S>> = Streams<
  Omit<ResultOf<CommandOf<S, O>>, "$metadata">
>;

/** In the lake a streamed `Body` is a Node stream (or bytes); everywhere else the SDK's shape stands. */
type Streams<T> = "Body" extends keyof T ? Omit<T, "Body"> & { Body?: Readable | Uint8Array } : T;

/** Who asks: the lake's own root key, or a session of a role. */
export interface Principal {
  readonly arn: string;
  /** Set where a role was assumed. */
  readonly roleArn?: string;
  readonly accessKeyId: string;
}

export interface OperationContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted when the client goes away before its answer is ready. */
  readonly signal: AbortSignal;
  /** Request headers that no schema names; empty for calls within the lake. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An operation that the lake serves. */
export interface Operation<S extends ServiceId, O extends OperationName<S>> {
  /**
   * Input members that are honoured (or that have no effect here), as dotted paths; a path admits what lies below it.
   * A member that is sent and not named is refused by name before `run` sees the input.
   */
  readonly fields: readonly string[];
  readonly run: (input: Input<S, O>, context: OperationContext) => Promise<Output<S, O>> | Output<S, O>;
}

export type Operations<S extends ServiceId> = { [O in OperationName<S>]?: Operation<S, O> };

/**
 * Calls an operation of another service in this process, without the wire. `principal` defaults to the lake itself.
 * Throws what the operation throws (ServiceError).
 */
export type Call = <S extends ServiceId, O extends OperationName<S>>(
  service: S,
  operation: O,
  input: Input<S, O>,
  options?: { principal?: Principal; signal?: AbortSignal },
) => Promise<Output<S, O>>;
