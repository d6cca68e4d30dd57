// Named queries and prepared statements: texts that a workgroup keeps.
import type { Lake } from "../../lake.ts";
import { invalidRequest } from "./faults.ts";
import { keys, type NamedQueryRecord, type PreparedStatementRecord } from "./store.ts";

export class NamedQueries {
  constructor(private readonly lake: Lake) {}

  find(id: string): NamedQueryRecord | undefined {
    return this.lake.store.get<NamedQueryRecord>(keys.namedQuery(id));
  }

  get(id: string): NamedQueryRecord {
    const found = this.find(id);
    if (found === undefined) throw invalidRequest(`NamedQuery ${id} was not found`);
    return found;
  }

  async write(record: NamedQueryRecord): Promise<void> {
    await this.lake.store.write((writer) => {
      writer.put(keys.namedQuery(record.id), record);
      writer.put(keys.namedQueryIn(record.workGroup, record.id), record.id);
    });
  }

  async delete({ id, workGroup }: NamedQueryRecord): Promise<void> {
    await this.lake.store.write((writer) => {
      writer.delete(keys.namedQuery(id));
      writer.delete(keys.namedQueryIn(workGroup, id));
    });
  }

  /** Everything that a workgroup keeps, prepared statements too. */
  async deleteAll(workGroup: string): Promise<void> {
    const ids = await this.lake.store.all<string>(keys.namedQueries(workGroup));
    const prepared = await this.lake.store.all<PreparedStatementRecord>(keys.preparedStatements(workGroup));
    await this.lake.store.write((writer) => {
      for (const id of ids) {
        writer.delete(keys.namedQuery(id));
        writer.delete(keys.namedQueryIn(workGroup, id));
      }
      for (const { name } of prepared) writer.delete(keys.preparedStatement(workGroup, name));
    });
  }
}
