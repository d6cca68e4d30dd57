// The Glue connection, database and tables: what Glue keeps as it is told, and cfn-lint does not look at.
import { namesIn } from "./network.ts";
import { describeRules, type Rule } from "./rules.ts";
import { entries, get, items, text } from "./values.ts";

const properties = "Connection/Properties/ConnectionInput/ConnectionProperties";

const input = "OrdersTable/Properties/TableInput";

const connection: Rule[] = [
  {
    name: "the connection has properties that Glue knows, and asks for TLS; the password is in no place but its secret",
    check: (stack) =>
      stack.ofType("AWS::Glue::Connection").flatMap(({ id, properties: p }) => {
        const given = get(p, "ConnectionInput/ConnectionProperties");
        const url = text(given, "JDBC_CONNECTION_URL");
        const secret = text(given, "SECRET_ID");
        const managed = stack.ofType("AWS::RDS::DBInstance").map((database) => `secret:rds!${database.id}-`);
        return [
          ...(text(p, "ConnectionInput/ConnectionType") === "JDBC" ? [] : [`${id} is no JDBC connection`]),
          // https://docs.aws.amazon.com/glue/latest/webapi/API_Connection.html has more, none of which this connection needs.
          ...entries(given)
            .filter(([name]) => !["JDBC_CONNECTION_URL", "SECRET_ID"].includes(name))
            .map(([name]) => `${id} has ${name}`),
          ...(/^jdbc:postgresql:\/\/[^/?]+\/lake\?sslmode=require$/.test(url) ? [] : [`${id} connects by ${url}`]),
          ...(managed.some((part) => secret.includes(part)) ? [] : [`${id} takes its password from ${secret}`]),
        ];
      }),
    mutations: [
      { name: "a property of ours", edit: (t) => t.set(`${properties}/FOO`, "bar"), finds: /has FOO/ },
      { name: "a password", edit: (t) => t.set(`${properties}/PASSWORD`, "x"), finds: /has PASSWORD/ },
      {
        name: "the password as it was at deploy: it is another one a week later",
        edit: (t) => t.set(`${properties}/SECRET_ID`, "{{resolve:secretsmanager:rds!Database}}"),
        finds: /takes its password from \{\{resolve/,
      },
      {
        name: "no TLS",
        edit: (t) => t.set(`${properties}/JDBC_CONNECTION_URL`, "jdbc:postgresql://database.rds.test:5432/lake"),
        finds: /connects by/,
      },
      {
        name: "TLS if it can be had",
        edit: (t) =>
          t.set(`${properties}/JDBC_CONNECTION_URL`, "jdbc:postgresql://database.rds.test:5432/lake?sslmode=prefer"),
        finds: /connects by/,
      },
      {
        name: "another type",
        edit: (t) => t.set("Connection/Properties/ConnectionInput/ConnectionType", "NETWORK"),
        finds: /no JDBC/,
      },
    ],
  },
];

const tables: Rule[] = [
  {
    name: "the tables lie in the lake, with keys of text, as Parquet, and know no column twice",
    check: (stack) =>
      stack.ofType("AWS::Glue::Table").flatMap(({ id, properties: p }) => {
        const input = p["TableInput"];
        const keys = items(get(input, "PartitionKeys")).map((key) => `${text(key, "Name")} ${text(key, "Type")}`);
        const columns = [...items(get(input, "StorageDescriptor/Columns")), ...items(get(input, "PartitionKeys"))].map(
          (one) => text(one, "Name"),
        );
        const location = text(input, "StorageDescriptor/Location");
        return [
          ...(keys.join() === "year string,month string,day string" ? [] : [`${id} has keys ${keys.join()}`]),
          ...(location === `s3://databucket/lake/${text(input, "Name")}/` ? [] : [`${id} lies at ${location}`]),
          ...(text(input, "StorageDescriptor/SerdeInfo/SerializationLibrary").endsWith(".ParquetHiveSerDe")
            ? []
            : [`${id} is no Parquet`]),
          ...(text(input, "Parameters/classification") === "parquet" && text(input, "TableType") === "EXTERNAL_TABLE"
            ? []
            : [`${id} is no external Parquet table`]),
          ...(new Set(columns).size === columns.length ? [] : [`${id} has a column twice`]),
          ...columns
            .filter((name) => !/^[a-z_]+$/.test(name))
            .map((name) => `${id} has ${name}, which the catalog would fold`),
        ];
      }),
    mutations: [
      {
        name: "a number: 01 becomes 1",
        edit: (t) => t.set(`${input}/PartitionKeys/1/Type`, "int"),
        finds: /has keys year string,month int/,
      },
      {
        name: "another folder",
        edit: (t) => t.set(`${input}/StorageDescriptor/Location`, "s3://databucket/lake/orders"),
        finds: /lies at/,
      },
      {
        name: "a key among the columns",
        edit: (t) => t.set(`${input}/StorageDescriptor/Columns/0/Name`, "year"),
        finds: /column twice/,
      },
      {
        name: "a capital",
        edit: (t) => t.set(`${input}/StorageDescriptor/Columns/0/Name`, "OrderId"),
        finds: /has OrderId/,
      },
      {
        name: "CSV",
        edit: (t) => t.set(`${input}/StorageDescriptor/SerdeInfo/SerializationLibrary`, "x.LazySimpleSerDe"),
        finds: /no Parquet/,
      },
      {
        name: "no classification",
        edit: (t) => t.remove(`${input}/Parameters/classification`),
        finds: /no external Parquet/,
      },
    ],
  },
  {
    name: "the database's name is one that the catalog keeps as it is",
    check: (stack) =>
      stack
        .ofType("AWS::Glue::Database")
        .map(({ properties: p }) => text(p, "DatabaseInput/Name"))
        .filter((name) => !/^[a-z0-9_]{1,255}$/.test(name))
        .map((name) => `${name || "no name"} would not stay as it is`),
    mutations: [
      {
        name: "the stack's own name, with its hyphen",
        edit: (t) => t.set("GlueDatabase/Properties/DatabaseInput/Name", { Ref: "AWS::StackName" }),
        finds: /my-lake would/,
      },
      { name: "none", edit: (t) => t.remove("GlueDatabase/Properties/DatabaseInput/Name"), finds: /no name/ },
    ],
  },
  {
    name: "no resource is of the account's own log groups, and none hides a value in a dynamic reference",
    check: (stack) =>
      [...stack.resources.values()].flatMap(({ id, type, properties: p }) => [
        ...(type === "AWS::Logs::LogGroup" && text(p, "LogGroupName").startsWith("/aws-glue/")
          ? [`${id} is the account's`]
          : []),
        ...(JSON.stringify(p).includes("{{resolve:") ? [`${id} resolves a value at deploy`] : []),
        ...(namesIn(p).includes("enableUpdateCatalog") ? [`${id} updates the catalog`] : []),
      ]),
    mutations: [
      {
        name: "/aws-glue/jobs/output",
        edit: (t) => t.set("OrdersOutputLog/Properties/LogGroupName", "/aws-glue/jobs/output"),
        finds: /is the account's/,
      },
      {
        name: "a resolved secret",
        edit: (t) => t.set(`${properties}/PASSWORD`, "{{resolve:secretsmanager:x}}"),
        finds: /Connection resolves/,
      },
    ],
  },
];

describeRules("connection", connection);
describeRules("catalog", tables);
