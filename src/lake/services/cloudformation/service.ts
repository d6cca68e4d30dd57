// CloudFormation: stacks over the live types of the lake's services, and all other types recorded.
import type { Lake, Service } from "../../lake.ts";
import type { ResourceType } from "../../resource.ts";
import { StackEngine } from "./engine/engine.ts";
import { Intake } from "./engine/intake.ts";
import { Types } from "./engine/types.ts";
import { changeSetOperations } from "./operations/changeSets.ts";
import { describeOperations } from "./operations/describe.ts";
import { eventOperations } from "./operations/events.ts";
import { exportOperations } from "./operations/exports.ts";
import type { Parts } from "./operations/parts.ts";
import { stackOperations } from "./operations/stacks.ts";
import { templateOperations } from "./operations/templates.ts";
import { StackStore } from "./store.ts";

/** @param resourceTypes the live types of all services by name, asked anew each time */
export function createCloudFormation(
  lake: Lake,
  resourceTypes: () => ReadonlyMap<string, ResourceType>,
): Service<"cloudformation"> {
  const store = new StackStore(lake);
  const types = new Types(lake, resourceTypes);
  const intake = new Intake(lake, store, types);
  const engine = new StackEngine(lake, store, types, intake);
  const parts: Parts = { lake, store, types, engine, intake };
  return {
    id: "cloudformation",
    protocol: "query",
    schemas: () => import("@aws-sdk/client-cloudformation"),
    operations: {
      ...describeOperations(parts),
      ...eventOperations(parts),
      ...exportOperations(parts),
      ...templateOperations(parts),
      ...changeSetOperations(parts),
      ...stackOperations(parts),
    },
    start: () => engine.resume(),
    busy: () => engine.busy(),
    stop: () => engine.stop(),
  };
}
