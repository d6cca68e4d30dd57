// CreatePreparedStatement, GetPreparedStatement, BatchGetPreparedStatement, ListPreparedStatements, UpdatePreparedStatement,
// DeletePreparedStatement. https://docs.aws.amazon.com/athena/latest/APIReference/API_CreatePreparedStatement.html
import type { PreparedStatement } from "@aws-sdk/client-athena";
import type { Operations } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";
import { invalidRequest, pageSize, required, resourceNotFound, withinLength } from "../faults.ts";
import { pageOf } from "../pages.ts";
import { keys, type PreparedStatementRecord } from "../store.ts";
import type { WorkGroups } from "../workgroups.ts";

type Names =
  | "CreatePreparedStatement"
  | "GetPreparedStatement"
  | "BatchGetPreparedStatement"
  | "ListPreparedStatements"
  | "UpdatePreparedStatement"
  | "DeletePreparedStatement";

const FIELDS = ["StatementName", "WorkGroup", "QueryStatement", "Description"];

interface Given {
  StatementName?: string | undefined;
  WorkGroup?: string | undefined;
  QueryStatement?: string | undefined;
  Description?: string | undefined;
}

export function preparedOperations(lake: Lake, workGroups: WorkGroups): Pick<Operations<"athena">, Names> {
  const find = (workGroup: string, name: string): PreparedStatementRecord | undefined =>
    lake.store.get<PreparedStatementRecord>(keys.preparedStatement(workGroup, name));
  const get = (given: Given): PreparedStatementRecord => {
    const name = required(given.StatementName, "statementName");
    const found = find(workGroups.get(required(given.WorkGroup, "workGroup")).name, name);
    if (found === undefined)
      throw resourceNotFound(`PreparedStatement ${name} was not found in workGroup ${given.WorkGroup}`, name);
    return found;
  };
  const write = async ({ StatementName, WorkGroup, QueryStatement, Description }: Given, fresh: boolean) => {
    const name = required(StatementName, "statementName");
    if (!/^[a-zA-Z_][a-zA-Z0-9_@:]{0,255}$/.test(name))
      throw invalidRequest(`The statement name ${name} is not valid.`);
    const workGroup = workGroups.get(required(WorkGroup, "workGroup")).name;
    if (fresh && find(workGroup, name) !== undefined) {
      throw invalidRequest(`PreparedStatement ${name} already exists in workGroup ${workGroup}`);
    }
    const record: PreparedStatementRecord = {
      name,
      workGroup,
      query: withinLength(required(QueryStatement, "queryStatement"), "queryStatement", 1, 262_144),
      description: Description,
      modified: lake.clock.now(),
    };
    await lake.store.write((writer) => writer.put(keys.preparedStatement(workGroup, name), record));
    return {};
  };
  return {
    CreatePreparedStatement: { fields: FIELDS, run: (input) => write(input, true) },
    UpdatePreparedStatement: {
      fields: FIELDS,
      async run(input) {
        get(input);
        return write(input, false);
      },
    },
    GetPreparedStatement: {
      fields: ["StatementName", "WorkGroup"],
      run: (input) => ({ PreparedStatement: describe(get(input)) }),
    },
    BatchGetPreparedStatement: {
      fields: ["PreparedStatementNames", "WorkGroup"],
      run({ PreparedStatementNames, WorkGroup }) {
        const group = workGroups.get(required(WorkGroup, "workGroup")).name;
        const names = required(PreparedStatementNames, "preparedStatementNames");
        const found = names.map((name) => find(group, name)).filter((record) => record !== undefined);
        const unknown = names.filter((name) => find(group, name) === undefined);
        return {
          PreparedStatements: found.map(describe),
          UnprocessedPreparedStatementNames: unknown.map((name) => ({
            StatementName: name,
            ErrorCode: "STATEMENT_NOT_FOUND",
            ErrorMessage: `PreparedStatement ${name} was not found in workGroup ${group}`,
          })),
        };
      },
    },
    ListPreparedStatements: {
      fields: ["WorkGroup", "NextToken", "MaxResults"],
      async run({ WorkGroup, NextToken, MaxResults }) {
        const prefix = keys.preparedStatements(workGroups.get(required(WorkGroup, "workGroup")).name);
        const options = { token: NextToken, limit: pageSize(MaxResults, 50) };
        const { items, token } = await pageOf<PreparedStatementRecord>(lake.store, prefix, options);
        const list = items.map(({ name, modified }) => ({ StatementName: name, LastModifiedTime: new Date(modified) }));
        return { PreparedStatements: list, ...(token === undefined ? {} : { NextToken: token }) };
      },
    },
    DeletePreparedStatement: {
      fields: ["StatementName", "WorkGroup"],
      async run(input) {
        const { workGroup, name } = get(input);
        await lake.store.write((writer) => writer.delete(keys.preparedStatement(workGroup, name)));
        return {};
      },
    },
  };
}

function describe({ name, query, workGroup, description, modified }: PreparedStatementRecord): PreparedStatement {
  return {
    StatementName: name,
    QueryStatement: query,
    WorkGroupName: workGroup,
    LastModifiedTime: new Date(modified),
    ...(description === undefined ? {} : { Description: description }),
  };
}
