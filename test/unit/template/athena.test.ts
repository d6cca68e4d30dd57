// The workgroup and its named queries: enforced, limited, and saying the same as the files in resources/queries.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeRules, type Rule } from "./rules.ts";
import { ACCOUNT, type Resource, type Stack } from "./stack.ts";
import { get, isTrue, items, text } from "./values.ts";

const folder = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const files = new Map(
  readdirSync(folder("resources/queries")).map((file) => [
    file.replace(/\.sql$/, ""),
    readFileSync(folder(`resources/queries/${file}`), "utf8"),
  ]),
);
const checks = readdirSync(folder("test/queries"));

const queries = (stack: Stack): Resource[] => stack.ofType("AWS::Athena::NamedQuery");
const queryText = (query: Resource): string => text(query.properties, "QueryString");

/** Functions that the shipped queries use; each is on Trino's aggregate or conversion page, which Athena's page of functions lists. */
const FUNCTIONS = ["cast", "count", "max", "sum"];
/** Words before a bracket that are no function. */
const WORDS = ["and", "as", "decimal", "in", "join", "on", "or"];

/** A query without comments and texts. */
const bare = (sql: string): string =>
  sql
    .replace(/--.*$/gm, "")
    .replace(/'[^']*'/g, "''")
    .toLowerCase();

const config = "WorkGroup/Properties/WorkGroupConfiguration";
const monthly = "MonthlyRevenueQuery/Properties";

