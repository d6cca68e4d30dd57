// AWS::Glue::Database and AWS::Glue::Table as live CloudFormation types. AWS page: CloudFormation Template Reference, "AWS Glue".
import type { DatabaseInput, TableInput } from "@aws-sdk/client-glue";
import type { Properties, ResourceContext, ResourceType } from "../../../resource.ts";
import { Catalog } from "../catalog/catalog.ts";
import { liveType, object, text, texts } from "./liveType.ts";

const DATABASE_INPUT = ["Name", "Description", "LocationUri", "Parameters", "CreateTableDefaultPermissions"];
const TABLE_INPUT = [
  "Name",
  "Description",
  "Owner",
  "Retention",
  "StorageDescriptor",
  "PartitionKeys",
  "ViewOriginalText",
  "ViewExpandedText",
  "TableType",
  "Parameters",
];

export function databaseType(catalog: Catalog): ResourceType {
  const { call, accountId } = catalog.lake;
  const input = (name: string, properties: Properties): DatabaseInput => {
    const given = object(properties["DatabaseInput"]);
    return { ...given, Name: name, Parameters: texts(given["Parameters"]) };
  };
  const nameOf = (properties: Properties): string | undefined =>
    text(properties["DatabaseName"]) ?? text(object(properties["DatabaseInput"])["Name"]);
  return liveType({
    type: "AWS::Glue::Database",
    properties: ["CatalogId", "DatabaseName", ...DATABASE_INPUT.map((name) => `DatabaseInput.${name}`)],
    fixed: ["CatalogId", "DatabaseName", "DatabaseInput.Name"],
    name: (properties, context) =>
      (nameOf(properties) ?? context.generatedName(255, { lowerCase: true })).toLowerCase(),
    exists: (name) => catalog.get(Catalog.keys.database(name)) !== undefined,
    create: (name, properties) =>
      call("glue", "CreateDatabase", {
        CatalogId: text(properties["CatalogId"]) ?? accountId,
        DatabaseInput: input(name, properties),
      }),
    update: (name, _before, after) => call("glue", "UpdateDatabase", { Name: name, DatabaseInput: input(name, after) }),
    delete: (name) => call("glue", "DeleteDatabase", { Name: name }),
  });
}

export function tableType(catalog: Catalog): ResourceType {
  const { call, accountId } = catalog.lake;
  const input = (name: string, properties: Properties): TableInput => {
    const given = object(properties["TableInput"]);
    return {
      ...given,
      Name: name,
      Parameters: texts(given["Parameters"]),
      StorageDescriptor: descriptor(given["StorageDescriptor"]),
    };
  };
  const database = (properties: Properties): string => (text(properties["DatabaseName"]) ?? "").toLowerCase();
  const nameOf = (properties: Properties, context: ResourceContext): string =>
    (
      text(properties["Name"]) ??
      text(object(properties["TableInput"])["Name"]) ??
      context.generatedName(255, { lowerCase: true })
    ).toLowerCase();
  return liveType({
    type: "AWS::Glue::Table",
    properties: ["CatalogId", "DatabaseName", "Name", ...TABLE_INPUT.map((name) => `TableInput.${name}`)],
    fixed: ["CatalogId", "DatabaseName", "Name", "TableInput.Name"],
    name: nameOf,
    exists: (name, properties) => catalog.get(Catalog.keys.table(database(properties), name)) !== undefined,
    create: (name, properties) =>
      call("glue", "CreateTable", {
        CatalogId: text(properties["CatalogId"]) ?? accountId,
        DatabaseName: database(properties),
        TableInput: input(name, properties),
      }),
    update: (name, _before, after) =>
      call("glue", "UpdateTable", { DatabaseName: database(after), TableInput: input(name, after) }),
    delete: (name, properties) => call("glue", "DeleteTable", { DatabaseName: database(properties), Name: name }),
    attributes: (name) => ({ Id: name }),
  });
}

function descriptor(value: unknown): TableInput["StorageDescriptor"] {
  if (value === undefined) return undefined;
  const given = object(value);
  const serde = given["SerdeInfo"] === undefined ? undefined : object(given["SerdeInfo"]);
  return {
    ...given,
    Parameters: texts(given["Parameters"]),
    ...(serde === undefined ? {} : { SerdeInfo: { ...serde, Parameters: texts(serde["Parameters"]) } }),
  };
}
