// The import law: which room may import which, read from the syntax tree (static and dynamic imports, re-exports, import types).
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parseSync } from "oxc-parser";

/** Room -> rooms of ours that it may import beside itself. ARCHITECTURE.md shows the same table. */
export const LAW: Readonly<Record<string, readonly string[]>> = {
  base: [],
  messages: ["base"],
  sql: ["base"],
  aws: ["base"],
  local: ["base"],
  stacks: ["aws", "sql", "base"],
  jobs: ["aws", "sql", "base"],
  catalog: ["aws", "sql", "base"],
  queries: ["aws", "sql", "base"],
  flows: ["stacks", "jobs", "catalog", "queries", "aws", "sql", "local", "base"],
  cli: ["flows", "stacks", "jobs", "catalog", "queries", "aws", "sql", "local", "base"],
  ui: ["messages", "flows", "stacks", "jobs", "catalog", "queries", "aws", "sql", "local", "base"],
  extension: ["ui", "base"],
  webview: ["messages", "base"],
  lake: ["sql", "base"],
};

/** Packages that only some rooms may import. */
const RESERVED: Readonly<Record<string, readonly string[]>> = { vscode: ["ui", "extension"] };

export interface Violation {
  readonly file: string;
  readonly imports: string;
  readonly why: string;
}

/** All violations below `source`, a folder whose first level is the rooms (src, or a fixture of it). */
export function violations(source: string): Violation[] {
  return files(source).flatMap((file) => check(source, file));
}

/** The rooms that stand: first path parts below `source`. `cli.ts` and `extension.ts` belong to rooms of their names. */
export function rooms(source: string): string[] {
  return [...new Set(files(source).map((file) => roomOf(source, file)))].sort();
}

function check(source: string, file: string): Violation[] {
  const room = roomOf(source, file);
  const may = LAW[room];
  const shown = relative(source, file);
  if (may === undefined) return [{ file: shown, imports: "", why: `${room} is no room of the law` }];
  return importsOf(file).flatMap((name) => {
    const why = verdict(source, file, room, may, name);
    return why === undefined ? [] : [{ file: shown, imports: name, why }];
  });
}

function verdict(source: string, file: string, room: string, may: readonly string[], name: string): string | undefined {
  const [first = ""] = name.split("/");
  const reserved = RESERVED[first];
  if (reserved !== undefined) return reserved.includes(room) ? undefined : `${room} may not import ${first}`;
  if (
    name.startsWith("#") ||
    name.startsWith("~") ||
    name.startsWith("@/") ||
    name.startsWith("/") ||
    name.startsWith("src/")
  ) {
    return "no path aliases";
  }
  if (!name.startsWith(".")) return undefined;
  const target = resolve(dirname(file), name);
  if (relative(source, target).startsWith("..")) return "it leaves the sources";
  const other = roomOf(source, target);
  if (other === room || may.includes(other)) {
    return room === "lake" ? crossesServices(source, file, target) : undefined;
  }
  return `${room} may not import ${other}`;
}

/** Within the lake, a service reaches another only by the typed call, never by its files. */
function crossesServices(source: string, file: string, target: string): string | undefined {
  const [from, to] = [serviceOf(source, file), serviceOf(source, target)];
  return from === undefined || to === undefined || from === to
    ? undefined
    : `service ${from} may not import service ${to}`;
}

function serviceOf(source: string, file: string): string | undefined {
  const [room, folder, service, ...rest] = relative(source, file).split(sep);
  return room === "lake" && folder === "services" && rest.length > 0 ? service : undefined;
}

function roomOf(source: string, file: string): string {
  const [first = ""] = relative(source, file).split(sep);
  return first.replace(/^(cli|extension)\.ts$/, "$1");
}

/** The module names that a file imports in any way. */
export function importsOf(file: string): string[] {
  const { program } = parseSync(file, readFileSync(file, "utf8"));
  const names: string[] = [];
  walk(program, (node) => {
    const source = node["source"] as { value?: unknown } | null | undefined;
    if (typeof source?.value === "string") names.push(source.value);
    if (node["type"] === "TSExternalModuleReference")
      names.push(String((node["expression"] as { value: string }).value));
    if (node["type"] === "CallExpression" && (node["callee"] as { name?: string }).name === "require") {
      const [argument] = node["arguments"] as { value?: unknown }[];
      if (typeof argument?.value === "string") names.push(argument.value);
    }
  });
  return names;
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === "object" && value !== null) {
    const node = value as Record<string, unknown>;
    if (typeof node["type"] === "string") visit(node);
    for (const child of Object.values(node)) walk(child, visit);
  }
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /\.tsx?$/.test(name) && !name.endsWith(".d.ts") ? [path] : [];
  });
}