const rules: Rule[] = [
  {
    name: "the workgroup is enforced: its own place for results in the stack's bucket, encrypted, of this account, with a limit",
    check: (stack) =>
      stack.ofType("AWS::Athena::WorkGroup").flatMap(({ id, properties: p }) => {
        const c = p["WorkGroupConfiguration"];
        const scan = Number(get(c, "BytesScannedCutoffPerQuery"));
        const findings: (string | false)[] = [
          !isTrue(get(c, "EnforceWorkGroupConfiguration")) && "lets clients choose",
          text(c, "ResultConfiguration/OutputLocation") !== "s3://resultsbucket/athena/" && "writes elsewhere",
          text(c, "ResultConfiguration/EncryptionConfiguration/EncryptionOption") !== "SSE_S3" && "does not encrypt",
          text(c, "ResultConfiguration/ExpectedBucketOwner") !== ACCOUNT && "writes to whoever has the bucket",
          !(scan >= 10_000_000) && `scans ${scan}`,
          !isTrue(p["RecursiveDeleteOption"]) && "cannot be deleted once it was used",
          text(c, "EngineVersion/SelectedEngineVersion") !== "Athena engine version 3" && "runs whatever engine",
        ];
        return findings.filter((finding) => finding !== false).map((finding) => `${id} ${finding}`);
      }),
    mutations: [
      {
        name: "clients choose",
        edit: (t) => t.set(`${config}/EnforceWorkGroupConfiguration`, false),
        finds: /lets clients choose/,
      },
      {
        name: "another bucket",
        edit: (t) => t.set(`${config}/ResultConfiguration/OutputLocation`, "s3://x/"),
        finds: /writes elsewhere/,
      },
      {
        name: "no encryption",
        edit: (t) => t.remove(`${config}/ResultConfiguration/EncryptionConfiguration`),
        finds: /does not encrypt/,
      },
      {
        name: "any owner",
        edit: (t) => t.remove(`${config}/ResultConfiguration/ExpectedBucketOwner`),
        finds: /whoever/,
      },
      { name: "no limit", edit: (t) => t.remove(`${config}/BytesScannedCutoffPerQuery`), finds: /scans NaN/ },
      {
        name: "a limit below Athena's least",
        edit: (t) => t.set(`${config}/BytesScannedCutoffPerQuery`, 1_000_000),
        finds: /scans 1000000/,
      },
      {
        name: "history stands in the way",
        edit: (t) => t.remove("WorkGroup/Properties/RecursiveDeleteOption"),
        finds: /cannot be deleted/,
      },
      { name: "AUTO", edit: (t) => t.remove(`${config}/EngineVersion`), finds: /whatever engine/ },
    ],
  },
  {
    name: "each named query is a file of resources/queries, word for word, and has a PostgreSQL text in test/queries",
    check: (stack) => [
      ...queries(stack).flatMap((query) => {
        const name = text(query.properties, "Name");
        return [
          ...(files.get(name) === queryText(query) ? [] : [`${query.id} is not ${name}.sql`]),
          ...(checks.includes(`${name}.pg.sql`) ? [] : [`${name} has nothing to be compared with`]),
        ];
      }),
      ...[...files.keys()]
        .filter((name) => !queries(stack).some(({ properties }) => properties["Name"] === name))
        .map((name) => `${name}.sql is no named query`),
    ],
    mutations: [
      {
        name: "a word changed",
        edit: (t) => t.set(`${monthly}/QueryString`, "SELECT 1\n"),
        finds: /MonthlyRevenueQuery is not monthly-revenue\.sql/,
      },
      {
        name: "another name",
        edit: (t) => t.set(`${monthly}/Name`, "revenue"),
        finds: /revenue has nothing to be compared with/,
      },
      {
        name: "a query left out",
        edit: (t) => t.remove("MonthlyRevenueQuery"),
        finds: /monthly-revenue\.sql is no named query/,
      },
    ],
  },
  {
    name: "the queries run in the workgroup on the stack's database, one statement each, with functions that Athena lists",
    check: (stack) =>
      queries(stack).flatMap((query) => {
        const { id, properties: p } = query;
        const sql = bare(queryText(query));
        const used = [...sql.matchAll(/\b([a-z_0-9]+)\s*\(/g)].map(([, name]) => name ?? "");
        const tables = stack.ofType("AWS::Glue::Table").map((table) => text(table.properties, "TableInput/Name"));
        const read = [...sql.matchAll(/\b(?:from|join)\s+([a-z_."]+)/g)].map(([, name]) => name ?? "");
        return [
          ...(stack.named(text(p, "WorkGroup"))?.type === "AWS::Athena::WorkGroup"
            ? []
            : [`${id} runs in ${text(p, "WorkGroup")}`]),
          ...(stack.named(text(p, "Database"))?.type === "AWS::Glue::Database"
            ? []
            : [`${id} asks ${text(p, "Database")}`]),
          ...(sql.includes(";") ? [`${id} has a semicolon`] : []),
          ...used.filter((name) => ![...FUNCTIONS, ...WORDS].includes(name)).map((name) => `${id} calls ${name}`),
          ...read.filter((name) => !tables.includes(name)).map((name) => `${id} reads ${name}`),
        ];
      }),
    mutations: [
      {
        name: "the account's workgroup",
        edit: (t) => t.set(`${monthly}/WorkGroup`, "primary"),
        finds: /runs in primary/,
      },
      { name: "another database", edit: (t) => t.set(`${monthly}/Database`, "default"), finds: /asks default/ },
      {
        name: "two statements",
        edit: (t) => t.set(`${monthly}/QueryString`, "SELECT 1; SELECT 2"),
        finds: /has a semicolon/,
      },
      {
        name: "a function nobody listed",
        edit: (t) => t.set(`${monthly}/QueryString`, "SELECT approx_most_frequent(3, year, 15) FROM orders"),
        finds: /calls approx_most_frequent/,
      },
      {
        name: "a table of nobody",
        edit: (t) => t.set(`${monthly}/QueryString`, "SELECT * FROM lake.order"),
        finds: /reads lake\.order/,
      },
    ],
  },
  {
    name: "one query goes over all months by partition keys, and one reads a few days only",
    check: (stack) => {
      const all = queries(stack).map((query) => bare(queryText(query)));
      const keys = ["year", "month", "day"];
      const prunes = (sql: string): boolean =>
        keys.every((key) => new RegExp(`where[^]*\\b${key} (=|between|in)`).test(sql));
      return [
        ...(all.some(prunes) ? [] : ["no query prunes to days"]),
        ...(all.some((sql) => /group by year, month\b/.test(sql) && !sql.includes("where"))
          ? []
          : ["no query goes over the months"]),
        ...(all.some((sql) => sql.includes("customer_segment")) ? [] : ["no query goes by segment"]),
        ...(items(all).length === 3 ? [] : [`${all.length} queries`]),
      ];
    },
    mutations: [
      {
        name: "the day by date: Athena would read all",
        edit: (t) =>
          t.set("FirstWeekQuery/Properties/QueryString", "SELECT * FROM orders WHERE order_date < DATE '1997-01-08'"),
        finds: /no query prunes/,
      },
      {
        name: "months of the date",
        edit: (t) => t.set(`${monthly}/QueryString`, "SELECT 1 FROM orders"),
        finds: /over the months/,
      },
    ],
  },
];

describeRules("Athena", rules);
