// The crawlers' operations. AWS page: Glue Web API Reference, "Crawlers API".
import type { CrawlerTargets, CreateCrawlerRequest, UpdateCrawlerRequest } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { alreadyExists, invalidInput, plainName, required } from "../faults.ts";
import { page, pageSize } from "../paging.ts";
import { Crawlers, type NextFire, type StoredCrawl, type StoredCrawler } from "./manager.ts";
import { crawlerSettings } from "./settings.ts";

const DEFINITION = [
  "Name",
  "Role",
  "DatabaseName",
  "Description",
  "Targets.S3Targets.Path",
  "Targets.S3Targets.Exclusions",
  "Targets.CatalogTargets.DatabaseName",
  "Targets.CatalogTargets.Tables",
  "Schedule",
  "TablePrefix",
  "SchemaChangePolicy",
  "RecrawlPolicy",
  "Configuration",
];

export function crawlerOperations(crawlers: Crawlers, nextFire: NextFire): Operations<"glue"> {
  const { lake } = crawlers;
  const prefix = Crawlers.keys.crawlers();

  /** What the caller defines, checked as CreateCrawler and UpdateCrawler check it. */
  const checked = async (
    input: CreateCrawlerRequest | UpdateCrawlerRequest,
    before?: StoredCrawler,
  ): Promise<StoredCrawler> => {
    const { Schedule: schedule, ...rest } = input;
    const members = { ...rest };
    if ("Tags" in members) delete members.Tags;
    const crawler: StoredCrawler = {
      ...before,
      ...Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
      Name: plainName(input.Name, "name"),
      Targets: withEmptyLists(input.Targets ?? before?.Targets),
      Schedule: scheduleOf(schedule, before, nextFire, lake.clock.now()),
    };
    required(crawler.Role, "role");
    checkTargets(crawler);
    crawlerSettings(crawler);
    for (const target of crawler.Targets?.CatalogTargets ?? []) {
      for (const table of target.Tables ?? [])
        await lake.call("glue", "GetTable", { DatabaseName: target.DatabaseName, Name: table });
    }
    return crawler;
  };

  return {
    CreateCrawler: {
      fields: [...DEFINITION, "Tags"],
      async run(input) {
        const crawler = await checked(input);
        return crawlers.alone(`crawler/${crawler.Name}`, async () => {
          if (crawlers.get(Crawlers.keys.crawler(crawler.Name)) !== undefined)
            throw alreadyExists(`${crawler.Name} already exists`);
          await crawlers.put({
            ...crawler,
            State: "READY",
            CrawlElapsedTime: 0,
            Version: 1,
            CreationTime: crawlers.now(),
            LastUpdated: crawlers.now(),
            Classifiers: [],
            LineageConfiguration: { CrawlerLineageSettings: "DISABLE" },
            SchemaChangePolicy: {
              UpdateBehavior: "UPDATE_IN_DATABASE",
              DeleteBehavior: "DEPRECATE_IN_DATABASE",
              ...crawler.SchemaChangePolicy,
            },
            RecrawlPolicy: { RecrawlBehavior: "CRAWL_EVERYTHING", ...crawler.RecrawlPolicy },
          });
          return {};
        });
      },
    },
    UpdateCrawler: {
      fields: DEFINITION,
      async run(input) {
        const name = plainName(input.Name, "name");
        return crawlers.alone(`crawler/${name}`, async () => {
          const before = crawlers.crawler(name);
          if (crawlers.isRunning(name))
            throw new ServiceError("CrawlerRunningException", `Crawler with name ${name} is running`);
          const after = await checked(input, before);
          await crawlers.put({ ...after, Version: (before.Version ?? 1) + 1, LastUpdated: crawlers.now() });
          return {};
        });
      },
    },
    DeleteCrawler: {
      fields: ["Name"],
      async run(input) {
        const name = plainName(input.Name, "name");
        return crawlers.alone(`crawler/${name}`, async () => {
          crawlers.crawler(name);
          if (crawlers.isRunning(name))
            throw new ServiceError("CrawlerRunningException", `Crawler with name ${name} is running`);
          await crawlers.remove(name);
          return {};
        });
      },
    },
    GetCrawler: { fields: ["Name"], run: (input) => ({ Crawler: crawlers.crawler(plainName(input.Name, "name")) }) },
    GetCrawlers: {
      fields: ["MaxResults", "NextToken"],
      async run(input) {
        const { items, token } = await page<StoredCrawler>(lake.store, prefix, {
          token: input.NextToken,
          limit: pageSize(input.MaxResults, 1000),
        });
        return { Crawlers: items, NextToken: token };
      },
    },
    ListCrawlers: {
      fields: ["MaxResults", "NextToken"],
      async run(input) {
        const { items, token } = await page<StoredCrawler>(lake.store, prefix, {
          token: input.NextToken,
          limit: pageSize(input.MaxResults, 1000),
        });
        return { CrawlerNames: items.map(({ Name }) => Name), NextToken: token };
      },
    },
    BatchGetCrawlers: {
      fields: ["CrawlerNames"],
      run(input) {
        const names = required(input.CrawlerNames, "crawlerNames");
        const found = names.map((name) => crawlers.get<StoredCrawler>(Crawlers.keys.crawler(name)));
        return {
          Crawlers: found.filter((crawler) => crawler !== undefined),
          CrawlersNotFound: names.filter((_, at) => found[at] === undefined),
        };
      },
    },
    StartCrawler: {
      fields: ["Name"],
      async run(input) {
        await crawlers.start(plainName(input.Name, "name"));
        return {};
      },
    },
    StopCrawler: {
      fields: ["Name"],
      async run(input) {
        await crawlers.stopCrawl(plainName(input.Name, "name"));
        return {};
      },
    },
    StartCrawlerSchedule: {
      fields: ["CrawlerName"],
      run: (input) => setSchedule(crawlers, input.CrawlerName, "SCHEDULED"),
    },
    StopCrawlerSchedule: {
      fields: ["CrawlerName"],
      run: (input) => setSchedule(crawlers, input.CrawlerName, "NOT_SCHEDULED"),
    },
    UpdateCrawlerSchedule: {
      fields: ["CrawlerName", "Schedule"],
      async run(input) {
        const crawler = crawlers.crawler(plainName(input.CrawlerName, "crawlerName"));
        const schedule = scheduleOf(input.Schedule, crawler, nextFire, lake.clock.now());
        await crawlers.put({ ...crawler, Schedule: schedule });
        return {};
      },
    },
    ListCrawls: {
      fields: ["CrawlerName", "MaxResults", "NextToken"],
      async run(input) {
        const name = crawlers.crawler(plainName(input.CrawlerName, "crawlerName")).Name;
        const { items, token } = await page<StoredCrawl>(lake.store, Crawlers.keys.crawls(name), {
          token: input.NextToken,
          limit: pageSize(input.MaxResults, 1000, 20),
          reverse: true,
        });
        return { Crawls: items.map(({ counts: _counts, ...crawl }) => crawl), NextToken: token };
      },
    },
    GetCrawlerMetrics: {
      fields: ["CrawlerNameList", "MaxResults", "NextToken"],
      async run(input) {
        const names = input.CrawlerNameList;
        const { items, token } = await page<StoredCrawler>(lake.store, prefix, {
          token: input.NextToken,
          limit: pageSize(input.MaxResults, 1000),
          ...(names === undefined || names.length === 0 ? {} : { where: ({ Name }) => names.includes(Name) }),
        });
        return {
          CrawlerMetricsList: await Promise.all(items.map(({ Name }) => metrics(crawlers, Name))),
          NextToken: token,
        };
      },
    },
  };
}

