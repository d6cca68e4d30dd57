// DescribeDBInstances, and what begins and ends an instance's running: start, stop, reboot, delete.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
import type { Input, Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { invalidCombination, invalidValue, required } from "../checks.ts";
import type { Databases } from "../databases.ts";
import { instanceShape, page } from "../describe.ts";
import type { Instance, RdsStore, Status } from "../store.ts";

type Filters = Input<"rds", "DescribeDBInstances">["Filters"];

export function lifeOperations(
  store: RdsStore,
  databases: Databases,
): Pick<
  Operations<"rds">,
  "DescribeDBInstances" | "StartDBInstance" | "StopDBInstance" | "RebootDBInstance" | "DeleteDBInstance"
> {
  const shown = (id: string) => ({ DBInstance: instanceShape(store, store.instance(id)) });
  return {
    DescribeDBInstances: {
      fields: ["DBInstanceIdentifier", "Filters.Name", "Filters.Values", "MaxRecords", "Marker"],
      run: async (input) => {
        const { DBInstanceIdentifier: id } = input;
        const found = id === undefined ? await store.instances() : [store.instance(nameOf(id))];
        const { items, marker } = page(
          found
            .filter((instance) => meets(store, instance, input.Filters))
            .map((instance) => instanceShape(store, instance)),
          "DBInstanceIdentifier",
          input,
        );
        return { DBInstances: items, ...marker };
      },
    },
    StartDBInstance: {
      fields: ["DBInstanceIdentifier"],
      run: async (input) => {
        const { id } = inState(store, input.DBInstanceIdentifier, ["stopped"], "stopped");
        await store.setStatus(id, "starting");
        void databases.bringUp(id, "starting");
        return shown(id);
      },
    },
    StopDBInstance: {
      // A snapshot on stopping is not there; the member is refused by name.
      fields: ["DBInstanceIdentifier"],
      run: async (input) => {
        const { id } = inState(store, input.DBInstanceIdentifier, ["available"], "available");
        await store.setStatus(id, "stopping");
        void databases.stop(id);
        return shown(id);
      },
    },
    RebootDBInstance: {
      // There is no second machine to fail over to.
      fields: ["DBInstanceIdentifier"],
      run: async (input) => {
        // A failed one too: here a reboot is how a person has it tried again.
        const { id } = inState(store, input.DBInstanceIdentifier, ["available", "failed"], "available");
        await store.setStatus(id, "rebooting");
        void databases.reboot(id);
        return shown(id);
      },
    },
    DeleteDBInstance: {
      fields: ["DBInstanceIdentifier", "SkipFinalSnapshot", "FinalDBSnapshotIdentifier", "DeleteAutomatedBackups"],
      run: async (input) => {
        const instance = store.instance(nameOf(required(input.DBInstanceIdentifier, "DBInstanceIdentifier")));
        const { id } = instance;
        if (instance.status === "deleting") {
          throw new ServiceError("InvalidDBInstanceState", `Instance ${id} is already being deleted.`);
        }
        if (instance.deletionProtection) {
          throw invalidCombination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
          );
        }
        checkSnapshot(input);
        await store.setStatus(id, "deleting");
        void databases.remove(id);
        return shown(id);
      },
    },
  };
}

function checkSnapshot(input: Input<"rds", "DeleteDBInstance">): void {
  const { FinalDBSnapshotIdentifier: snapshot, SkipFinalSnapshot: skip } = input;
  if (skip === true) {
    if (snapshot === undefined) return;
    throw invalidCombination("FinalDBSnapshotIdentifier cannot be specified when SkipFinalSnapshot is true.");
  }
  if (snapshot === undefined) {
    throw invalidCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
  }
  throw notImplemented("snapshots: delete the DB instance with SkipFinalSnapshot");
}

function inState(store: RdsStore, id: string | undefined, states: readonly Status[], named: string): Instance {
  const instance = store.instance(nameOf(required(id, "DBInstanceIdentifier")));
  if (!states.includes(instance.status)) {
    throw new ServiceError(
      "InvalidDBInstanceState",
      `Instance ${instance.id} is not in ${named} state: it is ${instance.status}.`,
    );
  }
  return instance;
}

/** An identifier, or the ARN that ends with it. */
function nameOf(id: string): string {
  return id.startsWith("arn:") ? id.slice(id.lastIndexOf(":") + 1) : id;
}

function meets(store: RdsStore, instance: Instance, filters: Filters): boolean {
  return (filters ?? []).every(({ Name, Values }) => {
    const values = required(Values, "Filters.Values");
    switch (Name) {
      case "db-instance-id":
        return values.some((value) => value === instance.id || value === store.arn("db", instance.id));
      case "dbi-resource-id":
        return values.includes(instance.resourceId);
      case "engine":
        return values.includes("postgres");
      default:
        throw invalidValue(`Unrecognized filter name: ${Name}`);
    }
  });
}
