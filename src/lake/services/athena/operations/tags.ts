// TagResource, UntagResource, ListTagsForResource: workgroups have tags; data catalogs of one's own are not here.
import type { Operations } from "../../../call.ts";
import { invalidRequest, required, resourceNotFound } from "../faults.ts";
import type { Tags } from "../tags.ts";
import type { WorkGroups } from "../workgroups.ts";

type Names = "TagResource" | "UntagResource" | "ListTagsForResource";

export function tagOperations(tags: Tags, workGroups: WorkGroups): Pick<Operations<"athena">, Names> {
  const known = (arn: string | undefined): string => {
    const given = required(arn, "resourceARN");
    const [, name] = /^arn:aws:athena:[^:]*:[^:]*:workgroup\/(.+)$/.exec(given) ?? [];
    if (name === undefined) throw invalidRequest(`Invalid ARN ${given}`);
    if (workGroups.find(name) === undefined) throw resourceNotFound("WorkGroup is not found.", given);
    return given;
  };
  return {
    TagResource: {
      fields: ["ResourceARN", "Tags"],
      async run({ ResourceARN, Tags: given }) {
        await tags.put(known(ResourceARN), required(given, "tags"));
        return {};
      },
    },
    UntagResource: {
      fields: ["ResourceARN", "TagKeys"],
      async run({ ResourceARN, TagKeys }) {
        await tags.remove(known(ResourceARN), required(TagKeys, "tagKeys"));
        return {};
      },
    },
    ListTagsForResource: {
      fields: ["ResourceARN", "NextToken", "MaxResults"],
      run({ ResourceARN, NextToken, MaxResults }) {
        // Fewer tags than the least page size (75): there is never a second page.
        if (MaxResults !== undefined && MaxResults < 75) throw invalidRequest("MaxResults is at least 75.");
        if (NextToken !== undefined) throw invalidRequest(`The nextPageToken is malformed: ${NextToken}`);
        return { Tags: tags.of(known(ResourceARN)) };
      },
    },
  };
}
