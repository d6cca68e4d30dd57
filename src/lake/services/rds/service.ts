// RDS: DB instances that are real PostgreSQL servers on loopback, and the groups that a template puts them in.
import type { Lake, Service } from "../../lake.ts";
import { Databases } from "./databases.ts";
import { Events } from "./events.ts";
import { createOperations } from "./operations/create.ts";
import { eventOperations } from "./operations/events.ts";
import { parameterGroupOperations, subnetGroupOperations } from "./operations/groups.ts";
import { lifeOperations } from "./operations/life.ts";
import { modifyOperations } from "./operations/modify.ts";
import { tagOperations } from "./operations/tags.ts";
import { parameterGroupType, subnetGroupType } from "./resources/groups.ts";
import { instanceType } from "./resources/instance.ts";
import { RdsStore } from "./store.ts";

export function createRds(lake: Lake): Service<"rds"> {
  const store = new RdsStore(lake);
  const events = new Events(lake);
  const databases = new Databases(store, events);
  return {
    id: "rds",
    protocol: "query",
    schemas: () => import("@aws-sdk/client-rds"),
    operations: {
      ...createOperations(store, databases),
      ...lifeOperations(store, databases),
      ...modifyOperations(store, databases),
      ...subnetGroupOperations(store),
      ...parameterGroupOperations(store),
      ...tagOperations(store),
      ...eventOperations(store, events),
    },
    resources: [instanceType(store, databases), subnetGroupType(store), parameterGroupType(store)],
    start: () => databases.open(),
    busy: () => databases.busy(),
    stop: () => databases.close(),
  };
}
