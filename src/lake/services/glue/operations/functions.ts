// User-defined functions of the catalog: definitions only, as query engines list them. AWS page: Glue Web API Reference, "User-defined Functions".
import type { UserDefinedFunction, UserDefinedFunctionInput } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { Catalog } from "../catalog/catalog.ts";
import { alreadyExists, catalogName, checkCatalog, invalidInput, notFound, required } from "../faults.ts";
import { page, pageSize } from "../paging.ts";

const INPUT = ["FunctionName", "ClassName", "OwnerName", "OwnerType", "ResourceUris"].map(
  (name) => `FunctionInput.${name}`,
);

export function functionOperations(catalog: Catalog): Operations<"glue"> {
  const { accountId, clock, store } = catalog.lake;
  const existing = (database: string, name: string): UserDefinedFunction => {
    const found = catalog.userFunction(database, name);
    if (found !== undefined) return found;
    catalog.database(database);
    throw notFound(`Function ${name} not found.`);
  };
  const record = (
    input: UserDefinedFunctionInput,
    database: string,
    created: Date | undefined,
  ): UserDefinedFunction => ({
    ...input,
    FunctionName: catalogName(input.FunctionName, "functionInput.functionName"),
    DatabaseName: database,
    CreateTime: created ?? new Date(clock.now()),
    CatalogId: accountId,
  });
  return {
    CreateUserDefinedFunction: {
      fields: ["CatalogId", "DatabaseName", ...INPUT],
      async run({ CatalogId, DatabaseName, FunctionInput }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        return catalog.change(database, async () => {
          catalog.database(database);
          const made = record(required(FunctionInput, "functionInput"), database, undefined);
          const key = Catalog.keys.function(database, made.FunctionName ?? "");
          if (catalog.get(key) !== undefined) throw alreadyExists("Function already exists.");
          await catalog.write((writer) => writer.put(key, made));
          return {};
        });
      },
    },
    GetUserDefinedFunction: {
      fields: ["CatalogId", "DatabaseName", "FunctionName"],
      run({ CatalogId, DatabaseName, FunctionName }) {
        checkCatalog(CatalogId, accountId);
        return {
          UserDefinedFunction: existing(
            catalogName(DatabaseName, "databaseName"),
            catalogName(FunctionName, "functionName"),
          ),
        };
      },
    },
    GetUserDefinedFunctions: {
      fields: ["CatalogId", "DatabaseName", "Pattern", "NextToken", "MaxResults"],
      async run({ CatalogId, DatabaseName, Pattern, NextToken, MaxResults }) {
        checkCatalog(CatalogId, accountId);
        const prefix =
          DatabaseName === undefined
            ? (["glue", "function"] as const)
            : Catalog.keys.functions(catalog.database(catalogName(DatabaseName, "databaseName")).Name);
        const pattern = wholeName(required(Pattern, "pattern"));
        const { items, token } = await page<UserDefinedFunction>(store, prefix, {
          token: NextToken,
          limit: pageSize(MaxResults, 100),
          where: ({ FunctionName }) => pattern.test(FunctionName ?? ""),
        });
        return { UserDefinedFunctions: items, NextToken: token };
      },
    },
    UpdateUserDefinedFunction: {
      fields: ["CatalogId", "DatabaseName", "FunctionName", ...INPUT],
      async run({ CatalogId, DatabaseName, FunctionName, FunctionInput }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        return catalog.change(database, async () => {
          const before = existing(database, catalogName(FunctionName, "functionName"));
          const after = record(
            { FunctionName, ...required(FunctionInput, "functionInput") },
            database,
            before.CreateTime,
          );
          await catalog.write((writer) => {
            writer.delete(Catalog.keys.function(database, before.FunctionName ?? ""));
            writer.put(Catalog.keys.function(database, after.FunctionName ?? ""), after);
          });
          return {};
        });
      },
    },
    DeleteUserDefinedFunction: {
      fields: ["CatalogId", "DatabaseName", "FunctionName"],
      async run({ CatalogId, DatabaseName, FunctionName }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        return catalog.change(database, async () => {
          const { FunctionName: name } = existing(database, catalogName(FunctionName, "functionName"));
          await catalog.write((writer) => writer.delete(Catalog.keys.function(database, name ?? "")));
          return {};
        });
      },
    },
  };
}

function wholeName(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, "iu");
  } catch (error) {
    throw invalidInput(`Invalid pattern: ${(error as Error).message}`);
  }
}
