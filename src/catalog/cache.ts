// What is known of a connection's catalog: lists that fill by pages, tables looked at. Forgotten as a whole or by database.
import type { CatalogDatabase, CatalogTable, Partition, TableEntry } from "./catalog.ts";
import { type Page, PagedList } from "./pagedList.ts";

/** How the cache reads; each call is one request. */
export interface CatalogReader {
  databases(token: string | undefined): Promise<Page<CatalogDatabase>>;
  tables(database: string, token: string | undefined): Promise<Page<TableEntry>>;
  table(database: string, name: string): Promise<CatalogTable>;
  partitions(database: string, table: string, token: string | undefined): Promise<Page<Partition>>;
}

/** Databases whose tables are read in the background at once: a catalog of 500 databases must not become 500 requests. */
const AT_ONCE = 2;

export class CatalogCache {
  private databases_: PagedList<CatalogDatabase>;
  private readonly tables_ = new Map<string, PagedList<TableEntry>>();
  private readonly partitions_ = new Map<string, PagedList<Partition>>();
  private readonly looked = new Map<string, Promise<CatalogTable>>();
  private filling: Promise<void> | undefined;
  private full = false;
  private generation = 0;

  /** @param onChange a list of that database (undefined: of databases) has grown or ended. */
  constructor(
    private readonly reader: CatalogReader,
    private readonly onChange: (database: string | undefined) => void = () => undefined,
  ) {
    this.databases_ = this.listDatabases();
  }

  get databases(): PagedList<CatalogDatabase> {
    return this.databases_;
  }

  tables(database: string): PagedList<TableEntry> {
    const generation = this.generation;
    return held(
      this.tables_,
      database,
      () =>
        new PagedList(
          (token) => this.reader.tables(database, token),
          () => this.tell(generation, database),
        ),
    );
  }

  partitions(database: string, table: string): PagedList<Partition> {
    return held(
      this.partitions_,
      key(database, table),
      () => new PagedList((token) => this.reader.partitions(database, table, token)),
    );
  }

  /** A table with its columns; asked for once, a failure is not kept. */
  table(database: string, name: string): Promise<CatalogTable> {
    const of = key(database, name);
    return held(this.looked, of, () => {
      const looking = this.reader.table(database, name);
      looking.catch(() => {
        if (this.looked.get(of) === looking) this.looked.delete(of);
      });
      return looking;
    });
  }

  /**
   * Reads all databases and their tables in the background, a few at a time; resolves when what can be read is. Once: what failed is
   * read again after it was forgotten, not at each key that a person types into a filter.
   */
  fill(): Promise<void> {
    const generation = this.generation;
    this.filling ??= this.fillAll(generation).finally(() => {
      if (generation !== this.generation) return;
      this.full = true;
      this.onChange(undefined);
    });
    return this.filling;
  }

  /** What `fill` can read is there. */
  get filled(): boolean {
    return this.full;
  }

  /** Forgets all; answers still on their way count for nothing. */
  forget(): void {
    this.generation += 1;
    this.filling = undefined;
    this.full = false;
    this.databases_.dispose();
    for (const list of [...this.tables_.values(), ...this.partitions_.values()]) list.dispose();
    this.tables_.clear();
    this.partitions_.clear();
    this.looked.clear();
    this.databases_ = this.listDatabases();
  }

  /** Forgets a table, or a whole database where none is named. */
  forgetIn(database: string, table?: string): void {
    const prefix = key(database, table ?? "");
    const gone = (of: string) => (table === undefined ? of.startsWith(prefix) : of === prefix);
    for (const of of [...this.looked.keys()].filter(gone)) this.looked.delete(of);
    for (const of of [...this.partitions_.keys()].filter(gone)) {
      this.partitions_.get(of)?.dispose();
      this.partitions_.delete(of);
    }
    if (table !== undefined) return;
    this.filling = undefined;
    this.full = false;
    this.tables_.get(database)?.dispose();
    this.tables_.delete(database);
  }

  dispose(): void {
    this.forget();
    this.databases_.dispose();
  }

  private async fillAll(generation: number): Promise<void> {
    await this.databases_.all();
    const waiting = this.databases_.items.map(({ name }) => name);
    const work = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        if (generation !== this.generation) return;
        await this.tables(name).all();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private listDatabases(): PagedList<CatalogDatabase> {
    const generation = this.generation;
    return new PagedList(
      (token) => this.reader.databases(token),
      () => this.tell(generation, undefined),
    );
  }

  private tell(generation: number, database: string | undefined): void {
    if (generation === this.generation) this.onChange(database);
  }
}

/** Glue's names hold no NUL. */
function key(database: string, table: string): string {
  return `${database}\0${table}`;
}

function held<V>(map: Map<string, V>, of: string, make: () => V): V {
  let value = map.get(of);
  if (value === undefined) {
    value = make();
    map.set(of, value);
  }
  return value;
}
