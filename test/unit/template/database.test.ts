// The database: what RDS would refuse after ten minutes, what would cost a password or data, and what the local lake must agree with.
import { describeRules, type Rule } from "./rules.ts";
import type { Resource, Stack } from "./stack.ts";
import { entries, get, isTrue, text } from "./values.ts";

const databases = (stack: Stack): Resource[] => stack.ofType("AWS::RDS::DBInstance");

const everyDatabase =
  (check: (database: Resource, stack: Stack) => readonly (string | false)[]) =>
  (stack: Stack): string[] =>
    databases(stack).flatMap((database) =>
      check(database, stack)
        .filter((finding) => finding !== false)
        .map((finding) => `${database.id} ${finding}`),
    );

const PROD = { Kind: "prod" };
const dev = "Database/Properties";

/** RDS keeps the first three for itself, the others are words of SQL (PostgreSQL manual, appendix "SQL Key Words", reserved). */
const RESERVED = [
  "rdsadmin",
  "rds_superuser",
  "admin",
  "user",
  "all",
  "analyse",
  "analyze",
  "authorization",
  "current_user",
  "session_user",
];

const rules: Rule[] = [
  {
    name: "is PostgreSQL 18.4, the version that the local lake runs, and stays it; its parameters are of that family and ask for TLS",
    check: everyDatabase(({ properties: p }, stack) => {
      const group = stack.resources.get(text(p, "DBParameterGroupName"))?.properties;
      const version = text(p, "EngineVersion");
      return [
        !(text(p, "Engine") === "postgres" && version === "18.4") && `is ${text(p, "Engine")} ${version}`,
        text(p, "AutoMinorVersionUpgrade") !== "false" && "upgrades itself",
        text(group, "Family") !== `postgres${version.split(".")[0]}` &&
          `has parameters of ${text(group, "Family") || "no group of the stack"}`,
        text(group, "Parameters/rds.force_ssl") !== "1" && "takes connections without TLS",
      ];
    }),
    mutations: [
      {
        name: "another version",
        edit: (t) => t.set(`${dev}/EngineVersion`, "17.2"),
        finds: /Database is postgres 17\.2/,
      },
      { name: "the newest", edit: (t) => t.remove(`${dev}/EngineVersion`), finds: /Database is postgres $/ },
      { name: "by itself", edit: (t) => t.remove(`${dev}/AutoMinorVersionUpgrade`), finds: /upgrades itself/ },
      {
        name: "another family",
        edit: (t) => t.set("DatabaseParameters/Properties/Family", "postgres17"),
        finds: /parameters of postgres17/,
      },
      { name: "no parameters", edit: (t) => t.remove(`${dev}/DBParameterGroupName`), finds: /no group of the stack/ },
      {
        name: "TLS if one likes",
        edit: (t) => t.set("DatabaseParameters/Properties/Parameters/rds.force_ssl", "0"),
        finds: /without TLS/,
      },
    ],
  },
  {
    name: "has a user that RDS allows and a password that AWS alone knows and rotates; no replica, which would end that",
    check: everyDatabase(({ properties: p }) => [
      !/^[a-z][a-z0-9_]{0,15}$/i.test(text(p, "MasterUsername")) &&
        `has user ${text(p, "MasterUsername")}, not 1 to 16 letters, digits, underscores`,
      (RESERVED.includes(text(p, "MasterUsername").toLowerCase()) || text(p, "MasterUsername").startsWith("pg_")) &&
        `has user ${text(p, "MasterUsername")}, a reserved word`,
      !isTrue(p["ManageMasterUserPassword"]) && "has no managed password",
      p["MasterUserPassword"] !== undefined && "has its password in the template",
      p["SourceDBInstanceIdentifier"] !== undefined && "is a replica",
      p["DBInstanceIdentifier"] !== undefined && "has a name that may be taken",
    ]),
    mutations: [
      { name: "admin", edit: (t) => t.set(`${dev}/MasterUsername`, "admin"), finds: /user admin, a reserved word/ },
      { name: "user", edit: (t) => t.set(`${dev}/MasterUsername`, "User"), finds: /user User, a reserved word/ },
      {
        name: "pg_ something",
        edit: (t) => t.set(`${dev}/MasterUsername`, "pg_lake"),
        finds: /pg_lake, a reserved word/,
      },
      { name: "17 letters", edit: (t) => t.set(`${dev}/MasterUsername`, "abcdefghijklmnopq"), finds: /not 1 to 16/ },
      { name: "a hyphen", edit: (t) => t.set(`${dev}/MasterUsername`, "lake-owner"), finds: /not 1 to 16/ },
      {
        name: "a password",
        edit: (t) => t.set(`${dev}/MasterUserPassword`, "secret"),
        finds: /password in the template/,
      },
      { name: "a replica", edit: (t) => t.set(`${dev}/SourceDBInstanceIdentifier`, "other"), finds: /is a replica/ },
      { name: "a name", edit: (t) => t.set(`${dev}/DBInstanceIdentifier`, "lake"), finds: /a name that may be taken/ },
    ],
  },
  {
    name: "has no port of its own, so that the local lake may choose one",
    check: everyDatabase(({ properties: p }) => [p["Port"] !== undefined && "has a port"]),
    mutations: [{ name: "5432", edit: (t) => t.set(`${dev}/Port`, "5432"), finds: /Database has a port/ }],
  },
  {
    name: "is encrypted and has a standby unless asked not to, and is of the class and size that were asked for",
    check: (stack) =>
      ["true", "false"].flatMap((answer) => {
        const asked = stack.again((t) => {
          const parameters = t.root["Parameters"] as Record<string, Record<string, string>>;
          const wanted = {
            DatabaseEncrypted: answer,
            DatabaseMultiAz: answer,
            DatabaseClass: "db.t3.small",
            DatabaseStorage: "33",
          };
          for (const [name, value] of Object.entries(wanted))
            parameters[name] = { ...parameters[name], Default: value };
        });
        return everyDatabase(({ properties: p }) => [
          text(p, "StorageEncrypted") !== answer && `encrypted: ${text(p, "StorageEncrypted")}, asked for ${answer}`,
          text(p, "MultiAZ") !== answer && `standby: ${text(p, "MultiAZ")}, asked for ${answer}`,
          !(text(p, "DBInstanceClass") === "db.t3.small" && text(p, "AllocatedStorage") === "33") &&
            "is of another size",
        ])(asked);
      }),
    mutations: [
      {
        name: "never encrypted",
        edit: (t) => t.set(`${dev}/StorageEncrypted`, false),
        finds: /encrypted: false, asked for true/,
      },
      { name: "always a standby", edit: (t) => t.set(`${dev}/MultiAZ`, true), finds: /standby: true, asked for false/ },
      { name: "a fixed class", edit: (t) => t.set(`${dev}/DBInstanceClass`, "db.t3.micro"), finds: /another size/ },
    ],
  },
  {
    name: "leaves nothing behind in dev, and a snapshot in prod: both policies say so, as the default is a snapshot",
    check: (stack) => [
      ...(databases(stack).length === 1 ? [] : [`${databases(stack).length} databases`]),
      ...everyDatabase(({ properties: p, deletionPolicy, updateReplacePolicy }) => {
        const production = Number(p["BackupRetentionPeriod"]) >= 7;
        const wanted = production ? "Snapshot" : "Delete";
        return [
          deletionPolicy !== wanted && `is deleted by ${deletionPolicy ?? "the default"}`,
          updateReplacePolicy !== wanted && `is replaced by ${updateReplacePolicy ?? "the default"}`,
          // What is left then is one snapshot, which has a name and a price, and not a week of backups beside it.
          !isTrue(p["DeleteAutomatedBackups"]) && "leaves its automated backups",
        ];
      })(stack),
    ],
    mutations: [
      {
        name: "left to AWS",
        edit: (t) => t.remove("Database/DeletionPolicy"),
        finds: /Database is deleted by the default/,
      },
      {
        name: "replacement left to AWS",
        edit: (t) => t.remove("Database/UpdateReplacePolicy"),
        finds: /is replaced by the default/,
      },
      {
        name: "production deleted",
        edit: (t) => t.set("ProductionDatabase/DeletionPolicy", "Delete"),
        parameters: PROD,
        finds: /ProductionDatabase is deleted by Delete/,
      },
      {
        name: "backups left",
        edit: (t) => t.set("ProductionDatabase/Properties/DeleteAutomatedBackups", false),
        parameters: PROD,
        finds: /leaves its automated backups/,
      },
      { name: "both kinds at once", edit: (t) => t.remove("ProductionDatabase/Condition"), finds: /2 databases/ },
    ],
  },
  {
    name: "is the same in both kinds but for what outlives it",
    check: ({ template }) => {
      const [a, b] = [template.resources["Database"]?.properties, template.resources["ProductionDatabase"]?.properties];
      const differ = new Set(
        [...entries(a), ...entries(b)]
          .map(([name]) => name)
          .filter((name) => JSON.stringify(get(a, name)) !== JSON.stringify(get(b, name))),
      );
      return [...differ].filter((name) => name !== "BackupRetentionPeriod").map((name) => `${name} differs`);
    },
    mutations: [
      { name: "a change made to one", edit: (t) => t.set(`${dev}/StorageType`, "gp2"), finds: /StorageType differs/ },
      {
        name: "a property of one",
        edit: (t) => t.set("ProductionDatabase/Properties/Iops", 3000),
        finds: /Iops differs/,
      },
    ],
  },
];

describeRules("database", rules);
