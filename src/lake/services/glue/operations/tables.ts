// Tables of the catalog and their versions. AWS page: Glue Web API Reference, "Tables".
import type { Table, TableInput } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { Catalog, type StoredTable } from "../catalog/catalog.ts";
import {
  alreadyExists,
  catalogName,
  checkCatalog,
  concurrentModification,
  invalidInput,
  notFound,
  required,
} from "../faults.ts";
import { page, pageSize } from "../paging.ts";

const INPUT = [
  "Name",
  "Description",
  "Owner",
  "LastAccessTime",
  "LastAnalyzedTime",
  "Retention",
  "StorageDescriptor",
  "PartitionKeys",
  "ViewOriginalText",
  "ViewExpandedText",
  "TableType",
  "Parameters",
].map((name) => `TableInput.${name}`);
/** Members that say why somebody asks; nothing is decided by them without Lake Formation. */
const AUDIT = ["AuditContext"];

export function tableOperations(catalog: Catalog): Operations<"glue"> {
  const { accountId, clock, store } = catalog.lake;
  const { keys } = Catalog;
  return {
    CreateTable: {
      fields: ["CatalogId", "DatabaseName", "Name", "PartitionIndexes", ...INPUT],
      async run({ CatalogId, DatabaseName, TableInput, PartitionIndexes }, { principal }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        const input = checkInput(required(TableInput, "tableInput"));
        const name = catalogName(input.Name, "tableInput.name");
        return catalog.change(database, async () => {
          catalog.database(database);
          if (catalog.get(keys.table(database, name)) !== undefined) throw alreadyExists("Table already exists.");
          const now = new Date(clock.now());
          const table: StoredTable = {
            ...record(input, database, name),
            CreateTime: now,
            UpdateTime: now,
            CreatedBy: principal.arn,
            CatalogId: accountId,
            VersionId: "0",
            ...(PartitionIndexes === undefined ? {} : { Indexes: PartitionIndexes }),
          };
          await catalog.write((writer) => writer.put(keys.table(database, name), table));
          return {};
        });
      },
    },
    GetTable: {
      fields: ["CatalogId", "DatabaseName", "Name", ...AUDIT],
      run({ CatalogId, DatabaseName, Name }) {
        checkCatalog(CatalogId, accountId);
        return { Table: shown(catalog.table(catalogName(DatabaseName, "databaseName"), catalogName(Name, "name"))) };
      },
    },
    GetTables: {
      fields: [
        "CatalogId",
        "DatabaseName",
        "Expression",
        "NextToken",
        "MaxResults",
        "AttributesToGet",
        "ResourceShareType",
        ...AUDIT,
      ],
      async run({ CatalogId, DatabaseName, Expression, NextToken, MaxResults, AttributesToGet }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        catalog.database(database);
        const wanted = namePattern(Expression);
        const { items, token } = await page<StoredTable>(store, keys.tables(database), {
          token: NextToken,
          limit: pageSize(MaxResults, 100),
          where: (table) => wanted.test(table.Name),
        });
        const attributes = AttributesToGet ?? [];
        return {
          TableList: items.map((table) => (attributes.length === 0 ? shown(table) : part(table, attributes))),
          NextToken: token,
        };
      },
    },
    UpdateTable: {
      fields: ["CatalogId", "DatabaseName", "Name", "SkipArchive", "VersionId", "Force", ...INPUT],
      async run({ CatalogId, DatabaseName, Name, TableInput, SkipArchive, VersionId }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        const input = checkInput(required(TableInput, "tableInput"));
        const name = catalogName(input.Name ?? Name, "tableInput.name");
        return catalog.change(database, async () => {
          const before = catalog.table(database, name);
          // Optimistic locking of table formats: they send the version that they read.
          if (VersionId !== undefined && VersionId !== before.VersionId) {
            throw concurrentModification(
              `Update table failed due to concurrent modifications: version ${VersionId} was read, version ${before.VersionId} is current.`,
            );
          }
          const after: StoredTable = {
            ...record(input, database, name),
            ...(before.CreateTime === undefined ? {} : { CreateTime: before.CreateTime }),
            ...(before.CreatedBy === undefined ? {} : { CreatedBy: before.CreatedBy }),
            ...(before.Indexes === undefined ? {} : { Indexes: before.Indexes }),
            UpdateTime: new Date(clock.now()),
            CatalogId: accountId,
            VersionId: String(Number(before.VersionId) + 1),
          };
          await catalog.write((writer) => {
            if (SkipArchive !== true) writer.put(keys.version(database, name, before.VersionId), before);
            writer.put(keys.table(database, name), after);
          });
          return {};
        });
      },
    },
    DeleteTable: {
      fields: ["CatalogId", "DatabaseName", "Name"],
      async run({ CatalogId, DatabaseName, Name }) {
        checkCatalog(CatalogId, accountId);
        await remove(catalogName(DatabaseName, "databaseName"), catalogName(Name, "name"));
        return {};
      },
    },
    BatchDeleteTable: {
      fields: ["CatalogId", "DatabaseName", "TablesToDelete"],
      async run({ CatalogId, DatabaseName, TablesToDelete }) {
        checkCatalog(CatalogId, accountId);
        const database = catalogName(DatabaseName, "databaseName");
        catalog.database(database);
        const errors = [];
        for (const table of required(TablesToDelete, "tablesToDelete")) {
          try {
            await remove(database, catalogName(table, "tablesToDelete"));
          } catch (error) {
            errors.push({
              TableName: table,
              ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: (error as Error).message },
            });
          }
        }
        return { Errors: errors };
      },
    },
    GetTableVersion: {
      fields: ["CatalogId", "DatabaseName", "TableName", "VersionId"],
      run({ CatalogId, DatabaseName, TableName, VersionId }) {
        checkCatalog(CatalogId, accountId);
        const current = catalog.table(catalogName(DatabaseName, "databaseName"), catalogName(TableName, "tableName"));
        const wanted = VersionId ?? current.VersionId;
        const found =
          wanted === current.VersionId
            ? current
            : catalog.get<StoredTable>(keys.version(current.DatabaseName, current.Name, wanted));
        if (found === undefined) throw notFound(`Version ${wanted} of table ${current.Name} not found.`);
        return { TableVersion: { Table: shown(found), VersionId: found.VersionId } };
      },
    },
    GetTableVersions: {
      fields: ["CatalogId", "DatabaseName", "TableName", "NextToken", "MaxResults"],
      async run({ CatalogId, DatabaseName, TableName, NextToken, MaxResults }) {
        checkCatalog(CatalogId, accountId);
        const current = catalog.table(catalogName(DatabaseName, "databaseName"), catalogName(TableName, "tableName"));
        const limit = pageSize(MaxResults, 100);
        // Newest first: the current one, then the archive backwards.
        const { items, token } = await page<StoredTable>(store, keys.versions(current.DatabaseName, current.Name), {
          token: NextToken,
          limit,
          reverse: true,
        });
        const versions = NextToken === undefined ? [current, ...items] : items;
        return {
          TableVersions: versions.map((table) => ({ Table: shown(table), VersionId: table.VersionId })),
          NextToken: token,
        };
      },
    },
    DeleteTableVersion: {
      fields: ["CatalogId", "DatabaseName", "TableName", "VersionId"],
      async run({ CatalogId, DatabaseName, TableName, VersionId }) {
        checkCatalog(CatalogId, accountId);
        const { DatabaseName: database, Name } = catalog.table(
          catalogName(DatabaseName, "databaseName"),
          catalogName(TableName, "tableName"),
        );
        const key = keys.version(database, Name, required(VersionId, "versionId"));
        if (catalog.get(key) === undefined) throw notFound(`Version ${VersionId} of table ${Name} not found.`);
        await catalog.write((writer) => writer.delete(key));
        return {};
      },
    },
  };

  async function remove(database: string, name: string): Promise<void> {
    await catalog.change(database, async () => {
      catalog.table(database, name);
      const gone = await catalog.keysOfTable(database, name);
      await catalog.write((writer) => gone.forEach((key) => writer.delete(key)));
    });
  }
}

