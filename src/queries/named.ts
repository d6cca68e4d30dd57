// Named queries of a workgroup.
import { calling } from "../aws/failure.ts";
import { collect, pages } from "../aws/pages.ts";
import type { AwsSession } from "../aws/session.ts";

export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly database: string;
  readonly sql: string;
}

/** All named queries of a workgroup, by name. */
export async function listNamedQueries(session: AwsSession, workGroup: string): Promise<NamedQuery[]> {
  const { ListNamedQueriesCommand, BatchGetNamedQueryCommand } = await import("@aws-sdk/client-athena");
  const client = await session.athena();
  const ids = await collect(
    pages(async (token) => {
      const page = await calling(`workgroup ${workGroup}`, () =>
        client.send(new ListNamedQueriesCommand({ WorkGroup: workGroup, NextToken: token })),
      );
      return { items: page.NamedQueryIds, next: page.NextToken };
    }),
  );
  const queries: NamedQuery[] = [];
  // BatchGetNamedQuery takes 50 ids at most.
  for (let at = 0; at < ids.length; at += 50) {
    const batch = await calling(`workgroup ${workGroup}`, () =>
      client.send(new BatchGetNamedQueryCommand({ NamedQueryIds: ids.slice(at, at + 50) })),
    );
    for (const query of batch.NamedQueries ?? []) {
      queries.push({
        id: query.NamedQueryId ?? "",
        name: query.Name ?? "",
        description: query.Description,
        database: query.Database ?? "",
        sql: query.QueryString ?? "",
      });
    }
  }
  return queries.sort((a, b) => a.name.localeCompare(b.name));
}
