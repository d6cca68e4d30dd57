// The buckets: versioned, encrypted, TLS only, closed to the public, and tiered in a way that every object stays readable at once.
import { describeRules, type Rule } from "./rules.ts";
import type { Resource, Stack } from "./stack.ts";
import { entries, get, items, text, texts } from "./values.ts";

const buckets = (stack: Stack): Resource[] => stack.ofType("AWS::S3::Bucket");
const rulesOf = (bucket: Resource): unknown[] => items(get(bucket.properties, "LifecycleConfiguration/Rules"));

/** A finding for every bucket that lacks what is asked. */
const everyBucket =
  (lacks: (bucket: Resource, stack: Stack) => string | undefined) =>
  (stack: Stack): string[] =>
    buckets(stack).flatMap((bucket) => {
      const what = lacks(bucket, stack);
      return what === undefined ? [] : [`${bucket.id} ${what}`];
    });

const data = "DataBucket/Properties";

const rules: Rule[] = [
  {
    name: "three, with names that AWS makes up, and with a word on what becomes of them",
    check: (stack) => [
      ...(buckets(stack).length === 3 ? [] : [`${buckets(stack).length} buckets`]),
      ...everyBucket(({ properties, deletionPolicy, updateReplacePolicy }) => {
        if (properties["BucketName"] !== undefined) return "has a name that somebody may have taken";
        return deletionPolicy === "Delete" && updateReplacePolicy === "Delete"
          ? undefined
          : "does not say what becomes of it";
      })(stack),
    ],
    mutations: [
      { name: "a name", edit: (t) => t.set(`${data}/BucketName`, "lake"), finds: /DataBucket has a name/ },
      {
        name: "one left behind",
        edit: (t) => t.set("DataBucket/DeletionPolicy", "Retain"),
        finds: /DataBucket does not say/,
      },
      {
        name: "no word on replacement",
        edit: (t) => t.remove("ResultsBucket/UpdateReplacePolicy"),
        finds: /ResultsBucket does not say/,
      },
    ],
  },
  {
    name: "versioned, encrypted, owned by the account alone, and closed to the public in all four ways",
    check: everyBucket(({ properties: p }) => {
      const encryption = items(get(p, "BucketEncryption/ServerSideEncryptionConfiguration"));
      const open = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].filter(
        (name) => text(p, `PublicAccessBlockConfiguration/${name}`) !== "true",
      );
      if (text(p, "VersioningConfiguration/Status") !== "Enabled") return "keeps no versions";
      if (text(encryption[0], "ServerSideEncryptionByDefault/SSEAlgorithm") !== "AES256") return "is not encrypted";
      if (text(p, "OwnershipControls/Rules/0/ObjectOwnership") !== "BucketOwnerEnforced") return "takes access lists";
      return open.length === 0 ? undefined : `lacks ${open.join()}`;
    }),
    mutations: [
      {
        name: "versions off",
        edit: (t) => t.set(`${data}/VersioningConfiguration/Status`, "Suspended"),
        finds: /DataBucket keeps no/,
      },
      {
        name: "no encryption",
        edit: (t) => t.remove("ArtifactsBucket/Properties/BucketEncryption"),
        finds: /ArtifactsBucket is not/,
      },
      {
        name: "a key of the account's, which each role would need rights on",
        edit: (t) =>
          t.set(
            `${data}/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm`,
            "aws:kms",
          ),
        finds: /is not encrypted/,
      },
      {
        name: "access lists",
        edit: (t) => t.remove("ResultsBucket/Properties/OwnershipControls"),
        finds: /ResultsBucket takes/,
      },
      {
        name: "one way open",
        edit: (t) => t.set(`${data}/PublicAccessBlockConfiguration/BlockPublicPolicy`, false),
        finds: /DataBucket lacks BlockPublicPolicy/,
      },
    ],
  },
  {
    name: "their policies deny every call without TLS, on bucket and objects, and allow nobody anything",
    check: (stack) => [
      ...everyBucket((bucket) => {
        const arn = `arn:aws:s3:::${bucket.id.toLowerCase()}`;
        const denied = statements(stack, bucket).some(
          (one) =>
            text(one, "Effect") === "Deny" &&
            text(one, "Principal") === "*" &&
            text(one, "Action") === "s3:*" &&
            [arn, `${arn}/*`].every((resource) => texts(get(one, "Resource")).includes(resource)) &&
            JSON.stringify(get(one, "Condition")) === '{"Bool":{"aws:SecureTransport":"false"}}',
        );
        return denied ? undefined : "answers without TLS";
      })(stack),
      ...everyBucket((bucket) =>
        statements(stack, bucket).every((one) => text(one, "Effect") === "Deny")
          ? undefined
          : "allows somebody something",
      )(stack),
    ],
    mutations: [
      { name: "no policy", edit: (t) => t.remove("DataBucketPolicy"), finds: /DataBucket answers without TLS/ },
      {
        name: "objects forgotten",
        edit: (t) => t.remove("DataBucketPolicy/Properties/PolicyDocument/Statement/0/Resource/1"),
        finds: /DataBucket answers/,
      },
      {
        name: "the other way round",
        edit: (t) =>
          t.set("DataBucketPolicy/Properties/PolicyDocument/Statement/0/Condition/Bool/aws:SecureTransport", "true"),
        finds: /DataBucket answers/,
      },
      {
        name: "an allowance",
        edit: (t) => t.set("ResultsBucketPolicy/Properties/PolicyDocument/Statement/0/Effect", "Allow"),
        finds: /ResultsBucket allows/,
      },
    ],
  },
  {
    name: "the data tiers itself from the first day, and no tier has to be restored before it can be read",
    check: (stack) => {
      const tiers = (bucket: Resource): string[] =>
        rulesOf(bucket).flatMap((rule) => [
          ...items(get(rule, "Transitions")).map(
            (one) => `${text(one, "StorageClass")} after ${text(one, "TransitionInDays")}`,
          ),
          ...items(get(rule, "NoncurrentVersionTransitions")).map(
            (one) => `${text(one, "StorageClass")} of old versions`,
          ),
        ]);
      return [
        ...buckets(stack).flatMap((bucket) =>
          tiers(bucket)
            .filter((tier) => !tier.startsWith("INTELLIGENT_TIERING"))
            .map((tier) => `${bucket.id}: ${tier}`),
        ),
        ...everyBucket(({ properties: p }) =>
          // This property can only say which archive tiers to use.
          p["IntelligentTieringConfigurations"] === undefined ? undefined : "has archive tiers",
        )(stack),
        ...(buckets(stack).some((bucket) => tiers(bucket).includes("INTELLIGENT_TIERING after 0"))
          ? []
          : ["no bucket tiers itself"]),
      ];
    },
    mutations: [
      { name: "Glacier", edit: (t) => t.set(`${tiering}/StorageClass`, "GLACIER"), finds: /DataBucket: GLACIER/ },
      {
        name: "not from the first day",
        edit: (t) => t.set(`${tiering}/TransitionInDays`, 30),
        finds: /no bucket tiers/,
      },
      {
        name: "archive tiers",
        edit: (t) =>
          t.set(`${data}/IntelligentTieringConfigurations`, [
            { Id: "archive", Status: "Enabled", Tierings: [{ AccessTier: "ARCHIVE_ACCESS", Days: 90 }] },
          ]),
        finds: /DataBucket has archive tiers/,
      },
    ],
  },
  {
    name: "nothing in them grows for ever that nobody reads: old versions, delete markers, unfinished uploads, results, scratch files",
    check: (stack) => {
      const expires = (id: string, prefix: string): boolean =>
        rulesOf(stack.resources.get(id) as Resource).some(
          (rule) => Number(get(rule, "ExpirationInDays")) > 0 && text(rule, "Prefix") === prefix,
        );
      return [
        ...everyBucket((bucket) => {
          const all = rulesOf(bucket).filter(
            (rule) => text(rule, "Status") === "Enabled" && text(rule, "Prefix") === "",
          );
          const has = (path: string): boolean => all.some((rule) => !["", "0", "false"].includes(text(rule, path)));
          const missing = [
            "NoncurrentVersionExpiration/NoncurrentDays",
            "ExpiredObjectDeleteMarker",
            "AbortIncompleteMultipartUpload/DaysAfterInitiation",
          ].filter((path) => !has(path));
          return missing.length === 0 ? undefined : `lacks ${missing.join()}`;
        })(stack),
        ...everyBucket((bucket) =>
          // S3 refuses the two in one rule.
          rulesOf(bucket).some(
            (rule) =>
              get(rule, "ExpirationInDays") !== undefined && get(rule, "ExpiredObjectDeleteMarker") !== undefined,
          )
            ? "has a rule that S3 refuses"
            : undefined,
        )(stack),
        ...(expires("ResultsBucket", "") ? [] : ["results stay for ever"]),
        ...(expires("ArtifactsBucket", "temp/") ? [] : ["scratch files stay for ever"]),
        ...rulesOf(stack.resources.get("DataBucket") as Resource)
          .filter((rule) => entries(rule).some(([name]) => name.startsWith("Expiration")))
          .map(() => "the lake itself expires"),
      ];
    },
    mutations: [
      {
        name: "a rule off",
        edit: (t) => t.set(`${data}/LifecycleConfiguration/Rules/1/Status`, "Disabled"),
        finds: /DataBucket lacks Non/,
      },
      {
        name: "results kept",
        edit: (t) => t.remove("ResultsBucket/Properties/LifecycleConfiguration/Rules/0"),
        finds: /results stay/,
      },
      {
        name: "all artifacts, scripts too",
        edit: (t) => t.remove("ArtifactsBucket/Properties/LifecycleConfiguration/Rules/0/Prefix"),
        finds: /scratch files stay/,
      },
      {
        name: "the lake expires",
        edit: (t) => t.set(`${data}/LifecycleConfiguration/Rules/0/ExpirationInDays`, 365),
        finds: /the lake itself/,
      },
      {
        name: "both in one rule",
        edit: (t) => t.set("ResultsBucket/Properties/LifecycleConfiguration/Rules/0/ExpiredObjectDeleteMarker", true),
        finds: /ResultsBucket has a rule that S3 refuses/,
      },
    ],
  },
];

const tiering = `${data}/LifecycleConfiguration/Rules/0/Transitions/0`;

function statements(stack: Stack, bucket: Resource): unknown[] {
  return stack
    .ofType("AWS::S3::BucketPolicy")
    .filter(({ properties }) => properties["Bucket"] === bucket.id.toLowerCase())
    .flatMap(({ properties }) => items(get(properties, "PolicyDocument/Statement")));
}

describeRules("buckets", rules);
