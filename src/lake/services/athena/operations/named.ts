// CreateNamedQuery, GetNamedQuery, BatchGetNamedQuery, ListNamedQueries, UpdateNamedQuery, DeleteNamedQuery.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html
import { createHash, randomUUID } from "node:crypto";
import type { NamedQuery } from "@aws-sdk/client-athena";
import type { Operations } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";
import { invalidRequest, pageSize, required, withinLength } from "../faults.ts";
import type { NamedQueries } from "../named.ts";
import { pageOf } from "../pages.ts";
import { keys, type NamedQueryRecord } from "../store.ts";
import { PRIMARY, type WorkGroups } from "../workgroups.ts";

const LONGEST_QUERY = 262_144;
const BATCH = 50;

type Names =
  | "CreateNamedQuery"
  | "GetNamedQuery"
  | "BatchGetNamedQuery"
  | "ListNamedQueries"
  | "UpdateNamedQuery"
  | "DeleteNamedQuery";

export function namedQueryOperations(
  lake: Lake,
  workGroups: WorkGroups,
  named: NamedQueries,
): Pick<Operations<"athena">, Names> {
  return {
    CreateNamedQuery: {
      fields: ["Name", "Description", "Database", "QueryString", "ClientRequestToken", "WorkGroup"],
      async run({ Name, Description, Database, QueryString, ClientRequestToken, WorkGroup = PRIMARY }) {
        const record: NamedQueryRecord = {
          id: idOf(ClientRequestToken),
          name: withinLength(required(Name, "name"), "name", 1, 128),
          description: Description === undefined ? undefined : withinLength(Description, "description", 1, 1024),
          database: withinLength(required(Database, "database"), "database", 1, 255),
          query: withinLength(required(QueryString, "queryString"), "queryString", 1, LONGEST_QUERY),
          workGroup: workGroups.get(WorkGroup).name,
        };
        const earlier = named.find(record.id);
        if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify({ ...record })) {
          throw invalidRequest("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH");
        }
        if (earlier === undefined) await named.write(record);
        return { NamedQueryId: record.id };
      },
    },
    GetNamedQuery: {
      fields: ["NamedQueryId"],
      run: ({ NamedQueryId }) => ({ NamedQuery: describe(named.get(required(NamedQueryId, "namedQueryId"))) }),
    },
    BatchGetNamedQuery: {
      fields: ["NamedQueryIds"],
      run({ NamedQueryIds }) {
        const ids = batch(required(NamedQueryIds, "namedQueryIds"), "namedQueryIds");
        const found = ids.map((id) => named.find(id)).filter((record) => record !== undefined);
        return {
          NamedQueries: found.map(describe),
          UnprocessedNamedQueryIds: ids
            .filter((id) => named.find(id) === undefined)
            .map((id) => ({
              NamedQueryId: id,
              ErrorCode: "INTERNAL_FAILURE",
              ErrorMessage: `NamedQuery ${id} was not found`,
            })),
        };
      },
    },
    ListNamedQueries: {
      fields: ["NextToken", "MaxResults", "WorkGroup"],
      async run({ NextToken, MaxResults, WorkGroup = PRIMARY }) {
        const prefix = keys.namedQueries(workGroups.get(WorkGroup).name);
        const { items, token } = await pageOf<string>(lake.store, prefix, {
          token: NextToken,
          limit: pageSize(MaxResults, BATCH),
        });
        return { NamedQueryIds: items, ...(token === undefined ? {} : { NextToken: token }) };
      },
    },
    UpdateNamedQuery: {
      fields: ["NamedQueryId", "Name", "Description", "QueryString"],
      async run({ NamedQueryId, Name, Description, QueryString }) {
        const before = named.get(required(NamedQueryId, "namedQueryId"));
        await named.write({
          ...before,
          name: withinLength(required(Name, "name"), "name", 1, 128),
          query: withinLength(required(QueryString, "queryString"), "queryString", 1, LONGEST_QUERY),
          ...(Description === undefined ? {} : { description: Description }),
        });
        return {};
      },
    },
    DeleteNamedQuery: {
      fields: ["NamedQueryId"],
      async run({ NamedQueryId }) {
        await named.delete(named.get(required(NamedQueryId, "namedQueryId")));
        return {};
      },
    },
  };
}

/** At most 50 ids a call, at least one. */
export function batch(ids: readonly string[], path: string): readonly string[] {
  if (ids.length >= 1 && ids.length <= BATCH) return ids;
  throw invalidRequest(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length between 1 and ${BATCH}`,
  );
}

/** The same client token makes the same id, so that a repeated call finds what the first one made. */
export function idOf(token: string | undefined): string {
  if (token === undefined) return randomUUID();
  withinLength(token, "clientRequestToken", 32, 128);
  const digest = createHash("sha256").update(`named query ${token}`).digest("hex");
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `a${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");
}

function describe({ id, name, description, database, query, workGroup }: NamedQueryRecord): NamedQuery {
  return {
    NamedQueryId: id,
    Name: name,
    Database: database,
    QueryString: query,
    WorkGroup: workGroup,
    ...(description === undefined ? {} : { Description: description }),
  };
}
