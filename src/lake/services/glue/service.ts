// Glue: the catalog, connections, jobs on Spark, bookmarks, triggers. Puts the families of operations together.
import type { Operations } from "../../call.ts";
import type { Lake, Service } from "../../lake.ts";
import { Catalog } from "./catalog/catalog.ts";
import { Crawlers } from "./crawlers/manager.ts";
import { crawlerOperations } from "./crawlers/operations.ts";
import { crawlerResource } from "./crawlers/resource.ts";
import { nextFire } from "./triggers/cron.ts";
import { Connections } from "./connections/store.ts";
import { GlueEvents } from "./events.ts";
import { Jobs } from "./jobs/jobs.ts";
import { accountOperations } from "./operations/account.ts";
import { bookmarkOperations } from "./operations/bookmarks.ts";
import { connectionOperations } from "./operations/connections.ts";
import { databaseOperations } from "./operations/databases.ts";
import { functionOperations } from "./operations/functions.ts";
import { indexOperations } from "./operations/indexes.ts";
import { jobOperations } from "./operations/jobs.ts";
import { partitionBatchOperations } from "./operations/partitionBatches.ts";
import { partitionOperations } from "./operations/partitions.ts";
import { runOperations } from "./operations/runs.ts";
import { searchOperations } from "./operations/search.ts";
import { statisticsOperations } from "./operations/statistics.ts";
import { tableOperations } from "./operations/tables.ts";
import { triggerOperations } from "./operations/triggers.ts";
import { databaseType, tableType } from "./resources/catalog.ts";
import { connectionType } from "./resources/connection.ts";
import { jobType } from "./resources/job.ts";
import { triggerType } from "./resources/trigger.ts";
import { Bookmarks } from "./runs/bookmarks.ts";
import { RunManager } from "./runs/manager.ts";
import { runRoute } from "./runs/route.ts";
import { TriggerEngine } from "./triggers/engine.ts";
import { Triggers } from "./triggers/store.ts";

export function createGlue(lake: Lake): Service<"glue"> {
  const catalog = new Catalog(lake);
  const jobs = new Jobs(lake);
  const bookmarks = new Bookmarks(jobs);
  const events = new GlueEvents();
  const runs = new RunManager(jobs, bookmarks, events);
  const connections = new Connections(lake);
  const triggers = new Triggers(lake);
  const triggerEngine = new TriggerEngine(triggers, jobs, runs, events);
  const crawlers = new Crawlers(lake, events, nextFire);
  const operations: Operations<"glue"> = {
    ...databaseOperations(catalog),
    ...tableOperations(catalog),
    ...partitionOperations(catalog),
    ...partitionBatchOperations(catalog),
    ...indexOperations(catalog),
    ...statisticsOperations(catalog),
    ...functionOperations(catalog),
    ...searchOperations(catalog),
    ...accountOperations(catalog),
    ...jobOperations(jobs, runs),
    ...runOperations(jobs, runs),
    ...bookmarkOperations(jobs, bookmarks),
    ...triggerOperations(triggers, triggerEngine),
    ...connectionOperations(connections),
    ...crawlerOperations(crawlers, nextFire),
  };
  return {
    id: "glue",
    protocol: "json",
    schemas: () => import("@aws-sdk/client-glue"),
    operations,
    resources: [
      databaseType(catalog),
      tableType(catalog),
      connectionType(connections),
      jobType(jobs),
      triggerType(triggers),
      crawlerResource(lake),
    ],
    routes: { runs: runRoute(runs, bookmarks) },
    start: async () => {
      await runs.recover();
      await crawlers.takeUp();
      await triggerEngine.start();
    },
    busy: () => runs.busy || crawlers.busy,
    stop: async () => {
      // Triggers first: what ends below must start nothing new.
      await triggerEngine.stop();
      await crawlers.close();
      await runs.close();
    },
  };
}
