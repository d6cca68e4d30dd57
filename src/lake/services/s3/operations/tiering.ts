// Intelligent-Tiering configurations of a bucket, each under its id: stored and answered; there are no tiers on a laptop.
import type { Input, Operations } from "../../../call.ts";
import { ServiceError } from "../../../fault.ts";
import { invalidArgument, malformedXml } from "../errors.ts";
import { checkOwner, COMMON, required } from "../members.ts";
import { changeSettings, withSetting } from "../settings.ts";
import type { S3 } from "../versions.ts";

type Configuration = NonNullable<
  Input<"s3", "PutBucketIntelligentTieringConfiguration">["IntelligentTieringConfiguration"]
>;

const SETTING = "IntelligentTiering";

export function tieringOperations(
  s3: S3,
): Pick<
  Operations<"s3">,
  `${"Get" | "Put" | "Delete"}BucketIntelligentTieringConfiguration` | "ListBucketIntelligentTieringConfigurations"
> {
  const all = (name: string) =>
    (s3.store.bucket(name).settings[SETTING] ?? {}) as Readonly<Record<string, Configuration>>;
  const bucketOf = (input: { Bucket?: string | undefined; ExpectedBucketOwner?: string | undefined }) => {
    checkOwner(input.ExpectedBucketOwner, s3.lake.accountId);
    return s3.store.bucket(required("Bucket", input.Bucket)).name;
  };
  const found = (name: string, id: string | undefined): Configuration => {
    const configuration = all(name)[id ?? ""];
    if (configuration === undefined) {
      throw new ServiceError("NoSuchConfiguration", "The specified configuration does not exist.", {
        status: 404,
        members: { BucketName: name },
      });
    }
    return configuration;
  };
  return {
    GetBucketIntelligentTieringConfiguration: {
      fields: [...COMMON, "Id"],
      run: (input) => ({ IntelligentTieringConfiguration: found(bucketOf(input), input.Id) }),
    },
    ListBucketIntelligentTieringConfigurations: {
      fields: COMMON,
      run: (input) => ({
        IsTruncated: false,
        IntelligentTieringConfigurationList: Object.values(all(bucketOf(input))),
      }),
    },
    PutBucketIntelligentTieringConfiguration: {
      fields: [...COMMON, "Id", "IntelligentTieringConfiguration"],
      async run(input) {
        const name = bucketOf(input);
        const configuration = input.IntelligentTieringConfiguration;
        if (configuration?.Status === undefined || (configuration.Tierings ?? []).length === 0) throw malformedXml();
        if (configuration.Id !== input.Id)
          throw invalidArgument("id", input.Id, "The id in the query and in the document differ.");
        await changeSettings(s3, name, (bucket) =>
          withSetting(bucket, SETTING, { ...all(name), [required("Id", input.Id)]: configuration }),
        );
        return {};
      },
    },
    DeleteBucketIntelligentTieringConfiguration: {
      fields: [...COMMON, "Id"],
      async run(input) {
        const name = bucketOf(input);
        found(name, input.Id);
        const { [input.Id ?? ""]: _, ...others } = all(name);
        await changeSettings(s3, name, (bucket) => withSetting(bucket, SETTING, others));
        return {};
      },
    },
  };
}
