// SearchTables: by text in names, descriptions and columns, and by properties. AWS page: Glue Web API Reference, "SearchTables".
import type { Column, PropertyPredicate, SortCriterion, Table } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { notImplemented } from "../../../fault.ts";
import type { Catalog, StoredTable } from "../catalog/catalog.ts";
import { checkCatalog } from "../faults.ts";
import { page, pageSize } from "../paging.ts";

/** Properties that filters and sort criteria may name. */
const PROPERTIES: Readonly<Record<string, (table: StoredTable) => string | undefined>> = {
  Name: (table) => table.Name,
  TableName: (table) => table.Name,
  DatabaseName: (table) => table.DatabaseName,
  Description: (table) => table.Description,
  Owner: (table) => table.Owner,
  TableType: (table) => table.TableType,
  classification: (table) => table.Parameters?.["classification"],
  UpdateTime: (table) => table.UpdateTime?.toISOString(),
  CreateTime: (table) => table.CreateTime?.toISOString(),
};

export function searchOperations(catalog: Catalog): Operations<"glue"> {
  return {
    SearchTables: {
      fields: [
        "CatalogId",
        "NextToken",
        "Filters.Key",
        "Filters.Value",
        "Filters.Comparator",
        "SearchText",
        "SortCriteria",
        "MaxResults",
        "ResourceShareType",
      ],
      async run({ CatalogId, NextToken, Filters, SearchText, SortCriteria, MaxResults }) {
        checkCatalog(CatalogId, catalog.lake.accountId);
        const matches = (table: StoredTable): boolean =>
          hasText(table, SearchText) && (Filters ?? []).every((filter) => holds(filter, table));
        const { items, token } = await page<StoredTable>(catalog.lake.store, ["glue", "table"], {
          token: NextToken,
          limit: pageSize(MaxResults, 1000, 100),
          where: matches,
        });
        const sorted = sort(items, SortCriteria ?? []);
        return { TableList: sorted.map(({ Indexes: _indexes, ...table }): Table => table), NextToken: token };
      },
    },
  };
}

/** Text in quotes matches a whole value, other text a part of one. */
function hasText(table: StoredTable, text: string | undefined): boolean {
  const wanted = text?.trim().toLowerCase() ?? "";
  if (wanted === "") return true;
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const values = [
    table.Name,
    table.DatabaseName,
    table.Description,
    table.Owner,
    ...Object.values(table.Parameters ?? {}),
    ...columns.flatMap(textsOf),
  ];
  const lower = values.flatMap((value) => (value === undefined ? [] : [value.toLowerCase()]));
  const quoted = /^"(.*)"$/s.exec(wanted)?.[1];
  return lower.some((value) => (quoted === undefined ? value.includes(wanted) : value === quoted));
}

function textsOf(column: Column): (string | undefined)[] {
  return [column.Name, column.Comment];
}

function property(name: string | undefined): (table: StoredTable) => string | undefined {
  const found = PROPERTIES[name ?? ""];
  if (found === undefined) throw notImplemented(`glue:SearchTables by the property ${name}`);
  return found;
}

function holds({ Key, Value, Comparator = "EQUALS" }: PropertyPredicate, table: StoredTable): boolean {
  const [value, wanted] = [property(Key)(table), Value ?? ""];
  if (value === undefined) return false;
  if (Comparator === "EQUALS") return value.toLowerCase() === wanted.toLowerCase();
  if (Comparator === "GREATER_THAN") return value > wanted;
  if (Comparator === "LESS_THAN") return value < wanted;
  return Comparator === "GREATER_THAN_EQUALS" ? value >= wanted : value <= wanted;
}

function sort(tables: readonly StoredTable[], criteria: readonly SortCriterion[]): StoredTable[] {
  return [...tables].sort((left, right) => {
    for (const { FieldName, Sort } of criteria) {
      const by = property(FieldName);
      const order = (by(left) ?? "").localeCompare(by(right) ?? "", "en");
      if (order !== 0) return Sort === "DESC" ? -order : order;
    }
    return 0;
  });
}
