// AWS::S3::BucketPolicy for CloudFormation.
import { ServiceError } from "../../../fault.ts";
import type { Lake } from "../../../lake.ts";
import type { Properties, ResourceType } from "../../../resource.ts";
import { unlessGone } from "./gone.ts";

export function bucketPolicyType(lake: Lake): ResourceType {
  const put = (properties: Properties) =>
    lake.call("s3", "PutBucketPolicy", {
      Bucket: bucketOf(properties),
      Policy: policyText(properties["PolicyDocument"]),
    });
  return {
    type: "AWS::S3::BucketPolicy",
    // Kept and answered, never enforced: a TLS-only policy can't hold on http.
    recorded: true,
    properties: ["Bucket", "PolicyDocument"],
    async create(properties) {
      await put(properties);
      return { physicalId: bucketOf(properties), attributes: {} };
    },
    async update(physicalId, _before, after) {
      if (bucketOf(after) !== physicalId) {
        throw new ServiceError(
          "NotImplemented",
          "The local lake does not replace a bucket policy when its Bucket changes.",
          { status: 501 },
        );
      }
      await put(after);
      return { physicalId, attributes: {} };
    },
    async delete(physicalId) {
      await unlessGone(lake.call("s3", "DeleteBucketPolicy", { Bucket: physicalId }));
    },
    async read(physicalId) {
      const found = await unlessGone(lake.call("s3", "GetBucketPolicy", { Bucket: physicalId }));
      return found === undefined ? undefined : { physicalId, attributes: {} };
    },
  };
}

function bucketOf(properties: Properties): string {
  return String(properties["Bucket"]);
}

/** A template may give the document as JSON or as its text. */
function policyText(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}
