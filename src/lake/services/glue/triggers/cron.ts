// Schedules as Glue's API refuses them; what they mean is in base, since people are shown the next time too.
import * as cron from "../../../../base/cron.ts";
import { messageOf } from "../../../../base/errors.ts";
import { invalidInput } from "../faults.ts";

/** As base's; throws InvalidInputException with the reason. */
export function nextFire(expression: string, from: number): number | undefined {
  return asInput(() => cron.nextFire(expression, from));
}

/** As base's; throws InvalidInputException with the reason. */
export function parseSchedule(expression: string): void {
  asInput(() => cron.parseSchedule(expression));
}

function asInput<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw invalidInput(messageOf(error));
  }
}
