// CloudWatch Logs: where job runs write their lines, and where people and the AWS CLI read them.
import type { Lake, Service } from "../../lake.ts";
import { filterOperations } from "./operations/filter.ts";
import { getOperations } from "./operations/get.ts";
import { groupOperations } from "./operations/groups.ts";
import { putOperations } from "./operations/put.ts";
import { streamOperations } from "./operations/streams.ts";
import { tagOperations } from "./operations/tags.ts";
import { logGroupType } from "./resources.ts";
import { LogStore } from "./store.ts";
import { createSweeper } from "./sweep.ts";

export function createLogs(lake: Lake): Service<"logs"> {
  const logs = new LogStore(lake);
  const sweeper = createSweeper(logs);
  return {
    id: "logs",
    protocol: "json",
    schemas: () => import("@aws-sdk/client-cloudwatch-logs"),
    operations: {
      ...groupOperations(logs),
      ...streamOperations(logs),
      ...tagOperations(logs),
      ...putOperations(logs),
      ...getOperations(logs),
      ...filterOperations(logs),
    },
    resources: [logGroupType(logs)],
    start: () => sweeper.start(),
    stop: () => sweeper.stop(),
  };
}
