// Connections to data stores. AWS page: Glue Web API Reference, "Connections"; Developer Guide, "AWS Glue connection properties".
import type { Connection, ConnectionInput } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { notImplemented, ServiceError } from "../../../fault.ts";
import { jdbcTarget, login } from "../connections/login.ts";
import { Connections, type StoredConnection } from "../connections/store.ts";
import { alreadyExists, checkCatalog, invalidInput, plainName, required } from "../faults.ts";
import { page, pageSize } from "../paging.ts";
import { glueArn, tagsKey } from "./account.ts";

const INPUT = [
  "Name",
  "Description",
  "ConnectionType",
  "MatchCriteria",
  "ConnectionProperties",
  "PhysicalConnectionRequirements",
  "ValidateCredentials",
].map((name) => `ConnectionInput.${name}`);

export function connectionOperations(connections: Connections): Operations<"glue"> {
  const { lake } = connections;
  const { keys } = Connections;
  const change = <T>(name: string, act: () => Promise<T>): Promise<T> => connections.alone(`connection/${name}`, act);

  const record = async (input: ConnectionInput, name: string, before?: StoredConnection): Promise<StoredConnection> => {
    const { ValidateCredentials, ...kept } = input;
    await checkInput(kept);
    const now = connections.now();
    const connection: StoredConnection = {
      ...kept,
      Name: name,
      CreationTime: before?.CreationTime ?? now,
      LastUpdatedTime: now,
      Status: "READY",
      ConnectionSchemaVersion: 1,
    };
    if (ValidateCredentials === true && kept.ConnectionType === "JDBC") await login(lake, connection);
    return connection;
  };

  const remove = async (name: string): Promise<void> =>
    change(name, async () => {
      connections.connection(name);
      await connections.write((writer) => {
        writer.delete(keys.connection(name));
        writer.delete(tagsKey(glueArn(connections, `connection/${name}`)));
      });
    });

  return {
    CreateConnection: {
      fields: ["CatalogId", "Tags", ...INPUT],
      async run({ CatalogId, ConnectionInput, Tags }) {
        checkCatalog(CatalogId, lake.accountId);
        const input = required(ConnectionInput, "connectionInput");
        const name = plainName(input.Name, "connectionInput.name");
        return change(name, async () => {
          if (connections.find(name) !== undefined) throw alreadyExists("Connection already exists.");
          const connection = await record(input, name);
          await connections.write((writer) => {
            writer.put(keys.connection(name), connection);
            if (Tags !== undefined) writer.put(tagsKey(glueArn(connections, `connection/${name}`)), Tags);
          });
          return { CreateConnectionStatus: "READY" };
        });
      },
    },
    GetConnection: {
      fields: ["CatalogId", "Name", "HidePassword"],
      run({ CatalogId, Name, HidePassword }) {
        checkCatalog(CatalogId, lake.accountId);
        return { Connection: shown(connections.connection(plainName(Name, "name")), HidePassword) };
      },
    },
    GetConnections: {
      fields: ["CatalogId", "Filter", "HidePassword", "NextToken", "MaxResults"],
      async run({ CatalogId, Filter, HidePassword, NextToken, MaxResults }) {
        checkCatalog(CatalogId, lake.accountId);
        const { MatchCriteria = [], ConnectionType } = Filter ?? {};
        const { items, token } = await page<StoredConnection>(lake.store, keys.connections(), {
          token: NextToken,
          limit: pageSize(MaxResults, 1000, 100),
          where: (one) =>
            (ConnectionType === undefined || one.ConnectionType === ConnectionType) &&
            MatchCriteria.every((criterion) => one.MatchCriteria?.includes(criterion)),
        });
        return { ConnectionList: items.map((connection) => shown(connection, HidePassword)), NextToken: token };
      },
    },
    UpdateConnection: {
      fields: ["CatalogId", "Name", ...INPUT],
      async run({ CatalogId, Name, ConnectionInput }) {
        checkCatalog(CatalogId, lake.accountId);
        const name = plainName(Name, "name");
        const input = required(ConnectionInput, "connectionInput");
        return change(name, async () => {
          const after = await record(input, name, connections.connection(name));
          await connections.write((writer) => writer.put(keys.connection(name), after));
          return {};
        });
      },
    },
    DeleteConnection: {
      fields: ["CatalogId", "ConnectionName"],
      async run({ CatalogId, ConnectionName }) {
        checkCatalog(CatalogId, lake.accountId);
        await remove(plainName(ConnectionName, "connectionName"));
        return {};
      },
    },
    BatchDeleteConnection: {
      fields: ["CatalogId", "ConnectionNameList"],
      async run({ CatalogId, ConnectionNameList }) {
        checkCatalog(CatalogId, lake.accountId);
        const Succeeded: string[] = [];
        const Errors: Record<string, { ErrorCode: string; ErrorMessage: string }> = {};
        for (const name of required(ConnectionNameList, "connectionNameList")) {
          try {
            await remove(plainName(name, "connectionNameList"));
            Succeeded.push(name);
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            Errors[name] = { ErrorCode: error.code, ErrorMessage: error.message };
          }
        }
        return { Succeeded, Errors };
      },
    },
    TestConnection: {
      fields: ["ConnectionName", "CatalogId"],
      async run({ ConnectionName, CatalogId }) {
        checkCatalog(CatalogId, lake.accountId);
        const connection = connections.connection(plainName(ConnectionName, "connectionName"));
        if (connection.ConnectionType !== "JDBC")
          throw notImplemented(`glue:TestConnection of type ${connection.ConnectionType}`);
        await login(lake, connection);
        return {};
      },
    },
  };
}

async function checkInput({ ConnectionType, ConnectionProperties }: ConnectionInput): Promise<void> {
  const type = required(ConnectionType, "connectionInput.connectionType");
  const properties = required(ConnectionProperties, "connectionInput.connectionProperties");
  const { ConnectionPropertyKey } = await import("@aws-sdk/client-glue");
  const known: readonly string[] = Object.values(ConnectionPropertyKey);
  const unknown = Object.keys(properties).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw invalidInput(
      `1 validation error detected: '${unknown}' at 'connectionInput.connectionProperties' failed to satisfy constraint: Map keys must be names of connection properties`,
    );
  }
  if (type === "NETWORK") return;
  if (type !== "JDBC") throw notImplemented(`glue connections of type ${type}`);
  jdbcTarget(required(properties.JDBC_CONNECTION_URL, "connectionInput.connectionProperties.JDBC_CONNECTION_URL"));
  const secret = properties.SECRET_ID !== undefined;
  if (!secret && (properties.USERNAME === undefined || properties.PASSWORD === undefined)) {
    throw invalidInput("A JDBC connection needs SECRET_ID, or USERNAME and PASSWORD.");
  }
}

function shown(connection: StoredConnection, hidePassword: boolean | undefined): Connection {
  if (hidePassword !== true || connection.ConnectionProperties === undefined) return connection;
  const { PASSWORD: _password, ENCRYPTED_PASSWORD: _encrypted, ...properties } = connection.ConnectionProperties;
  return { ...connection, ConnectionProperties: properties };
}
