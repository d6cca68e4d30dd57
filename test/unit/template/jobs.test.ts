// What Glue accepts when it makes a job, and refuses or ignores when it is to run: cfn-lint sees none of it.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeRules } from "./rules.ts";
import type { Resource, Stack } from "./stack.ts";
import { entries, get, text } from "./values.ts";

const jobs = (stack: Stack): Resource[] => stack.ofType("AWS::Glue::Job");
const argument = (job: Resource, name: string): string => text(job.properties, `DefaultArguments/${name}`);
const arguments_ = "OrdersJob/Properties/DefaultArguments";

/** https://docs.aws.amazon.com/glue/latest/dg/release-notes.html; the jobs are written for, and tested on, the Spark of 5.1. */
const VERSION = "5.1";

/** A finding for every job that a test of it names one for. */
const everyJob =
  (check: (job: Resource, stack: Stack) => string | undefined) =>
  (stack: Stack): string[] =>
    jobs(stack).flatMap((job) => {
      const finding = check(job, stack);
      return finding === undefined ? [] : [`${job.id}: ${finding}`];
    });

/** A job's file of the stack's own bucket of scripts, by name; undefined for any other place. */
function scriptOf(stack: Stack, location: string): string | undefined {
  const [, bucket = "", file] = /^s3:\/\/([a-z0-9.-]+)\/scripts\/([a-z_]+\.py)$/.exec(location) ?? [];
  return stack.named(bucket)?.type === "AWS::S3::Bucket" ? file : undefined;
}

const isShipped = (file: string): boolean =>
  existsSync(fileURLToPath(new URL(`../../../glue-scripts/jobs/${file}`, import.meta.url)));

