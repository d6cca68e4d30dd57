// Glue: the catalog, connections, jobs on Spark, bookmarks, triggers. Puts the families of operations together.
import type { Lake, Service } from "../../lake.ts";
import { Catalog } from "./catalog/catalog.ts";
import { databaseOperations } from "./operations/databases.ts";
import { partitionOperations } from "./operations/partitions.ts";
import { tableOperations } from "./operations/tables.ts";

export function createGlue(lake: Lake): Service<"glue"> {
  const catalog = new Catalog(lake);
  return {
    id: "glue",
    protocol: "json",
    schemas: () => import("@aws-sdk/client-glue"),
    operations: { ...databaseOperations(catalog), ...tableOperations(catalog), ...partitionOperations(catalog) },
  };
}
