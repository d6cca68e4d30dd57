// From a list of objects to tables and partitions: which folder is a table, which are its `key=value` folders.

export interface FoundObject {
  readonly key: string;
  readonly size: number;
}

export interface FoundPartition {
  readonly values: readonly string[];
  /** Key prefix of the folder, "/" at its end. */
  readonly prefix: string;
  readonly objects: readonly FoundObject[];
}

export interface FoundTable {
  /** Key prefix of the table's folder, "/" at its end ("" for the whole bucket). */
  readonly prefix: string;
  readonly partitionKeys: readonly string[];
  /** One with no values where the table is not partitioned. */
  readonly partitions: readonly FoundPartition[];
  /** Folders that do not fit the table's partition keys; they are left out. */
  readonly misfits: readonly string[];
}

/** Hidden from Hive, Spark, Athena and crawlers alike: names that begin with "_" or ".". */
function hidden(relative: string): boolean {
  return relative.split("/").some((part) => part.startsWith("_") || part.startsWith("."));
}

/** Objects that can hold rows: not hidden, not a folder's marker, not excluded. */
export function dataObjects(
  objects: readonly FoundObject[],
  prefix: string,
  exclusions: readonly string[],
): FoundObject[] {
  const excluded = exclusions.map(globPattern);
  return objects.filter(({ key }) => {
    const relative = key.slice(prefix.length);
    return (
      relative !== "" && !key.endsWith("/") && !hidden(relative) && !excluded.some((pattern) => pattern.test(relative))
    );
  });
}

/** Tables below an include path: a table's folder ends before the first `key=value` folder, or holds the files itself. */
export function findTables(objects: readonly FoundObject[]): FoundTable[] {
  const tables = new Map<string, FoundObject[]>();
  for (const object of objects) {
    const folders = object.key.split("/").slice(0, -1);
    const first = folders.findIndex((folder) => partOf(folder) !== undefined);
    const root = folders.slice(0, first < 0 ? folders.length : first);
    const prefix = root.length === 0 ? "" : `${root.join("/")}/`;
    const known = tables.get(prefix);
    if (known === undefined) tables.set(prefix, [object]);
    else known.push(object);
  }
  return [...tables].map(([prefix, members]) => layOut(prefix, members));
}

/** The partitions of one table, by its keys where they are known, else by those of its first partitioned file. */
export function layOut(prefix: string, objects: readonly FoundObject[], known?: readonly string[]): FoundTable {
  const split = objects.map((object) => ({ object, folders: object.key.slice(prefix.length).split("/").slice(0, -1) }));
  const keysOf = (folders: readonly string[]) => folders.map((folder) => partOf(folder)?.key);
  const partitionKeys =
    known ??
    keysOf(split.find(({ folders }) => folders.some((folder) => partOf(folder) !== undefined))?.folders ?? []).map(
      (key) => key ?? "",
    );
  const partitions = new Map<string, { values: string[]; prefix: string; objects: FoundObject[] }>();
  const misfits = new Set<string>();
  for (const { object, folders } of split) {
    const keys = keysOf(folders);
    const folder = folders.length === 0 ? prefix : `${prefix}${folders.join("/")}/`;
    if (
      keys.length !== partitionKeys.length ||
      !keys.every((key, at) => key?.toLowerCase() === partitionKeys[at]?.toLowerCase())
    ) {
      misfits.add(folder);
      continue;
    }
    const values = folders.map((part) => partOf(part)?.value ?? "");
    const found = partitions.get(folder);
    if (found === undefined) partitions.set(folder, { values, prefix: folder, objects: [object] });
    else found.objects.push(object);
  }
  return { prefix, partitionKeys, partitions: [...partitions.values()], misfits: [...misfits] };
}

/** "month=02" -> month, "02": text, never a number. Values are percent-encoded as Hive and Spark write them. */
function partOf(folder: string): { key: string; value: string } | undefined {
  const at = folder.indexOf("=");
  if (at < 1) return undefined;
  return { key: folder.slice(0, at), value: unescapePart(folder.slice(at + 1)) };
}

function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone "%" that nobody encoded.
    return text;
  }
}

/** A table's name: its folder, lower case, other characters than letters, digits and "_" as "_". */
export function tableName(bucket: string, prefix: string): string {
  const folder =
    prefix
      .split("/")
      .filter((part) => part !== "")
      .at(-1) ?? bucket;
  return folder.toLowerCase().replace(/[^a-z0-9_]/g, "_");
}

/**
 * A glob of a crawler's exclusions as a pattern over the path below the include path.
 * https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html
 */
export function globPattern(glob: string): RegExp {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at] ?? "";
    if (glob.startsWith("**", at)) {
      source += ".*";
      at++;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{") source += "(?:";
    else if (character === "}") source += ")";
    else if (character === ",") source += "|";
    else if (character === "[" || character === "]") source += character;
    else source += character.replace(/[\\^$.|+()]/g, "\\$&");
  }
  return new RegExp(`^${source}$`);
}
