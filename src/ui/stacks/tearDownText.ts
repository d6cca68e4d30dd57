// What the question before a tear-down says of what goes and what is kept. Pure.
import type { TearDown } from "../../flows/destroy.ts";

export function tearDownText({ stack, resources, kept }: TearDown, connection: string): string {
  const going = resources.filter(({ status, logicalId }) => status !== "DELETE_COMPLETE" && !kept.includes(logicalId));
  const keeps = resources.filter(({ status, logicalId }) => status !== "DELETE_COMPLETE" && kept.includes(logicalId));
  const named = (type: string) =>
    going.filter((resource) => resource.type === type).map(({ physicalId, logicalId }) => physicalId ?? logicalId);
  const buckets = named("AWS::S3::Bucket");
  const databases = named("AWS::RDS::DBInstance");
  return [
    `${stack.name} (${stack.status}) on ${connection} goes, with ${going.length} ${going.length === 1 ? "resource" : "resources"}. Runs that are under way are stopped. This can't be undone.`,
    ...(buckets.length === 0 ? [] : [`With all that they hold: ${list("bucket", buckets)}.`]),
    ...(databases.length === 0 ? [] : [`With all its rows: ${list("database", databases)}.`]),
    ...(keeps.length === 0
      ? []
      : [
          `Kept, or a snapshot of it, as the template says: ${keeps.map(({ logicalId, type }) => `${logicalId} (${type})`).join(", ")}.`,
        ]),
  ].join("\n\n");
}

function list(what: string, names: readonly string[]): string {
  return `${what}${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}
