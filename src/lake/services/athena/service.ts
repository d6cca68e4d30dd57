// Athena: queries on Trino over the lake's own Glue and S3, workgroups, named queries. Puts the families of operations together.
import type { Operations } from "../../call.ts";
import { Trino } from "../../engines/trino.ts";
import type { Lake, Service } from "../../lake.ts";
import { Executions } from "./executions.ts";
import { NamedQueries } from "./named.ts";
import { catalogOperations } from "./operations/catalogs.ts";
import { executionOperations } from "./operations/executions.ts";
import { namedQueryOperations } from "./operations/named.ts";
import { preparedOperations } from "./operations/prepared.ts";
import { getQueryResults } from "./operations/results.ts";
import { startQueryExecution } from "./operations/start.ts";
import { tagOperations } from "./operations/tags.ts";
import { workGroupOperations } from "./operations/workgroups.ts";
import { namedQueryType } from "./resources/namedQuery.ts";
import { workGroupType } from "./resources/workGroup.ts";
import { Tags } from "./tags.ts";
import { WorkGroups } from "./workgroups.ts";

/** MB of heap for Trino unless BOATHOUSE_TRINO_HEAP says otherwise. */
const HEAP = 768;
const LEAST_HEAP = 512;

export function createAthena(lake: Lake): Service<"athena"> {
  const engine = new Trino(lake, heap(process.env["BOATHOUSE_TRINO_HEAP"]));
  const workGroups = new WorkGroups(lake);
  const executions = new Executions(lake, engine);
  const named = new NamedQueries(lake);
  const tags = new Tags(lake);
  const operations: Operations<"athena"> = {
    StartQueryExecution: startQueryExecution({ lake, engine, workGroups, executions }),
    GetQueryResults: getQueryResults(lake, executions),
    ...executionOperations(lake, workGroups, executions),
    ...workGroupOperations({ lake, workGroups, executions, named, tags, warm: () => engine.warm() }),
    ...namedQueryOperations(lake, workGroups, named),
    ...preparedOperations(lake, workGroups),
    ...catalogOperations(lake),
    ...tagOperations(tags, workGroups),
  };
  return {
    id: "athena",
    protocol: "json",
    schemas: () => import("@aws-sdk/client-athena"),
    operations,
    resources: [workGroupType(lake, workGroups, tags), namedQueryType(lake, named)],
    async start() {
      await workGroups.begin();
      await executions.recover();
    },
    busy: () => executions.busy || engine.busy,
    async stop() {
      await executions.close();
      await engine.stop();
    },
  };
}

function heap(setting: string | undefined): number {
  const megabytes = Number(setting);
  return Number.isInteger(megabytes) && megabytes >= LEAST_HEAP ? megabytes : HEAP;
}
