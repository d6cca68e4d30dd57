// AWS::Glue::Connection as a live CloudFormation type: complete once it logs in. AWS page: CloudFormation Template Reference, "AWS::Glue::Connection".
import type { ConnectionInput, ConnectionType } from "@aws-sdk/client-glue";
import type { Properties, ResourceType } from "../../../resource.ts";
import { login } from "../connections/login.ts";
import type { Connections } from "../connections/store.ts";
import { glueArn } from "../operations/account.ts";
import { retag } from "./job.ts";
import { liveType, object, tagsOf, text, texts } from "./liveType.ts";

const INPUT = [
  "Name",
  "Description",
  "ConnectionType",
  "MatchCriteria",
  "ConnectionProperties",
  "PhysicalConnectionRequirements",
];

export function connectionType(connections: Connections): ResourceType {
  const { lake } = connections;
  const input = (name: string, properties: Properties): ConnectionInput => {
    const given = object(properties["ConnectionInput"]);
    return {
      ...given,
      Name: name,
      ConnectionType: text(given["ConnectionType"]) as ConnectionType,
      ConnectionProperties: texts(given["ConnectionProperties"]) ?? {},
    };
  };
  /** NETWORK connections have nobody to log in to. */
  const works = async (name: string): Promise<void> => {
    const connection = connections.connection(name);
    if (connection.ConnectionType === "JDBC") await login(lake, connection);
  };
  return liveType({
    type: "AWS::Glue::Connection",
    properties: ["CatalogId", "Tags", ...INPUT.map((name) => `ConnectionInput.${name}`)],
    fixed: ["CatalogId", "ConnectionInput.Name"],
    name: (properties, context) => text(object(properties["ConnectionInput"])["Name"]) ?? context.generatedName(255),
    exists: (name) => connections.find(name) !== undefined,
    async create(name, properties, context) {
      const Tags = tagsOf(properties, context);
      await lake.call("glue", "CreateConnection", {
        CatalogId: text(properties["CatalogId"]),
        ConnectionInput: input(name, properties),
        Tags,
      });
      await works(name);
    },
    async update(name, before, after, context) {
      await lake.call("glue", "UpdateConnection", { Name: name, ConnectionInput: input(name, after) });
      try {
        await works(name);
      } catch (error) {
        // The stack goes back to what worked.
        await lake.call("glue", "UpdateConnection", { Name: name, ConnectionInput: input(name, before) });
        throw error;
      }
      await retag(lake, glueArn(connections, `connection/${name}`), tagsOf(after, context));
    },
    delete: (name) => lake.call("glue", "DeleteConnection", { ConnectionName: name }),
    attributes: (name) => ({ Name: name }),
  });
}
