// The lake's Glue catalog as the Athena service reads it, with Hive's words where something is not there.
import type { Database, Partition, Table } from "@aws-sdk/client-glue";
import type { TableName } from "../../../../sql/names.ts";
import type { Principal } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Failure } from "../store.ts";

/** A statement of Hive's went wrong: StateChangeReason and AthenaError. */
export class HiveFailure extends Error {
  override readonly name = "HiveFailure";
  readonly failure: Failure;

  constructor(message: string, type: number, category = 2) {
    super(message);
    this.failure = { category, type, retryable: false, message };
  }
}

const NOT_FOUND = 1301;

export class GlueCatalog {
  constructor(
    private readonly lake: Lake,
    private readonly principal: Principal,
    /** The database of names without one. */
    private readonly database: string,
  ) {}

  async databases(): Promise<Database[]> {
    return all(
      (NextToken) => this.lake.call("glue", "GetDatabases", paged({}, NextToken), this.options),
      "DatabaseList",
    );
  }

  async tables(database: string | undefined): Promise<Table[]> {
    const DatabaseName = database ?? this.database;
    try {
      return await all(
        (NextToken) => this.lake.call("glue", "GetTables", paged({ DatabaseName }, NextToken), this.options),
        "TableList",
      );
    } catch (error) {
      throw missing(error)
        ? new HiveFailure(
            `FAILED: SemanticException [Error 10072]: Database does not exist: ${DatabaseName}`,
            NOT_FOUND,
          )
        : error;
    }
  }

  /** The table, or undefined where it (or its database) is not there. */
  async find({ database, table }: TableName): Promise<Table | undefined> {
    try {
      const input = { DatabaseName: database ?? this.database, Name: table };
      return (await this.lake.call("glue", "GetTable", input, this.options)).Table;
    } catch (error) {
      if (missing(error)) return undefined;
      throw error;
    }
  }

  async table(name: TableName): Promise<Table> {
    const found = await this.find(name);
    if (found !== undefined) return found;
    const spelled = name.database === undefined ? name.table : `${name.database}.${name.table}`;
    throw new HiveFailure(`FAILED: SemanticException [Error 10001]: Table not found ${spelled}`, NOT_FOUND);
  }

  async *partitions(table: Table): AsyncGenerator<Partition> {
    const input = { DatabaseName: table.DatabaseName ?? "", TableName: table.Name ?? "" };
    let token: string | undefined;
    do {
      const page = await this.lake.call("glue", "GetPartitions", paged(input, token), this.options);
      yield* page.Partitions ?? [];
      token = page.NextToken;
    } while (token !== undefined);
  }

  private get options(): { principal: Principal } {
    return { principal: this.principal };
  }
}

function paged<T extends object>(input: T, token: string | undefined): T & { NextToken?: string } {
  return token === undefined ? input : { ...input, NextToken: token };
}

async function all<K extends string, T>(
  ask: (token: string | undefined) => Promise<{ [key in K]?: T[] | undefined } & { NextToken?: string | undefined }>,
  member: K,
): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    found.push(...(page[member] ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}

function missing(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "EntityNotFoundException";
}

export function isView(table: Table): boolean {
  return table.TableType === "VIRTUAL_VIEW";
}

export interface ViewDefinition {
  readonly originalSql: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** What the engine keeps of a view in the catalog; undefined where another engine made it. */
export function viewDefinition(table: Table): ViewDefinition | undefined {
  const [, base64] = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(table.ViewOriginalText ?? "") ?? [];
  if (base64 === undefined) return undefined;
  return JSON.parse(Buffer.from(base64, "base64").toString("utf8")) as ViewDefinition;
}
