// What Glue says of the account as a whole: tags of its resources, the state of the old catalog import.
import type { Operations } from "../../../call.ts";
import { Catalog } from "../catalog/catalog.ts";
import { checkCatalog, invalidInput, notFound, required } from "../faults.ts";

export type Tags = Record<string, string>;

/** The ARN of a Glue resource: `path` is e.g. "job/name" or "table/database/name". */
export function glueArn(catalog: Catalog, path: string): string {
  return `arn:aws:glue:${catalog.lake.region}:${catalog.lake.accountId}:${path}`;
}

export function tagsKey(arn: string): readonly string[] {
  return ["glue", "tags", arn];
}

export function accountOperations(catalog: Catalog): Operations<"glue"> {
  const { accountId, region, store } = catalog.lake;
  /** Records lie under the same names as ARNs have: ["glue", "job", name]. */
  const check = (arn: string | undefined): string => {
    const given = required(arn, "resourceArn");
    const prefix = `arn:aws:glue:${region}:${accountId}:`;
    if (!given.startsWith(prefix)) throw invalidInput(`Invalid resource ARN ${given}.`);
    const path = given.slice(prefix.length).split("/");
    if (path.length < 2 || catalog.get(["glue", ...path]) === undefined) throw notFound(`Resource ${given} not found.`);
    return given;
  };
  const change = async (arn: string, edit: (tags: Tags) => Tags): Promise<object> =>
    store.lock("glue/tags", async () => {
      const tags = edit(catalog.get<Tags>(tagsKey(arn)) ?? {});
      await catalog.write((writer) => writer.put(tagsKey(arn), tags));
      return {};
    });
  return {
    GetTags: {
      fields: ["ResourceArn"],
      run: ({ ResourceArn }) => ({ Tags: catalog.get<Tags>(tagsKey(check(ResourceArn))) ?? {} }),
    },
    TagResource: {
      fields: ["ResourceArn", "TagsToAdd"],
      run: ({ ResourceArn, TagsToAdd }) =>
        change(check(ResourceArn), (tags) => ({ ...tags, ...required(TagsToAdd, "tagsToAdd") })),
    },
    UntagResource: {
      fields: ["ResourceArn", "TagsToRemove"],
      run: ({ ResourceArn, TagsToRemove }) =>
        change(check(ResourceArn), (tags) =>
          Object.fromEntries(
            Object.entries(tags).filter(([name]) => !required(TagsToRemove, "tagsToRemove").includes(name)),
          ),
        ),
    },
    GetCatalogImportStatus: {
      fields: ["CatalogId"],
      run({ CatalogId }) {
        checkCatalog(CatalogId, accountId);
        // There is no Athena catalog older than Glue here: nothing is left to import.
        return { ImportStatus: { ImportCompleted: true } };
      },
    },
  };
}
