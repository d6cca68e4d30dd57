// JSON-RPC over postMessage between the extension and a page, by a contract that both sides import.
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  CancellationTokenSource,
  type DataCallback,
  type Disposable,
  ErrorCodes,
  type Message,
  type MessageConnection,
  ResponseError,
} from "vscode-jsonrpc";
import { BoathouseError, type ErrorKind } from "../base/errors.ts";

export interface Contract {
  /** Method -> [parameters, result]; the page asks, the extension answers. */
  readonly requests: Readonly<Record<string, [params: unknown, result: unknown]>>;
  /** Method -> parameters; the extension tells, the page listens. */
  readonly notifications: Readonly<Record<string, unknown>>;
}

/** A way for messages, in both directions: a webview's or its page's. */
export interface Port {
  post(message: unknown): void;
  listen(heard: (message: unknown) => void): Disposable;
}

/** Answers of the extension, one a request. What they throw arrives as a BoathouseError on the page. */
export type Answers<C extends Contract> = {
  readonly [M in keyof C["requests"]]: (
    params: C["requests"][M][0],
    signal: AbortSignal,
  ) => Promise<C["requests"][M][1]> | C["requests"][M][1];
};

export type Listeners<C extends Contract> = {
  readonly [M in keyof C["notifications"]]: (params: C["notifications"][M]) => void;
};

/** The extension's side. */
export interface Told<C extends Contract> extends Disposable {
  tell<M extends keyof C["notifications"] & string>(method: M, params: C["notifications"][M]): void;
}

/** The page's side. */
export interface Asked<C extends Contract> extends Disposable {
  /** @throws BoathouseError as the extension threw it; `cancelled` once the signal aborts. */
  ask<M extends keyof C["requests"] & string>(
    method: M,
    params: C["requests"][M][0],
    signal?: AbortSignal,
  ): Promise<C["requests"][M][1]>;
}

/** Serves a page. A request that the page gave up aborts its signal. */
export function serve<C extends Contract>(port: Port, answers: Answers<C>): Told<C> {
  const connection = connect(port);
  for (const [method, answer] of Object.entries(answers)) {
    connection.onRequest(method, async (params: unknown, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => abort.abort());
      try {
        return await answer(params, abort.signal);
      } catch (error) {
        return toResponse(error);
      } finally {
        listening.dispose();
      }
    });
  }
  connection.listen();
  return {
    tell: (method, params) => {
      // It fails only once the page is gone, where nobody is left to be told.
      connection.sendNotification(method, params).catch(() => undefined);
    },
    dispose: () => connection.dispose(),
  };
}

export function ask<C extends Contract>(port: Port, listeners: Listeners<C>): Asked<C> {
  const connection = connect(port);
  for (const [method, listener] of Object.entries(listeners)) connection.onNotification(method, listener);
  connection.listen();
  return {
    ask: async (method, params, signal) => {
      const source = new CancellationTokenSource();
      const cancel = () => source.cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      if (signal?.aborted === true) cancel();
      try {
        return await connection.sendRequest(method, params, source.token);
      } catch (error) {
        throw fromResponse(error);
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    dispose: () => connection.dispose(),
  };
}

function connect(port: Port): MessageConnection {
  return createMessageConnection(new PortReader(port), new PortWriter(port));
}

class PortReader extends AbstractMessageReader {
  constructor(private readonly port: Port) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    // Whatever is no message of JSON-RPC (VS Code's pages hear others too) is not for us.
    return this.port.listen((message) => {
      if ((message as { jsonrpc?: unknown } | null)?.jsonrpc === "2.0") callback(message as Message);
    });
  }
}

class PortWriter extends AbstractMessageWriter {
  constructor(private readonly port: Port) {
    super();
  }

  async write(message: Message): Promise<void> {
    this.port.post(message);
  }

  end(): void {}
}

interface ErrorData {
  readonly kind: ErrorKind;
  readonly next: string | null;
  readonly resource: string | null;
}

function toResponse(error: unknown): ResponseError<ErrorData> {
  const kind = error instanceof BoathouseError ? error.kind : "bug";
  const { next, resource } = error instanceof BoathouseError ? error : {};
  return new ResponseError<ErrorData>(
    kind === "cancelled" ? RequestCancelled : ErrorCodes.InternalError,
    error instanceof Error ? error.message : String(error),
    { kind, next: next ?? null, resource: resource ?? null },
  );
}

/** The protocol's code for a request that its asker gave up. */
const RequestCancelled = -32800;

function fromResponse(error: unknown): BoathouseError {
  if (error instanceof ResponseError) {
    const data = error.data as Partial<ErrorData> | undefined;
    return new BoathouseError(data?.kind ?? (error.code === RequestCancelled ? "cancelled" : "bug"), error.message, {
      ...(typeof data?.next === "string" ? { next: data.next } : {}),
      ...(typeof data?.resource === "string" ? { resource: data.resource } : {}),
    });
  }
  return new BoathouseError("bug", error instanceof Error ? error.message : String(error), { cause: error });
}
