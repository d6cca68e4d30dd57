// Names and statements as Athena needs them written.
// https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html

/** Words that a query can't use as a name without quotes. https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html */
const RESERVED = new Set(
  `alter and as between by case cast constraint create cross cube current_catalog current_date current_path current_schema current_time
  current_timestamp current_user deallocate delete describe distinct drop else end escape except execute exists extract false first for from
  full group grouping having in inner insert intersect into is join json_array json_exists json_object json_query json_table json_value last
  left like listagg localtime localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table
  then trim true uescape union unnest using values when where with`.split(/\s+/),
);

const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** A name in a query: quoted where it must be. */
export function quoteName(name: string): string {
  return PLAIN.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export function qualifiedName(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

/** A name in DDL (Hive's statements: SHOW, DESCRIBE, CREATE EXTERNAL TABLE): always in backticks. */
export function quoteDdlName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SELECT with each column on a line; all of them where none is known. */
export function selectFrom(
  database: string,
  table: string,
  columns: readonly string[],
  limit: number,
  condition?: string,
): string {
  const list = columns.length === 0 ? " *" : `\n  ${columns.map(quoteName).join(",\n  ")}`;
  return `SELECT${list}\nFROM ${qualifiedName(database, table)}${condition === undefined ? "" : `\nWHERE ${condition}`}\nLIMIT ${limit}`;
}
