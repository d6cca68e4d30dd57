// CopyObject: bytes and description under another key, from any version, under conditions on either end.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { bytesOf, refusal, textOf, useLake } from "./support.ts";

describe("a copy", () => {
  const used = useLake();
  const Bucket = "copies";
  let etag: string | undefined;
  before(async () => {
    await used.s3.send(new CreateBucketCommand({ Bucket }));
    const put = await used.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "from/a b+ü?",
        Body: "source",
        ContentType: "text/csv",
        Metadata: { m: "1" },
        Tagging: "t=1",
      }),
    );
    etag = put.ETag;
  });
  const CopySource = `${Bucket}/${encodeURIComponent("from/a b+ü?").replaceAll("%2F", "/")}`;
  const copy = (Key: string, more: Partial<CopyObjectCommandInput> = {}) =>
    used.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));
  const head = (Key: string) => used.s3.send(new HeadObjectCommand({ Bucket, Key }));

  it("has the source's bytes, description and ETag, and lives on without it", async () => {
    const copied = await copy("to");
    equal(copied.CopyObjectResult?.ETag, etag);
    const { ContentType, Metadata, ETag, TagCount } = await used.s3.send(new GetObjectCommand({ Bucket, Key: "to" }));
    deepEqual([ContentType, Metadata, ETag, TagCount], ["text/csv", { m: "1" }, etag, 1]);
    await copy("to2", { CopySource: `/${Bucket}/to` });
    await used.s3.send(new DeleteObjectCommand({ Bucket, Key: "to" }));
    equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket, Key: "to2" }))), "source");
  });

  it("has a description of its own where it is asked for", async () => {
    await copy("described", {
      MetadataDirective: "REPLACE",
      ContentType: "text/plain",
      Metadata: { n: "2" },
      TaggingDirective: "REPLACE",
      Tagging: "u=2&v=3",
    });
    const got = await used.s3.send(new GetObjectCommand({ Bucket, Key: "described" }));
    deepEqual([got.ContentType, got.Metadata, got.TagCount], ["text/plain", { n: "2" }, 2]);
    // Without the directive, what the request says of the metadata is not heeded.
    await copy("kept", { ContentType: "text/plain", Metadata: { n: "2" } });
    const kept = await head("kept");
    deepEqual([kept.ContentType, kept.Metadata], ["text/csv", { m: "1" }]);
  });

  it("onto itself must change something", async () => {
    match(await refusal(copy("from/a b+ü?")), /^InvalidRequest 400: This copy request is illegal/);
    await copy("self");
    const from = { CopySource: `${Bucket}/self` };
    match(await refusal(copy("self", from)), /^InvalidRequest 400/);
    await copy("self", { ...from, MetadataDirective: "REPLACE", Metadata: { changed: "yes" } });
    deepEqual((await head("self")).Metadata, { changed: "yes" });
    equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket, Key: "self" }))), "source");
  });

  it("is made under conditions only", async () => {
    const at = (await head("from/a b+ü?")).LastModified ?? new Date();
    const earlier = new Date(at.getTime() - 60_000);
    equal(await refusal(copy("c", { CopySourceIfMatch: etag })), "ok");
    match(await refusal(copy("c", { CopySourceIfMatch: '"other"' })), /^PreconditionFailed 412/);
    match(await refusal(copy("c", { CopySourceIfNoneMatch: etag })), /^PreconditionFailed 412/);
    match(await refusal(copy("c", { CopySourceIfModifiedSince: at })), /^PreconditionFailed 412/);
    match(await refusal(copy("c", { CopySourceIfUnmodifiedSince: earlier })), /^PreconditionFailed 412/);
    match(await refusal(copy("c", { IfNoneMatch: "*" })), /^PreconditionFailed 412/);
    match(await refusal(copy("c", { CopySource: `${Bucket}/none` })), /^NoSuchKey 404/);
    match(await refusal(copy("c", { CopySource: "no-bucket-here/none" })), /^NoSuchBucket 404/);
    match(await refusal(copy("c", { CopySource: "nonsense" })), /^InvalidArgument 400/);
  });

  it("is made of the version that is named", async () => {
    await used.s3.send(new CreateBucketCommand({ Bucket: "versioned" }));
    await used.s3.send(
      new PutBucketVersioningCommand({ Bucket: "versioned", VersioningConfiguration: { Status: "Enabled" } }),
    );
    const { VersionId } = await used.s3.send(new PutObjectCommand({ Bucket: "versioned", Key: "k", Body: "old" }));
    await used.s3.send(new PutObjectCommand({ Bucket: "versioned", Key: "k", Body: "new" }));
    const copied = await copy("old", { CopySource: `versioned/k?versionId=${VersionId}` });
    equal(copied.CopySourceVersionId, VersionId);
    equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket, Key: "old" }))), "old");
    // Restored: an old version copied over the new one.
    const restored = await used.s3.send(
      new CopyObjectCommand({ Bucket: "versioned", Key: "k", CopySource: `versioned/k?versionId=${VersionId}` }),
    );
    ok(restored.VersionId !== undefined && restored.VersionId !== VersionId);
    equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket: "versioned", Key: "k" }))), "old");
  });

  it("of an object in parts is one piece, with the MD5 of its bytes as ETag", async () => {
    const data = [bytesOf(5 << 20, 1), bytesOf(100, 2)];
    const { UploadId } = await used.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "inparts" }));
    const Parts = [];
    for (const [index, Body] of data.entries()) {
      const { ETag } = await used.s3.send(
        new UploadPartCommand({ Bucket, Key: "inparts", UploadId, PartNumber: index + 1, Body }),
      );
      Parts.push({ ETag, PartNumber: index + 1 });
    }
    await used.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: "inparts", UploadId, MultipartUpload: { Parts } }),
    );
    const copied = await copy("onepiece", { CopySource: `${Bucket}/inparts` });
    equal(copied.CopyObjectResult?.ETag, `"${createHash("md5").update(Buffer.concat(data)).digest("hex")}"`);
    const got = await used.s3.send(new GetObjectCommand({ Bucket, Key: "onepiece" }));
    ok(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat(data)));
  });

  it("can be given a checksum that the source does not have", async () => {
    const copied = await copy("summed", { ChecksumAlgorithm: "SHA256" });
    equal(copied.CopyObjectResult?.ChecksumSHA256, createHash("sha256").update("source").digest("base64"));
  });
});
