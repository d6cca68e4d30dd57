// When things run: triggers and the crawler, by the clock and by what ran before.
import { describeRules, type Rule } from "./rules.ts";
import type { Resource, Stack } from "./stack.ts";
import { entries, get, items, text, texts } from "./values.ts";

const jobs = (stack: Stack): Resource[] => stack.ofType("AWS::Glue::Job");
const argument = (job: Resource, name: string): string => text(job.properties, `DefaultArguments/${name}`);

/** Six fields, or Glue refuses the schedule when it makes the trigger: cfn-lint takes five. */
const CRON = /^cron\((\d{1,2}) (\d{1,2}) \* \* \? \*\)$/;

/** The hour and minute of a daily schedule, UTC; undefined where it is no daily one. */
function daily(schedule: string): string | undefined {
  const [, minute, hour] = CRON.exec(schedule) ?? [];
  return minute === undefined || Number(minute) > 59 || Number(hour) > 23
    ? undefined
    : `${Number(hour)}:${minute.padStart(2, "0")}`;
}

const started = (stack: Stack, type: string): Resource[] =>
  stack.ofType("AWS::Glue::Trigger").filter(({ properties: p }) => p["Type"] === type);
const etlJobs = (stack: Stack): string[] =>
  jobs(stack)
    .filter((job) => argument(job, "--target") !== "")
    .map((job) => text(job.properties, "Name"));
const same = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join();

