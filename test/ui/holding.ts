// A way to the real lake that a test can hold: a request before the lake gets it, or the lake's answer before the window gets that.
import { createServer, type IncomingMessage, request as ask, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Held {
  /** Resolves once a request is held. */
  readonly reached: Promise<void>;
  /** Lets it go on, and all that come later. A request whose sender is gone by then is not passed on. */
  release(): void;
}

interface Hold {
  readonly operation: string;
  readonly where: "request" | "answer";
  readonly reach: () => void;
  readonly released: Promise<void>;
}

export class Holding {
  /** Operations in the order in which they were asked for: "CreateChangeSet", "PutObject". */
  readonly asked: string[] = [];
  private readonly holds = new Set<Hold>();
  private readonly sent = new Map<string, () => void>();
  private readonly behind = new Map<string, () => void>();

  private constructor(
    private readonly server: Server,
    private readonly lake: URL,
  ) {}

  static async before(endpoint: string): Promise<Holding> {
    const server = createServer();
    const holding = new Holding(server, new URL(endpoint));
    server.on("request", (request, response) => void holding.pass(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return holding;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Holds each call of the operation from now on. "answer": the lake has done it, and nobody knows. */
  hold(operation: string, where: "request" | "answer" = "request"): Held {
    let reach: () => void = () => undefined;
    let release: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (reach = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const hold = { operation, where, reach, released };
    this.holds.add(hold);
    return {
      reached,
      release: () => {
        this.holds.delete(hold);
        release();
      },
    };
  }

  /** Does `act` once, at the moment at which the lake has answered the operation and the window does not know it yet; resolves then. */
  onceAnswered(operation: string, act: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.behind.set(operation, () => {
        act();
        resolve();
      });
    });
  }

  /** Resolves once the operation's next request was sent to the lake, which may stand still. */
  forwarded(operation: string): Promise<void> {
    return new Promise((resolve) => void this.sent.set(operation, resolve));
  }

  count(operation: string): number {
    return this.asked.filter((one) => one === operation).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const operation = operationOf(request, body);
    this.asked.push(operation);
    await this.pause(operation, "request");
    if (response.destroyed) return;
    const answer = await this.forward(request, body, operation);
    const answered: Buffer[] = [];
    for await (const chunk of answer) answered.push(chunk as Buffer);
    const act = this.behind.get(operation);
    this.behind.delete(operation);
    act?.();
    await this.pause(operation, "answer");
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.end(Buffer.concat(answered));
  }

  private async pause(operation: string, where: Hold["where"]): Promise<void> {
    for (const hold of this.holds) {
      if (hold.operation !== operation || hold.where !== where) continue;
      hold.reach();
      await hold.released;
    }
  }

  private forward(request: IncomingMessage, body: Buffer, operation: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.lake;
      // With the Host that was signed: the lake answers for any port of loopback.
      const sent = ask(
        { hostname, port, method: request.method, path: request.url, headers: request.headers },
        resolve,
      );
      sent.on("error", reject);
      sent.end(body, () => {
        this.sent.get(operation)?.();
        this.sent.delete(operation);
      });
    });
  }
}

function operationOf(request: IncomingMessage, body: Buffer): string {
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? "";
  const [, action] = /(?:^|&)Action=(\w+)/.exec(body.subarray(0, 4096).toString()) ?? [];
  if (action !== undefined) return action;
  const { method = "" } = request;
  return `${method.charAt(0)}${method.slice(1).toLowerCase()}Object`;
}
