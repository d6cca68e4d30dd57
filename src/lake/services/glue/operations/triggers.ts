// Triggers: definitions, and starting and stopping them. AWS page: Glue Web API Reference, "Triggers".
import type { Trigger } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { alreadyExists, invalidInput, plainName, required } from "../faults.ts";
import { page, pageSize } from "../paging.ts";
import type { TriggerEngine } from "../triggers/engine.ts";
import { checkTrigger } from "../triggers/rules.ts";
import { type StoredTrigger, Triggers } from "../triggers/store.ts";
import { glueArn, type Tags, tagsKey } from "./account.ts";
import { hasTags } from "./jobs.ts";

const DEFINITION = ["Schedule", "Predicate", "Actions", "Description"];

export function triggerOperations(triggers: Triggers, engine: TriggerEngine): Operations<"glue"> {
  const { keys } = Triggers;
  const { store } = triggers.lake;

  const save = async (trigger: StoredTrigger, Tags?: Tags): Promise<void> => {
    await triggers.write((writer) => {
      writer.put(keys.trigger(trigger.Name), trigger);
      if (Tags !== undefined) writer.put(tagsKey(glueArn(triggers, `trigger/${trigger.Name}`)), Tags);
    });
    engine.arm(trigger);
  };
  const change = <T>(name: string, act: () => Promise<T>): Promise<T> => triggers.alone(`trigger/${name}`, act);

  /** The page: where no trigger can start the job, all are returned. */
  const dependent = async (job: string | undefined): Promise<(trigger: StoredTrigger) => boolean> => {
    const starts = (trigger: StoredTrigger): boolean => (trigger.Actions ?? []).some(({ JobName }) => JobName === job);
    if (job === undefined || !(await triggers.list()).some(starts)) return () => true;
    return starts;
  };

  return {
    CreateTrigger: {
      fields: ["Name", "Type", "StartOnCreation", "Tags", ...DEFINITION],
      async run({ Name, Type, StartOnCreation, Tags, ...definition }) {
        const name = plainName(Name, "name");
        const trigger: StoredTrigger = { ...definition, Name: name, Type: required(Type, "type"), State: "CREATED" };
        checkTrigger(triggers, trigger);
        if (StartOnCreation === true) {
          if (Type === "ON_DEMAND")
            throw invalidInput("StartOnCreation is not supported for triggers of type ON_DEMAND.");
          trigger.State = "ACTIVATED";
        }
        return change(name, async () => {
          if (triggers.find(name) !== undefined) throw alreadyExists(`Trigger ${name} already exists.`);
          await save(trigger, Tags);
          return { Name: name };
        });
      },
    },
    GetTrigger: {
      fields: ["Name"],
      run: ({ Name }): { Trigger: Trigger } => ({ Trigger: triggers.trigger(plainName(Name, "name")) }),
    },
    GetTriggers: {
      fields: ["NextToken", "DependentJobName", "MaxResults"],
      async run({ NextToken, DependentJobName, MaxResults }) {
        const where = await dependent(DependentJobName);
        const { items, token } = await page<StoredTrigger>(store, keys.triggers(), {
          token: NextToken,
          limit: pageSize(MaxResults, 200),
          where,
        });
        return { Triggers: items, NextToken: token };
      },
    },
    ListTriggers: {
      fields: ["NextToken", "DependentJobName", "MaxResults", "Tags"],
      async run({ NextToken, DependentJobName, MaxResults, Tags: wanted }) {
        const starts = await dependent(DependentJobName);
        const { items, token } = await page<StoredTrigger>(store, keys.triggers(), {
          token: NextToken,
          limit: pageSize(MaxResults, 200),
          where: (trigger) =>
            starts(trigger) &&
            hasTags(triggers.get<Tags>(tagsKey(glueArn(triggers, `trigger/${trigger.Name}`))), wanted),
        });
        return { TriggerNames: items.map(({ Name }) => Name), NextToken: token };
      },
    },
    BatchGetTriggers: {
      fields: ["TriggerNames"],
      run({ TriggerNames }) {
        const names = required(TriggerNames, "triggerNames");
        return {
          Triggers: names.flatMap((name) => triggers.find(name) ?? []),
          TriggersNotFound: names.filter((name) => triggers.find(name) === undefined),
        };
      },
    },
    UpdateTrigger: {
      fields: ["Name", ...["Name", ...DEFINITION].map((member) => `TriggerUpdate.${member}`)],
      async run({ Name, TriggerUpdate }) {
        const name = plainName(Name, "name");
        const { Name: renamed, ...update } = required(TriggerUpdate, "triggerUpdate");
        if (renamed !== undefined && renamed !== name) throw invalidInput("A trigger can't be renamed.");
        return change(name, async () => {
          const before = triggers.trigger(name);
          const given = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
          const after: StoredTrigger = { ...before, ...given };
          checkTrigger(triggers, after);
          await save(after);
          return { Trigger: after };
        });
      },
    },
    DeleteTrigger: {
      fields: ["Name"],
      async run({ Name }) {
        const name = plainName(Name, "name");
        // The page: a trigger that is not there is no error.
        return change(name, async () => {
          engine.disarm(name);
          const progress = await triggers.keysBelow(keys.progresses(name));
          await triggers.write((writer) => {
            writer.delete(keys.trigger(name));
            writer.delete(tagsKey(glueArn(triggers, `trigger/${name}`)));
            progress.forEach((key) => writer.delete(key));
          });
          return { Name: name };
        });
      },
    },
    StartTrigger: {
      fields: ["Name"],
      async run({ Name }) {
        const name = plainName(Name, "name");
        return change(name, async () => {
          const trigger = triggers.trigger(name);
          // An on-demand trigger fires when it is activated and stays CREATED.
          if (trigger.Type === "ON_DEMAND") await engine.fire(trigger);
          else await save({ ...trigger, State: "ACTIVATED" });
          return { Name: name };
        });
      },
    },
    StopTrigger: {
      fields: ["Name"],
      async run({ Name }) {
        const name = plainName(Name, "name");
        return change(name, async () => {
          const trigger = triggers.trigger(name);
          if (trigger.State !== "ACTIVATED")
            throw new ServiceError(
              "InvalidInputException",
              `Trigger ${name} is not activated: it is ${trigger.State}.`,
            );
          await save({ ...trigger, State: "DEACTIVATED" });
          return { Name: name };
        });
      },
    },
  };
}
