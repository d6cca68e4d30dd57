// Databases of the catalog. AWS page: Glue Web API Reference, "Databases".
import type { Database, DatabaseInput } from "@aws-sdk/client-glue";
import type { Operations } from "../../../call.ts";
import { Catalog, type StoredDatabase } from "../catalog/catalog.ts";
import { alreadyExists, catalogName, checkCatalog, required } from "../faults.ts";
import { page, pageSize } from "../paging.ts";

const INPUT = ["Name", "Description", "LocationUri", "Parameters", "CreateTableDefaultPermissions"].map(
  (name) => `DatabaseInput.${name}`,
);

export function databaseOperations(catalog: Catalog): Operations<"glue"> {
  const { accountId, clock, store } = catalog.lake;
  const record = (input: DatabaseInput, name: string, created: Date): StoredDatabase => ({
    ...input,
    Name: name,
    CreateTime: created,
    // AWS's default where Lake Formation is not in charge; tools print it.
    CreateTableDefaultPermissions: input.CreateTableDefaultPermissions ?? [
      { Principal: { DataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" }, Permissions: ["ALL"] },
    ],
    CatalogId: accountId,
  });
  return {
    CreateDatabase: {
      fields: ["CatalogId", "Tags", ...INPUT],
      async run({ CatalogId, DatabaseInput }) {
        checkCatalog(CatalogId, accountId);
        const input = required(DatabaseInput, "databaseInput");
        const name = catalogName(input.Name, "databaseInput.name");
        return catalog.change(name, async () => {
          if (catalog.get(Catalog.keys.database(name)) !== undefined) throw alreadyExists("Database already exists.");
          await catalog.write((writer) =>
            writer.put(Catalog.keys.database(name), record(input, name, new Date(clock.now()))),
          );
          return {};
        });
      },
    },
    GetDatabase: {
      fields: ["CatalogId", "Name"],
      run({ CatalogId, Name }) {
        checkCatalog(CatalogId, accountId);
        return { Database: catalog.database(catalogName(Name, "name")) };
      },
    },
    GetDatabases: {
      fields: ["CatalogId", "NextToken", "MaxResults", "ResourceShareType", "AttributesToGet"],
      async run({ CatalogId, NextToken, MaxResults, ResourceShareType, AttributesToGet }) {
        checkCatalog(CatalogId, accountId);
        // Nothing is shared with the local account.
        if (ResourceShareType === "FOREIGN" || ResourceShareType === "FEDERATED") return { DatabaseList: [] };
        const { items, token } = await page<StoredDatabase>(store, Catalog.keys.databases(), {
          token: NextToken,
          limit: pageSize(MaxResults, 100),
        });
        const namesOnly = AttributesToGet?.length === 1 && AttributesToGet[0] === "NAME";
        const list: Database[] = namesOnly ? items.map(({ Name, CatalogId: of }) => ({ Name, CatalogId: of })) : items;
        return { DatabaseList: list, NextToken: token };
      },
    },
    UpdateDatabase: {
      fields: ["CatalogId", "Name", ...INPUT],
      async run({ CatalogId, Name, DatabaseInput }) {
        checkCatalog(CatalogId, accountId);
        const name = catalogName(Name, "name");
        const input = required(DatabaseInput, "databaseInput");
        return catalog.change(name, async () => {
          const before = catalog.database(name);
          await catalog.write((writer) =>
            writer.put(Catalog.keys.database(name), record(input, name, before.CreateTime ?? new Date(clock.now()))),
          );
          return {};
        });
      },
    },
    DeleteDatabase: {
      fields: ["CatalogId", "Name"],
      async run({ CatalogId, Name }) {
        checkCatalog(CatalogId, accountId);
        const name = catalogName(Name, "name");
        return catalog.change(name, async () => {
          catalog.database(name);
          // The page: what is in the database goes with it.
          const keys = [Catalog.keys.database(name)];
          for (const family of ["table", "tableVersion", "partition", "statistics", "function"])
            keys.push(...(await catalog.keysBelow(["glue", family, name])));
          await catalog.write((writer) => keys.forEach((key) => writer.delete(key)));
          return {};
        });
      },
    },
  };
}