function checkInput(input: TableInput): TableInput {
  for (const column of [...(input.PartitionKeys ?? []), ...(input.StorageDescriptor?.Columns ?? [])]) {
    if ((column.Name ?? "") === "") throw invalidInput("Column name cannot be empty.");
  }
  return input;
}

function record(input: TableInput, database: string, name: string): Table & { Name: string; DatabaseName: string } {
  const { TargetTable: _target, FederatedTable: _federated, ViewDefinition: _view, ...rest } = input;
  return { Retention: 0, ...rest, Name: name, DatabaseName: database, IsRegisteredWithLakeFormation: false };
}

/** A table as AWS answers it, without what only the lake keeps beside it. */
function shown({ Indexes: _indexes, ...table }: StoredTable): Table {
  return { PartitionKeys: [], ...table };
}

function part(table: StoredTable, attributes: readonly string[]): Table {
  return {
    Name: table.Name,
    DatabaseName: table.DatabaseName,
    CatalogId: table.CatalogId,
    ...(attributes.includes("TABLE_TYPE") ? { TableType: table.TableType } : {}),
  };
}

/** GetTables' Expression: "A regular expression pattern" that the whole name has to match. */
function namePattern(expression: string | undefined): { test: (name: string) => boolean } {
  if (expression === undefined || expression === "") return { test: () => true };
  try {
    // Hive clients send `a*` for "begins with a" as well as `a.*`: Glue takes a lone star as any characters.
    const source = expression.replace(/(?<![.\])\\])\*/g, ".*");
    return new RegExp(`^(?:${source})$`, "iu");
  } catch (error) {
    throw invalidInput(`Invalid table expression: ${(error as Error).message}`);
  }
}
