// What makes a trigger valid, as AWS checks it. AWS pages: Glue Web API Reference, "CreateTrigger", "Condition", "Action"; Developer Guide, "AWS Glue triggers".
import type { Action, Condition, Predicate } from "@aws-sdk/client-glue";
import { notImplemented } from "../../../fault.ts";
import { invalidInput, notFound, required } from "../faults.ts";
import type { Records } from "../records.ts";
import { parseSchedule } from "./cron.ts";
import type { StoredTrigger } from "./store.ts";

const JOB_STATES: readonly string[] = ["SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT"];
const CRAWL_STATES: readonly string[] = ["SUCCEEDED", "FAILED", "CANCELLED"];
/** Crawlers that one trigger may start. */
const MOST_CRAWLERS = 2;

export type Definition = Pick<StoredTrigger, "Type" | "Schedule" | "Predicate" | "Actions">;

/** Throws where a trigger of this definition is not valid, or names a job or crawler that is not there. */
export function checkTrigger(records: Records, { Type, Schedule, Predicate, Actions }: Definition): void {
  if (Type === "EVENT") throw notImplemented("glue triggers of type EVENT");
  if (!["SCHEDULED", "CONDITIONAL", "ON_DEMAND"].includes(Type)) throw invalidInput(`Invalid trigger type: ${Type}.`);
  if (Type === "SCHEDULED") parseSchedule(required(Schedule, "schedule"));
  else if (Schedule !== undefined) throw invalidInput(`A trigger of type ${Type} can't have a schedule.`);
  if (Type === "CONDITIONAL") checkPredicate(records, required(Predicate, "predicate"));
  else if ((Predicate?.Conditions ?? []).length > 0)
    throw invalidInput(`A trigger of type ${Type} can't have a predicate.`);
  const actions = required(Actions, "actions");
  if (actions.length === 0) throw invalidInput("A trigger needs at least one action.");
  for (const action of actions) checkAction(records, action);
  if (actions.filter(({ CrawlerName }) => CrawlerName !== undefined).length > MOST_CRAWLERS) {
    throw invalidInput(`A trigger can start ${MOST_CRAWLERS} crawlers at most.`);
  }
}

function checkAction(records: Records, { JobName, CrawlerName, Timeout, SecurityConfiguration }: Action): void {
  if ((JobName === undefined) === (CrawlerName === undefined))
    throw invalidInput("An action names either a job or a crawler.");
  if (SecurityConfiguration !== undefined) throw notImplemented("glue triggers with Actions.SecurityConfiguration");
  if (Timeout !== undefined && (Timeout < 1 || Timeout > 10_080))
    throw invalidInput(`Timeout must be between 1 and 10080; it is ${Timeout}.`);
  checkThere(records, JobName, CrawlerName);
}

function checkThere(records: Records, job: string | undefined, crawler: string | undefined): void {
  if (job !== undefined && records.get(["glue", "job", job]) === undefined)
    throw notFound(`Job with name: ${job} not found.`);
  if (crawler !== undefined && records.get(["glue", "crawler", crawler]) === undefined) {
    throw notFound(`Crawler entry with name ${crawler} does not exist`);
  }
}

function checkPredicate(records: Records, { Logical, Conditions }: Predicate): void {
  const conditions = required(Conditions, "predicate.conditions");
  if (conditions.length === 0) throw invalidInput("A conditional trigger needs at least one condition.");
  if (conditions.length > 1 && Logical === undefined)
    throw invalidInput("Logical is required where there is more than one condition.");
  for (const condition of conditions) checkCondition(records, condition);
}

function checkCondition(records: Records, condition: Condition): void {
  const { LogicalOperator, JobName, State, CrawlerName, CrawlState } = condition;
  if (LogicalOperator !== undefined && LogicalOperator !== "EQUALS")
    throw invalidInput(`Invalid logical operator: ${LogicalOperator}.`);
  if ((JobName === undefined) === (CrawlerName === undefined))
    throw invalidInput("A condition names either a job or a crawler.");
  if (JobName !== undefined && !JOB_STATES.includes(State ?? "")) {
    throw invalidInput(`A condition on a job watches for one of ${JOB_STATES.join(", ")}; it says ${State}.`);
  }
  if (CrawlerName !== undefined && !CRAWL_STATES.includes(CrawlState ?? "")) {
    throw invalidInput(
      `A condition on a crawler watches for one of ${CRAWL_STATES.join(", ")}; it says ${CrawlState}.`,
    );
  }
  checkThere(records, JobName, CrawlerName);
}
