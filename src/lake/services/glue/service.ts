// Glue: the catalog, connections, jobs on Spark, bookmarks, triggers. Puts the families of operations together.
import type { Operations } from "../../call.ts";
import type { Lake, Service } from "../../lake.ts";
import { Catalog } from "./catalog/catalog.ts";
import { GlueEvents } from "./events.ts";
import { Jobs } from "./jobs/jobs.ts";
import { accountOperations } from "./operations/account.ts";
import { bookmarkOperations } from "./operations/bookmarks.ts";
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
import { Bookmarks } from "./runs/bookmarks.ts";
import { RunManager } from "./runs/manager.ts";
import { runRoute } from "./runs/route.ts";

export function createGlue(lake: Lake): Service<"glue"> {
  const catalog = new Catalog(lake);
  const jobs = new Jobs(lake);
  const bookmarks = new Bookmarks(jobs);
  const events = new GlueEvents();
  const runs = new RunManager(jobs, bookmarks, events);
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
  };
  return {
    id: "glue",
    protocol: "json",
    schemas: () => import("@aws-sdk/client-glue"),
    operations,
    routes: { runs: runRoute(runs, bookmarks) },
    start: () => runs.recover(),
    busy: () => runs.busy,
    stop: () => runs.close(),
  };
}
