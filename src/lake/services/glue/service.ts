// Glue: the catalog, connections, jobs on Spark, bookmarks, triggers. Puts the families of operations together.
import type { Operations } from "../../call.ts";
import type { Lake, Service } from "../../lake.ts";
import { Catalog } from "./catalog/catalog.ts";
import { accountOperations } from "./operations/account.ts";
import { databaseOperations } from "./operations/databases.ts";
import { functionOperations } from "./operations/functions.ts";
import { indexOperations } from "./operations/indexes.ts";
import { partitionBatchOperations } from "./operations/partitionBatches.ts";
import { partitionOperations } from "./operations/partitions.ts";
import { searchOperations } from "./operations/search.ts";
import { statisticsOperations } from "./operations/statistics.ts";
import { tableOperations } from "./operations/tables.ts";

export function createGlue(lake: Lake): Service<"glue"> {
  const catalog = new Catalog(lake);
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
  };
  return { id: "glue", protocol: "json", schemas: () => import("@aws-sdk/client-glue"), operations };
}
