// AWS::Glue::Trigger as a live CloudFormation type. AWS page: CloudFormation Template Reference, "AWS::Glue::Trigger".
import type { Action, Predicate, TriggerType } from "@aws-sdk/client-glue";
import type { Properties, ResourceType } from "../../../resource.ts";
import { glueArn } from "../operations/account.ts";
import type { Triggers } from "../triggers/store.ts";
import { retag } from "./job.ts";
import { liveType, object, tagsOf, text, texts } from "./liveType.ts";

export function triggerType(triggers: Triggers): ResourceType {
  const { lake } = triggers;
  return liveType({
    type: "AWS::Glue::Trigger",
    properties: ["Name", "Type", "Description", "Schedule", "StartOnCreation", "Actions", "Predicate", "Tags"],
    fixed: ["Name", "Type"],
    name: (properties, context) => text(properties["Name"]) ?? context.generatedName(255),
    exists: (name) => triggers.find(name) !== undefined,
    create: (name, properties, context) =>
      lake.call("glue", "CreateTrigger", {
        ...definition(properties),
        Name: name,
        Type: text(properties["Type"]) as TriggerType,
        StartOnCreation: properties["StartOnCreation"] === true,
        Tags: tagsOf(properties, context),
      }),
    async update(name, before, after, context) {
      await lake.call("glue", "UpdateTrigger", { Name: name, TriggerUpdate: definition(after) });
      const starts = after["StartOnCreation"] === true && before["StartOnCreation"] !== true;
      if (starts && triggers.trigger(name).State !== "ACTIVATED")
        await lake.call("glue", "StartTrigger", { Name: name });
      await retag(lake, glueArn(triggers, `trigger/${name}`), tagsOf(after, context));
    },
    delete: (name) => lake.call("glue", "DeleteTrigger", { Name: name }),
  });
}

function definition(properties: Properties) {
  const { Description, Schedule, Predicate, Actions } = properties;
  return {
    Description: text(Description),
    Schedule: text(Schedule),
    Predicate: Predicate as Predicate | undefined,
    Actions: (Actions as readonly unknown[]).map((action): Action => {
      const given = object(action);
      return given["Arguments"] === undefined ? given : { ...given, Arguments: texts(given["Arguments"]) };
    }),
  };
}
