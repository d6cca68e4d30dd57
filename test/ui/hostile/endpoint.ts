// A stand-in for Glue, Athena, CloudFormation, CloudWatch Logs, STS and S3 in whose answers every name, text and value is a payload.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type HostileData, makeData } from "./data.ts";
import { Payloads } from "./payloads.ts";
import { xmlAnswer } from "./xml.ts";

type Input = Readonly<Record<string, unknown>>;

/** Members a page, as of the services. */
const PAGE = 100;

export class HostileEndpoint {
  readonly data: HostileData;
  /** Operations that this endpoint knows nothing of. */
  readonly unknown = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly payloads: Payloads,
  ) {
    this.data = makeData(payloads);
  }

  static async start(): Promise<HostileEndpoint> {
    const server = createServer();
    const endpoint = new HostileEndpoint(server, new Payloads());
    server.on("request", (request, response) => void endpoint.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return endpoint;
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
      const output = this.json(operation, JSON.parse(body) as Input);
      response.writeHead(output === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      if (output === undefined) this.unknown.add(operation);
      response.end(JSON.stringify(output ?? { __type: "InvalidInputException", message: this.data.refused }));
      return;
    }
    const parameters = new URLSearchParams(body);
    const action = parameters.get("Action");
    if (action !== null) {
      const text = xmlAnswer(this.data, action, parameters);
      response.writeHead(text === undefined ? 400 : 200, { "content-type": "text/xml" });
      if (text === undefined) this.unknown.add(action);
      response.end(
        text ?? "<ErrorResponse><Error><Code>ValidationError</Code><Message>no</Message></Error></ErrorResponse>",
      );
      return;
    }
    // S3: scripts are read, nothing is listed.
    const read = request.method === "GET" && !request.url?.includes("list-type");
    response.writeHead(read ? 200 : 403, { "content-type": read ? "application/octet-stream" : "application/xml" });
    response.end(
      read
        ? this.data.script
        : "<Error><Code>AccessDenied</Code><Message>~no~ <b>not for this test</b></Message></Error>",
    );
  }

  private json(operation: string, input: Input): object | undefined {
    const { data } = this;
    const name = String(input["Name"] ?? input["JobName"] ?? "");
    switch (operation) {
      case "GetDatabases":
        return paged("DatabaseList", data.databases, input);
      case "GetTables":
        return paged("TableList", data.tables(String(input["DatabaseName"])), input);
      case "GetTable":
        return { Table: data.table(name) };
      case "GetPartitions":
        return paged("Partitions", data.partitions, input);
      case "GetJobs":
        return paged("Jobs", data.jobs, input);
      case "GetJob":
        return { Job: data.jobs.find(({ Name }) => Name === name) };
      case "GetJobRuns":
        return paged("JobRuns", data.runs(name), input);
      case "GetJobRun":
        return { JobRun: data.runs(name).find(({ Id }) => Id === input["RunId"]) };
      case "GetTriggers":
        return paged("Triggers", data.triggers, input);
      case "GetCrawlers":
        return paged("Crawlers", data.crawlers, input);
      case "GetCrawler":
        return { Crawler: data.crawlers.find(({ Name }) => Name === name) };
      case "GetLogEvents":
        return data.log(String(input["logGroupName"]), input["nextToken"]);
      case "ListWorkGroups":
        return { WorkGroups: data.workGroups.map((Name) => ({ Name, State: "ENABLED", Description: data.refused })) };
      case "GetWorkGroup":
        return {
          WorkGroup: {
            Name: input["WorkGroup"],
            State: "ENABLED",
            Configuration: { ResultConfiguration: { OutputLocation: "s3://results/" } },
          },
        };
      case "ListNamedQueries":
        return { NamedQueryIds: data.named.map(({ NamedQueryId }) => NamedQueryId) };
      case "BatchGetNamedQuery":
        return { NamedQueries: data.named.filter(({ NamedQueryId }) => ids(input).includes(NamedQueryId)) };
      case "ListQueryExecutions":
        return { QueryExecutionIds: data.executions.map(({ QueryExecutionId }) => QueryExecutionId) };
      case "BatchGetQueryExecution":
        return {
          QueryExecutions: data.executions.filter(({ QueryExecutionId }) => ids(input).includes(QueryExecutionId)),
        };
      case "GetQueryExecution":
        return {
          QueryExecution: data.executions.find(
            ({ QueryExecutionId }) => QueryExecutionId === input["QueryExecutionId"],
          ),
        };
      case "StartQueryExecution":
        return { QueryExecutionId: data.start(String(input["QueryString"])) };
      default:
        return undefined;
    }
  }
}

function ids(input: Input): readonly string[] {
  return (input["NamedQueryIds"] ?? input["QueryExecutionIds"] ?? []) as readonly string[];
}

function paged(member: string, all: readonly object[], input: Input): object {
  const at = Number(input["NextToken"] ?? 0);
  const most = Number(input["MaxResults"] ?? PAGE);
  const next = at + most;
  return { [member]: all.slice(at, next), ...(next < all.length ? { NextToken: String(next) } : {}) };
}
