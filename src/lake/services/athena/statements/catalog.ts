// Statements that the catalog answers, without an engine.
import { describeTable } from "./describe.ts";
import type { GlueCatalog } from "./glue.ts";
import type { CatalogStatement } from "./parse.ts";
import { showCreateTable } from "./createTable.ts";
import {
  type CatalogAnswer,
  showColumns,
  showCreateView,
  showDatabases,
  showPartitions,
  showProperties,
  showTables,
} from "./show.ts";

/** Throws HiveFailure with Hive's words. */
export async function answerFromCatalog(catalog: GlueCatalog, statement: CatalogStatement): Promise<CatalogAnswer> {
  switch (statement.kind) {
    case "SHOW_DATABASES":
      return showDatabases(catalog, statement.pattern);
    case "SHOW_TABLES":
    case "SHOW_VIEWS":
      return showTables(catalog, statement.database, statement.pattern, statement.kind === "SHOW_VIEWS");
    case "SHOW_COLUMNS":
      return showColumns(await catalog.table(statement.table));
    case "SHOW_PARTITIONS":
      return showPartitions(catalog, await catalog.table(statement.table));
    case "SHOW_TABLE_PROPERTIES":
      return showProperties(await catalog.table(statement.table), statement.property);
    case "SHOW_CREATE_TABLE":
      return showCreateTable(await catalog.table(statement.table));
    case "SHOW_CREATE_VIEW":
      return showCreateView(await catalog.table(statement.table));
    case "DESCRIBE_TABLE":
      return describeTable(await catalog.table(statement.table), statement.detail);
  }
}
