// A stand-in for Athena and S3 that answers as a test says: results that a real lake can't be made to give (five thousand columns of
// anything, an object that is gone, a download that breaks off).
import { on } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Name, Athena's type, precision, scale. */
export type StandInColumn = readonly [name: string, type: string, precision?: number, scale?: number];

export interface StandInResult {
  readonly columns: readonly StandInColumn[];
  /** Rows of the CSV, header left out; walked anew at each download. */
  rows?(): Iterable<readonly (string | null)[]>;
  /** The file's text; one statement on the file's name where left out. */
  readonly sql?: string;
  /** How the execution ends; SUCCEEDED where left out. */
  readonly fails?: string;
  /** Polls that still say RUNNING. */
  readonly runs?: number;
  /** The object is gone. */
  gone?: boolean;
  /** The download breaks off after so many bytes. */
  readonly breaksAt?: number;
  readonly scanned?: number;
  /** Answers of other services to what is asked about it, by operation. */
  readonly also?: Readonly<Record<string, object>>;
  /** As Athena counts them; unknown where left out. */
  readonly count?: number;
}

interface Known {
  readonly id: string;
  readonly sql: string;
  readonly result: StandInResult;
  polls: number;
  stopped: boolean;
  succeededAt: number | undefined;
}

export class StandIn {
  readonly executions: Known[] = [];
  /** Operations in the order in which they were asked for. */
  readonly asked: string[] = [];
  /** Bytes of results that were taken off. */
  served = 0;

  private constructor(
    private readonly server: Server,
    private readonly results: (sql: string) => StandInResult,
  ) {}

  /** @param results what a statement comes to, by its text. */
  static async start(results: (sql: string) => StandInResult): Promise<StandIn> {
    const server = createServer();
    const standIn = new StandIn(server, results);
    server.on("request", (request, response) => void standIn.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const target = request.headers["x-amz-target"];
    if (typeof target === "string") {
      const operation = target.split(".").at(-1) ?? "";
      this.asked.push(operation);
      const output = this.operation(operation, JSON.parse(body) as Record<string, string>);
      response.writeHead(output === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      const refused = { __type: "AccessDeniedException", message: `${operation} is not for this test.` };
      response.end(JSON.stringify(output ?? refused));
    } else if (body.includes("Action=GetCallerIdentity")) {
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(IDENTITY);
    } else if (request.method === "GET") await this.download(request, response);
    else {
      response.writeHead(403, { "content-type": "text/xml" });
      response.end(
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not for this test.</Message></Error></ErrorResponse>",
      );
    }
  }

  private operation(name: string, input: Record<string, string>): object | undefined {
    const known = this.executions.find(({ id }) => id === input["QueryExecutionId"]);
    switch (name) {
      case "StartQueryExecution": {
        const sql = input["QueryString"] ?? "";
        const id = `00000000-0000-0000-0000-${String(this.executions.length).padStart(12, "0")}`;
        this.executions.push({ id, sql, result: this.results(sql), polls: 0, stopped: false, succeededAt: undefined });
        return { QueryExecutionId: id };
      }
      case "GetQueryExecution":
        return known === undefined ? undefined : { QueryExecution: this.execution(known) };
      case "StopQueryExecution":
        if (known !== undefined) known.stopped = true;
        return {};
      case "GetQueryResults":
        return known === undefined ? undefined : page(known.result);
      case "GetQueryRuntimeStatistics": {
        const count = known?.result.count;
        return { QueryRuntimeStatistics: count === undefined ? {} : { Rows: { OutputRows: count } } };
      }
      case "ListQueryExecutions":
        return { QueryExecutionIds: [] };
      case "ListNamedQueries":
        return { NamedQueryIds: [] };
      case "GetWorkGroup":
        return { WorkGroup: { Name: "primary", State: "ENABLED", Configuration: {} } };
      default:
        return this.executions.at(-1)?.result.also?.[name];
    }
  }

  private execution(known: Known): object {
    const { id, sql, result, polls, stopped } = known;
    known.polls += 1;
    const running = !stopped && polls < (result.runs ?? 0);
    const state = stopped ? "CANCELLED" : running ? "RUNNING" : result.fails === undefined ? "SUCCEEDED" : "FAILED";
    if (state === "SUCCEEDED") known.succeededAt ??= Date.now();
    return {
      QueryExecutionId: id,
      QueryExecutionContext: { Database: "sales" },
      Query: sql,
      StatementType: "DML",
      WorkGroup: "primary",
      ResultConfiguration: { OutputLocation: `s3://results/${id}.csv` },
      Status: {
        State: state,
        SubmissionDateTime: Math.floor(Date.now() / 1000),
        ...(state === "FAILED" ? { StateChangeReason: result.fails } : {}),
        ...(state === "CANCELLED" ? { StateChangeReason: "Query was cancelled by the user." } : {}),
      },
      Statistics: {
        QueryQueueTimeInMillis: 82,
        EngineExecutionTimeInMillis: 1100,
        TotalExecutionTimeInMillis: 1240,
        DataScannedInBytes: result.scanned ?? 12_900_000,
      },
    };
  }

  private async download(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = this.executions.find(({ id }) => request.url?.includes(id) === true);
    if (known?.result.rows === undefined || known.result.gone === true) {
      response.writeHead(404, { "content-type": "application/xml" });
      response.end("<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>");
      return;
    }
    response.writeHead(200, { "content-type": "application/octet-stream", etag: '"1"' });
    let sent = 0;
    for (const chunk of csv(known.result)) {
      if (response.destroyed) return;
      sent += chunk.length;
      this.served += chunk.length;
      if (sent > (known.result.breaksAt ?? Number.POSITIVE_INFINITY)) {
        response.destroy();
        return;
      }
      if (!response.write(chunk)) {
        const going = new AbortController();
        const once = { signal: going.signal };
        await Promise.race([on(response, "drain", once).next(), on(response, "close", once).next()]).catch(
          () => undefined,
        );
        going.abort();
      }
    }
    response.end();
  }
}

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::000000000000:user/test</Arn><UserId>AIDATEST</UserId><Account>000000000000</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

function page({ columns }: StandInResult): object {
  const info = columns.map(([name, type, precision = 0, scale = 0]) => ({
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
  }));
  return { ResultSet: { Rows: [], ResultSetMetadata: { ColumnInfo: info } } };
}

/** In pieces as a network would bring them; bytes. */
const PIECE = 64 * 1024;

function* csv({ columns, rows }: StandInResult): Generator<Buffer> {
  const quoted = (value: string | null) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);
  let text = `${columns.map(([name]) => quoted(name)).join(",")}\n`;
  for (const row of rows?.() ?? []) {
    text += `${row.map(quoted).join(",")}\n`;
    if (text.length < PIECE) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}
