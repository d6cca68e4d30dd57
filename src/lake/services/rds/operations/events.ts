// DescribeEvents: what happened to the instances, with the reasons.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html
import type { Operations } from "../../../call.ts";
import { invalidCombination, invalidValue } from "../checks.ts";
import type { Events } from "../events.ts";
import type { RdsStore } from "../store.ts";

const MINUTE = 60_000;

export function eventOperations(store: RdsStore, events: Events): Pick<Operations<"rds">, "DescribeEvents"> {
  return {
    DescribeEvents: {
      fields: [
        "SourceIdentifier",
        "SourceType",
        "StartTime",
        "EndTime",
        "Duration",
        "EventCategories",
        "MaxRecords",
        "Marker",
      ],
      run: async (input) => {
        const { SourceIdentifier: id, SourceType: type, EventCategories: categories } = input;
        if (id !== undefined && type === undefined) {
          throw invalidCombination(
            "The parameter SourceType must be provided if the parameter SourceIdentifier is specified.",
          );
        }
        const now = store.lake.clock.now();
        // The last hour, unless told.
        const start = input.StartTime?.getTime() ?? now - (input.Duration ?? 60) * MINUTE;
        const end = input.EndTime?.getTime() ?? now;
        const found = (await events.all()).filter(
          (event) =>
            (type === undefined || type === "db-instance") &&
            (id === undefined || event.instance === id.toLowerCase()) &&
            (categories === undefined || categories.length === 0 || categories.includes(event.category)) &&
            event.at >= start &&
            event.at <= end,
        );
        const size = input.MaxRecords ?? 100;
        if (size < 20 || size > 100)
          throw invalidValue(`Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
        const from = Number(input.Marker ?? 0);
        if (!Number.isInteger(from) || from < 0) throw invalidValue(`Invalid value ${input.Marker} for Marker`);
        return {
          Events: found.slice(from, from + size).map((event) => ({
            SourceIdentifier: event.instance,
            SourceType: "db-instance" as const,
            Message: event.message,
            EventCategories: [event.category],
            Date: new Date(event.at),
            SourceArn: store.arn("db", event.instance),
          })),
          ...(from + size < found.length ? { Marker: String(from + size) } : {}),
        };
      },
    },
  };
}
