// What Glue says of the account as a whole: tags of its resources, the state of the old catalog import.
import type { Operations } from "../../../call.ts";
import { checkCatalog, invalidInput, notFound, required } from "../faults.ts";
import type { Records } from "../records.ts";

export type Tags = Record<string, string>;

/** The ARN of a Glue resource: `path` is e.g. "job/name" or "table/database/name". */
export function glueArn(records: Records, path: string): string {
  return `arn:aws:glue:${records.lake.region}:${records.lake.accountId}:${path}`;
}

export function tagsKey(arn: string): readonly string[] {
  return ["glue", "tags", arn];
}

export function accountOperations(records: Records): Operations<"glue"> {
  const { accountId, region } = records.lake;
  /** Records lie under the same names as ARNs have: ["glue", "job", name]. */
  const check = (arn: string | undefined): string => {
    const given = required(arn, "resourceArn");
    const prefix = `arn:aws:glue:${region}:${accountId}:`;
    if (!given.startsWith(prefix)) throw invalidInput(`Invalid resource ARN ${given}.`);
    const path = given.slice(prefix.length).split("/");
    if (path.length < 2 || records.get(["glue", ...path]) === undefined) throw notFound(`Resource ${given} not found.`);
    return given;
  };
  const change = async (arn: string, edit: (tags: Tags) => Tags): Promise<object> =>
    records.alone("tags", async () => {
      const tags = edit(records.get<Tags>(tagsKey(arn)) ?? {});
      await records.write((writer) => writer.put(tagsKey(arn), tags));
      return {};
    });
  return {
    GetTags: {
      fields: ["ResourceArn"],
      run: ({ ResourceArn }) => ({ Tags: records.get<Tags>(tagsKey(check(ResourceArn))) ?? {} }),
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
