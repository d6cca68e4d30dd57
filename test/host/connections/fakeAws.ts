// An endpoint that speaks enough of STS, Glue and CloudFormation to be denied, throttled and expired at will.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Refusal {
  readonly status: number;
  /** "ThrottlingException" */
  readonly code: string;
  readonly message: string;
}

export const EXPIRED: Refusal = {
  status: 400,
  code: "ExpiredTokenException",
  message: "The security token included in the request is expired",
};

export class FakeAws {
  /** Operations in the order in which they came: "GetCallerIdentity", "GetDatabases". */
  readonly calls: string[] = [];
  /** What an operation is refused with; undefined: it is answered. Called with the access key that signed it. */
  refuse: (operation: string, key: string) => Refusal | undefined = () => undefined;

  /** What a JSON operation answers with, where that is not its usual answer. */
  answer: (operation: string, body: string) => object | undefined = () => undefined;

  /** Answers wait for it. */
  gate: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FakeAws> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const fake = new FakeAws(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const target = request.headers["x-amz-target"];
        const json = typeof target === "string";
        const operation = json ? (target.split(".")[1] ?? "") : (new URLSearchParams(body).get("Action") ?? "");
        const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
        fake.calls.push(operation);
        void fake.gate.then(() => {
          const refusal = fake.refuse(operation, key);
          response.statusCode = refusal?.status ?? 200;
          response.setHeader("content-type", json ? "application/x-amz-json-1.1" : "text/xml");
          const own = refusal === undefined ? fake.answer(operation, body) : undefined;
          if (own !== undefined) response.end(JSON.stringify(own));
          else response.end(json ? jsonAnswer(operation, refusal) : xmlAnswer(operation, key, refusal));
        });
      });
    });
    return fake;
  }

  count(operation: string): number {
    return this.calls.filter((call) => call === operation).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function jsonAnswer(operation: string, refusal: Refusal | undefined): string {
  if (refusal !== undefined) return JSON.stringify({ __type: refusal.code, message: refusal.message });
  return JSON.stringify(operation === "GetDatabases" ? { DatabaseList: [{ Name: "sales" }] } : {});
}

function xmlAnswer(operation: string, key: string, refusal: Refusal | undefined): string {
  if (refusal !== undefined) {
    return `<ErrorResponse><Error><Type>Sender</Type><Code>${refusal.code}</Code><Message>${refusal.message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  }
  const inner =
    operation === "GetCallerIdentity"
      ? `<Arn>arn:aws:sts::123456789012:assumed-role/Analyst/${key}</Arn><UserId>A:${key}</UserId><Account>123456789012</Account>`
      : "";
  return `<${operation}Response><${operation}Result>${inner}</${operation}Result></${operation}Response>`;
}
