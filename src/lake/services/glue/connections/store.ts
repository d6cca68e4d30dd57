// Connections as records.
import type { Connection } from "@aws-sdk/client-glue";
import type { Key } from "../../../state/store.ts";
import { notFound } from "../faults.ts";
import { Records } from "../records.ts";

export type StoredConnection = Connection & { Name: string };

export class Connections extends Records {
  static readonly keys = {
    connections: (): Key => ["glue", "connection"],
    connection: (name: string): Key => ["glue", "connection", name],
  };

  find(name: string): StoredConnection | undefined {
    return this.get<StoredConnection>(Connections.keys.connection(name));
  }

  connection(name: string): StoredConnection {
    const found = this.find(name);
    if (found === undefined) throw notFound(`Connection ${name} not found.`);
    return found;
  }
}