async function setSchedule(crawlers: Crawlers, name: string | undefined, state: "SCHEDULED" | "NOT_SCHEDULED") {
  const crawler = crawlers.crawler(plainName(name, "crawlerName"));
  const expression = crawler.Schedule?.ScheduleExpression;
  if (expression === undefined)
    throw new ServiceError("NoScheduleException", `Crawler with name ${crawler.Name} has no schedule`);
  if (crawler.Schedule?.State === state) {
    throw state === "SCHEDULED"
      ? new ServiceError("SchedulerRunningException", `The schedule of crawler ${crawler.Name} is already running`)
      : new ServiceError("SchedulerNotRunningException", `The schedule of crawler ${crawler.Name} isn't running`);
  }
  await crawlers.put({ ...crawler, Schedule: { ScheduleExpression: expression, State: state } });
  return {};
}

async function metrics(crawlers: Crawlers, name: string) {
  const crawls = await crawlers.crawls(name);
  const seconds = crawls
    .filter(({ EndTime }) => EndTime !== undefined)
    .map(({ StartTime, EndTime }) => ((EndTime?.getTime() ?? 0) - (StartTime?.getTime() ?? 0)) / 1000);
  const sorted = [...seconds].sort((a, b) => a - b);
  const counts = crawls.find((crawl) => crawl.counts !== undefined)?.counts;
  return {
    CrawlerName: name,
    TimeLeftSeconds: 0,
    StillEstimating: false,
    LastRuntimeSeconds: seconds[0] ?? 0,
    MedianRuntimeSeconds: sorted[Math.floor(sorted.length / 2)] ?? 0,
    TablesCreated: counts?.tablesCreated ?? 0,
    TablesUpdated: counts?.tablesUpdated ?? 0,
    TablesDeleted: counts?.tablesDeleted ?? 0,
  };
}

function scheduleOf(
  expression: string | undefined,
  before: StoredCrawler | undefined,
  nextFire: NextFire,
  now: number,
) {
  if (expression === undefined) return before?.Schedule;
  // An empty schedule takes it away.
  if (expression === "") return undefined;
  if (!expression.startsWith("cron(")) throw invalidInput(`Schedule expression ${expression} must be cron(...)`);
  nextFire(expression, now);
  return { ScheduleExpression: expression, State: "SCHEDULED" as const };
}

function checkTargets(crawler: StoredCrawler): void {
  const { S3Targets: paths = [], CatalogTargets: tables = [] } = crawler.Targets ?? {};
  if (paths.length === 0 && tables.length === 0) throw invalidInput("At least one crawler target must be specified.");
  if (paths.length > 0) required(crawler.DatabaseName, "databaseName");
  for (const { Path } of paths) {
    if (!/^s3:\/\/[^/]+/.test(Path ?? "")) throw invalidInput(`Path ${Path ?? ""} is not an s3:// path.`);
  }
  for (const { DatabaseName, Tables } of tables) {
    required(DatabaseName, "targets.catalogTargets.databaseName");
    if ((Tables ?? []).length === 0) throw notImplemented("a catalog target without tables");
  }
}

/** AWS answers every kind of target, empty where there is none. */
function withEmptyLists(targets: CrawlerTargets | undefined): CrawlerTargets {
  return {
    S3Targets: (targets?.S3Targets ?? []).map((target) => ({ Exclusions: [], ...target })),
    JdbcTargets: [],
    MongoDBTargets: [],
    DynamoDBTargets: [],
    CatalogTargets: targets?.CatalogTargets ?? [],
    DeltaTargets: [],
    IcebergTargets: [],
    HudiTargets: [],
  };
}