const when: Rule[] = [
  {
    name: "one trigger starts both jobs daily at 01:00 UTC, and nothing ever starts the loader",
    check: (stack) => {
      const actions = started(stack, "SCHEDULED").map(({ id, properties: p }) => {
        const names = items(p["Actions"]).map((action) => text(action, "JobName"));
        const at = daily(text(p, "Schedule"));
        return same(names, etlJobs(stack)) && at === "1:00"
          ? undefined
          : `${id} starts ${names.join()} at ${at ?? text(p, "Schedule")}`;
      });
      const loader = jobs(stack).find((job) => argument(job, "--source") !== "");
      const named = stack
        .ofType("AWS::Glue::Trigger")
        .filter(({ properties: p }) => JSON.stringify(p).includes(text(loader?.properties, "Name")));
      return [
        ...(actions.length === 1
          ? actions.filter((finding) => finding !== undefined)
          : [`${actions.length} scheduled triggers`]),
        ...named.map(({ id }) => `${id} speaks of the loader`),
      ];
    },
    mutations: [
      {
        name: "five fields",
        edit: (t) => t.set("DailyTrigger/Properties/Schedule", "cron(0 1 * * *)"),
        finds: /at cron\(0 1 \* \* \*\)/,
      },
      {
        name: "a day of month and of week",
        edit: (t) => t.set("DailyTrigger/Properties/Schedule", "cron(0 1 * * * *)"),
        finds: /at cron/,
      },
      {
        name: "another hour",
        edit: (t) => t.set("DailyTrigger/Properties/Schedule", "cron(0 13 * * ? *)"),
        finds: /at 13:00/,
      },
      {
        name: "one job",
        edit: (t) => t.remove("DailyTrigger/Properties/Actions/1"),
        finds: /starts my-lake-customers-etl at/,
      },
      {
        name: "the loader, too",
        edit: (t) => t.set("DailyTrigger/Properties/Actions/1/JobName", { Ref: "LoaderJob" }),
        finds: /DailyTrigger speaks of the loader/,
      },
    ],
  },
  {
    name: "one trigger starts the crawler when both jobs have succeeded",
    check: (stack) =>
      started(stack, "CONDITIONAL").length === 1
        ? started(stack, "CONDITIONAL").flatMap(({ id, properties: p }) => {
            const conditions = items(get(p, "Predicate/Conditions"));
            const onSuccess = conditions.every(
              (one) => text(one, "State") === "SUCCEEDED" && text(one, "LogicalOperator") === "EQUALS",
            );
            const names = conditions.map((one) => text(one, "JobName"));
            const crawlers = stack.ofType("AWS::Glue::Crawler").map((one) => text(one.properties, "Name"));
            return [
              ...(same(names, etlJobs(stack)) && onSuccess ? [] : [`${id} waits for ${JSON.stringify(conditions)}`]),
              ...(text(p, "Predicate/Logical") === "AND" ? [] : [`${id} waits for either job`]),
              ...(same(
                items(p["Actions"]).map((action) => text(action, "CrawlerName")),
                crawlers,
              )
                ? []
                : [`${id} starts no crawler`]),
            ];
          })
        : ["there is no such trigger"],
    mutations: [
      { name: "on demand", edit: (t) => t.set("CrawlTrigger/Properties/Type", "ON_DEMAND"), finds: /no such trigger/ },
      {
        name: "either of them",
        edit: (t) => t.set("CrawlTrigger/Properties/Predicate/Logical", "ANY"),
        finds: /either job/,
      },
      {
        name: "one of them",
        edit: (t) => t.remove("CrawlTrigger/Properties/Predicate/Conditions/0"),
        finds: /waits for \[\{/,
      },
      {
        name: "a failure",
        edit: (t) => t.set("CrawlTrigger/Properties/Predicate/Conditions/0/State", "FAILED"),
        finds: /waits for .*FAILED/,
      },
      {
        name: "a job instead",
        edit: (t) => t.set("CrawlTrigger/Properties/Actions", [{ JobName: { Ref: "LoaderJob" } }]),
        finds: /no crawler/,
      },
    ],
  },
  {
    name: "every trigger says whether it starts with its creation: no, until the scripts are there; yes where asked for",
    check: (stack) =>
      ["false", "true"].flatMap((answer) => {
        const asked = stack.again((t) => {
          (t.root["Parameters"] as Record<string, Record<string, string>>)["StartTriggers"] = {
            Type: "String",
            Default: answer,
          };
        });
        return asked
          .ofType("AWS::Glue::Trigger")
          .filter(({ properties: p }) => text(p, "StartOnCreation") !== answer)
          .map(
            ({ id, properties: p }) =>
              `${id}: ${text(p, "StartOnCreation") || "left CREATED"} where asked for ${answer}`,
          );
      }),
    mutations: [
      {
        name: "left out",
        edit: (t) => t.remove("DailyTrigger/Properties/StartOnCreation"),
        finds: /DailyTrigger: left CREATED/,
      },
      {
        name: "at once",
        edit: (t) => t.set("CrawlTrigger/Properties/StartOnCreation", true),
        finds: /CrawlTrigger: true where asked for false/,
      },
    ],
  },
  {
    name: "the crawler runs daily at 02:00 UTC on the catalog's two tables, changes no schema, and gives partitions the table's",
    check: (stack) =>
      stack.ofType("AWS::Glue::Crawler").flatMap(({ id, properties: p }) => {
        const configuration = parsed(text(p, "Configuration"));
        const tables = stack.ofType("AWS::Glue::Table").map((table) => text(table.properties, "TableInput/Name"));
        const at = daily(text(p, "Schedule/ScheduleExpression"));
        const kinds = entries(p["Targets"]).map(([kind]) => kind);
        const targets = items(get(p, "Targets/CatalogTargets"));
        return [
          ...(at === "2:00" ? [] : [`${id} runs at ${at ?? text(p, "Schedule/ScheduleExpression")}`]),
          ...(kinds.join() === "CatalogTargets" ? [] : [`${id} mixes ${kinds.join(" and ")}`]),
          ...(same(
            targets.flatMap((target) => texts(get(target, "Tables"))),
            tables,
          )
            ? []
            : [`${id} misses tables`]),
          ...["UpdateBehavior", "DeleteBehavior"]
            .filter((name) => text(p, `SchemaChangePolicy/${name}`) !== "LOG")
            .map((name) => `${id}: ${name}`),
          ...(text(configuration, "Version") === "1" ? [] : [`${id} has no configuration`]),
          ...(text(configuration, "CrawlerOutput/Partitions/AddOrUpdateBehavior") === "InheritFromTable"
            ? []
            : [`${id} gives partitions a schema of their own`]),
          ...(text(configuration, "Grouping/TableGroupingPolicy") === "CombineCompatibleSchemas"
            ? []
            : [`${id} may make tables`]),
          ...(p["DatabaseName"] === undefined && p["RecrawlPolicy"] === undefined
            ? []
            : [`${id} has what catalog targets do not take`]),
        ];
      }),
    mutations: [
      {
        name: "five fields",
        edit: (t) => t.set("Crawler/Properties/Schedule/ScheduleExpression", "cron(0 2 * * *)"),
        finds: /runs at cron/,
      },
      {
        name: "a second owner of the schema",
        edit: (t) => t.set(policy("UpdateBehavior"), "UPDATE_IN_DATABASE"),
        finds: /UpdateBehavior/,
      },
      {
        name: "deletions",
        edit: (t) => t.set(policy("DeleteBehavior"), "DEPRECATE_IN_DATABASE"),
        finds: /DeleteBehavior/,
      },
      { name: "left to Glue", edit: (t) => t.remove("Crawler/Properties/SchemaChangePolicy"), finds: /UpdateBehavior/ },
      {
        name: "S3 beside it",
        edit: (t) => t.set("Crawler/Properties/Targets/S3Targets", [{ Path: "s3://x/" }]),
        finds: /mixes CatalogTargets and S3Targets/,
      },
      {
        name: "a table forgotten",
        edit: (t) => t.remove("Crawler/Properties/Targets/CatalogTargets/0/Tables/1"),
        finds: /misses tables/,
      },
      {
        name: "no configuration",
        edit: (t) => t.remove("Crawler/Properties/Configuration"),
        finds: /schema of their own/,
      },
      {
        name: "a configuration that is no JSON",
        edit: (t) => t.set("Crawler/Properties/Configuration", "{Version: 1}"),
        finds: /has no configuration/,
      },
      {
        name: "new folders only",
        edit: (t) => t.set("Crawler/Properties/RecrawlPolicy", { RecrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" }),
        finds: /do not take/,
      },
    ],
  },
];

function policy(name: string): string {
  return `Crawler/Properties/SchemaChangePolicy/${name}`;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

describeRules("when things run", when);