describeRules("jobs", [
  {
    name: `run on Glue ${VERSION}, Spark and Python 3`,
    check: everyJob(({ properties: p }) => {
      const says = [text(p, "GlueVersion"), text(p, "Command/Name"), text(p, "Command/PythonVersion")].join(" ");
      return says === `${VERSION} glueetl 3` ? undefined : `is ${says}`;
    }),
    mutations: [
      {
        name: "a version that is none",
        edit: (t) => t.set("OrdersJob/Properties/GlueVersion", "9.9"),
        finds: /OrdersJob: is 9\.9/,
      },
      { name: "a number, 5.10 in disguise", edit: (t) => t.set("OrdersJob/Properties/GlueVersion", 5), finds: /is 5 / },
      {
        name: "the default of Glue",
        edit: (t) => t.remove("LoaderJob/Properties/GlueVersion"),
        finds: /LoaderJob: is {2}glueetl/,
      },
      {
        name: "a Python shell job",
        edit: (t) => t.set("OrdersJob/Properties/Command/Name", "pythonshell"),
        finds: /pythonshell/,
      },
    ],
  },
  {
    name: "name a worker type and two workers at least, never capacity",
    check: everyJob(({ properties: p }) => {
      if (p["MaxCapacity"] !== undefined || p["AllocatedCapacity"] !== undefined)
        return "MaxCapacity stands against WorkerType";
      return text(p, "WorkerType") === "G.1X" && Number(p["NumberOfWorkers"]) >= 2 ? undefined : "lacks workers";
    }),
    mutations: [
      { name: "both", edit: (t) => t.set("OrdersJob/Properties/MaxCapacity", 2), finds: /OrdersJob: MaxCapacity/ },
      { name: "no number", edit: (t) => t.remove("OrdersJob/Properties/NumberOfWorkers"), finds: /lacks workers/ },
      {
        name: "the driver alone",
        edit: (t) => t.set("OrdersJob/Properties/NumberOfWorkers", 1),
        finds: /lacks workers/,
      },
    ],
  },
  {
    name: "have a script that deploy uploads: in scripts/ of the stack's own bucket, and there in glue-scripts/jobs",
    check: (stack) =>
      jobs(stack).flatMap((job) => {
        const places = [
          text(job.properties, "Command/ScriptLocation"),
          ...argument(job, "--extra-py-files").split(",").filter(Boolean),
        ];
        return places.flatMap((place) => {
          const file = scriptOf(stack, place);
          if (file === undefined) return [`${job.id}: ${place} is no script of the stack`];
          return isShipped(file) ? [] : [`${job.id}: there is no ${file}`];
        });
      }),
    mutations: [
      {
        name: "no place",
        edit: (t) => t.set("OrdersJob/Properties/Command/ScriptLocation", "nope"),
        finds: /nope is no script/,
      },
      {
        name: "a bucket of somebody",
        edit: (t) => t.set("OrdersJob/Properties/Command/ScriptLocation", "s3://elsewhere/scripts/orders_etl.py"),
        finds: /elsewhere.* is no script/,
      },
      {
        name: "a file that is not there",
        edit: (t) =>
          t.set("OrdersJob/Properties/Command/ScriptLocation", {
            "Fn::Sub": "s3://${ArtifactsBucket}/scripts/order_etl.py",
          }),
        finds: /there is no order_etl\.py/,
      },
      {
        name: "a module that is not there",
        edit: (t) =>
          t.set(`${arguments_}/--extra-py-files`, { "Fn::Sub": "s3://${ArtifactsBucket}/scripts/upsert.py" }),
        finds: /there is no upsert\.py/,
      },
    ],
  },
  {
    name: "say how long, how often and how many at once; with a bookmark only one",
    check: everyJob(({ properties: p }) => {
      if (!(Number(p["Timeout"]) >= 1 && Number(p["Timeout"]) <= 10_080)) return "no time limit";
      if (!/^\d+$/.test(text(p, "MaxRetries"))) return "does not say whether to retry";
      return text(p, "ExecutionProperty/MaxConcurrentRuns") === "1"
        ? undefined
        : "may run twice at once, on one bookmark";
    }),
    mutations: [
      // Left out it is 2,880 minutes on some versions and 480 on others.
      { name: "no limit", edit: (t) => t.remove("OrdersJob/Properties/Timeout"), finds: /no time limit/ },
      {
        name: "no word on retries",
        edit: (t) => t.remove("OrdersJob/Properties/MaxRetries"),
        finds: /whether to retry/,
      },
      {
        name: "two at once",
        edit: (t) => t.set("OrdersJob/Properties/ExecutionProperty/MaxConcurrentRuns", 2),
        finds: /run twice/,
      },
      { name: "left out", edit: (t) => t.remove("OrdersJob/Properties/ExecutionProperty"), finds: /run twice/ },
    ],
  },
  {
    name: "keep bookmarks where they read changes, and have scratch space in the stack's own bucket",
    check: everyJob((job, stack) => {
      const bookmark = argument(job, "--job-bookmark-option");
      const wanted = argument(job, "--target") === "" ? "job-bookmark-disable" : "job-bookmark-enable";
      if (bookmark !== wanted) return `bookmark is ${bookmark || "not spoken of"}`;
      const [, bucket = ""] = /^s3:\/\/([a-z0-9.-]+)\/temp\/[a-z-]+\/$/.exec(argument(job, "--TempDir")) ?? [];
      return stack.named(bucket)?.type === "AWS::S3::Bucket" ? undefined : "no TempDir of the stack";
    }),
    mutations: [
      {
        name: "a bookmark forgotten",
        edit: (t) => t.remove(`${arguments_}/--job-bookmark-option`),
        finds: /not spoken of/,
      },
      {
        name: "paused",
        edit: (t) => t.set(`${arguments_}/--job-bookmark-option`, "job-bookmark-pause"),
        finds: /bookmark is job-bookmark-pause/,
      },
      // Glue would make a bucket aws-glue-... for the account, and leave it.
      { name: "no scratch space", edit: (t) => t.remove(`${arguments_}/--TempDir`), finds: /no TempDir/ },
    ],
  },
  {
    name: "log to their own groups with a retention, made before them; never to the account's /aws-glue/jobs",
    check: everyJob((job, stack) => {
      const prefix = argument(job, "--custom-logGroup-prefix");
      if (!/^[^:*]{1,400}$/.test(prefix) || prefix.startsWith("/aws-glue"))
        return `logs to ${prefix || "the account's groups"}`;
      // https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
      for (const name of [`${prefix}/output`, `${prefix}/error`]) {
        const group = stack.ofType("AWS::Logs::LogGroup").find(({ properties }) => properties["LogGroupName"] === name);
        if (group === undefined) return `${name} is not of the stack`;
        if (!(Number(group.properties["RetentionInDays"]) > 0)) return `${name} is kept for ever`;
        if (!job.dependsOn.includes(group.id)) return `may run before ${name} is there`;
      }
      return undefined;
    }),
    mutations: [
      {
        name: "no prefix",
        edit: (t) => t.remove(`${arguments_}/--custom-logGroup-prefix`),
        finds: /the account's groups/,
      },
      {
        name: "the account's",
        edit: (t) => t.set(`${arguments_}/--custom-logGroup-prefix`, "/aws-glue/jobs"),
        finds: /logs to \/aws-glue/,
      },
      {
        name: "a colon",
        edit: (t) => t.set(`${arguments_}/--custom-logGroup-prefix`, "boathouse:orders"),
        finds: /logs to boathouse:/,
      },
      {
        name: "another name",
        edit: (t) => t.set("OrdersErrorLog/Properties/LogGroupName", "/other"),
        finds: /\/error is not of the stack/,
      },
      {
        name: "kept for ever",
        edit: (t) => t.remove("OrdersOutputLog/Properties/RetentionInDays"),
        finds: /\/output is kept/,
      },
      { name: "the order forgotten", edit: (t) => t.remove("OrdersJob/DependsOn"), finds: /may run before/ },
    ],
  },
  {
    name: "have only arguments that Glue or their script reads, all text; none that Glue keeps to itself or that updates the catalog",
    check: everyJob((job) => {
      const glue = [
        "--job-language",
        "--TempDir",
        "--custom-logGroup-prefix",
        "--job-bookmark-option",
        "--extra-py-files",
      ];
      const own = ["--connection_name", "--database", "--table", "--target", "--source"];
      const strange = entries(get(job.properties, "DefaultArguments")).find(
        ([name, value]) => ![...glue, ...own].includes(name) || typeof value !== "string" || value === "",
      );
      return strange === undefined ? undefined : `${strange[0]} = ${JSON.stringify(strange[1])}`;
    }),
    mutations: [
      { name: "Glue's own", edit: (t) => t.set(`${arguments_}/--JOB_NAME`, "orders"), finds: /--JOB_NAME/ },
      {
        name: "a second owner of the schema",
        edit: (t) => t.set(`${arguments_}/--enableUpdateCatalog`, "true"),
        finds: /enableUpdateCatalog/,
      },
      {
        name: "the file system chosen",
        edit: (t) => t.set(`${arguments_}/--conf`, "spark.hadoop.fs.s3.impl=x"),
        finds: /--conf/,
      },
      { name: "a number", edit: (t) => t.set(`${arguments_}/--database`, 7), finds: /--database = 7/ },
    ],
  },
  {
    name: "write where their table says that it lies",
    check: everyJob((job, stack) => {
      const table = argument(job, "--table");
      if (table === "") return argument(job, "--target") === "" ? undefined : "has a target and no table";
      const found = stack
        .ofType("AWS::Glue::Table")
        .find(
          ({ properties: p }) =>
            text(p, "TableInput/Name") === table && text(p, "DatabaseName") === argument(job, "--database"),
        );
      const location = text(found?.properties, "TableInput/StorageDescriptor/Location");
      return location === argument(job, "--target")
        ? undefined
        : `writes to ${argument(job, "--target")}, ${table} lies at ${location}`;
    }),
    mutations: [
      {
        name: "the other table",
        edit: (t) => t.set(`${arguments_}/--table`, { Ref: "CustomersTable" }),
        finds: /customers lies at/,
      },
      {
        name: "without the last slash",
        edit: (t) => t.set(`${arguments_}/--target`, "s3://databucket/lake/orders"),
        finds: /orders lies at/,
      },
      {
        name: "another database",
        edit: (t) => t.set(`${arguments_}/--database`, "default"),
        finds: /orders lies at $/,
      },
    ],
  },
]);
