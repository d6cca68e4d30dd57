// Objects through the JavaScript SDK: what is put comes out, with what was said of it, whole or in part, and only under the conditions asked.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { refusal, textOf, useLake } from "./support.ts";

describe("buckets", () => {
  const used = useLake();

  it("are made, found, listed and deleted", async () => {
    const { s3 } = used;
    const made = await s3.send(new CreateBucketCommand({ Bucket: "one-bucket" }));
    equal(made.Location, "/one-bucket");
    const head = await s3.send(new HeadBucketCommand({ Bucket: "one-bucket" }));
    equal(head.BucketRegion, "us-east-1");
    equal((await s3.send(new GetBucketLocationCommand({ Bucket: "one-bucket" }))).LocationConstraint, undefined);
    await s3.send(new CreateBucketCommand({ Bucket: "another" }));
    const listed = await s3.send(new ListBucketsCommand({}));
    deepEqual(
      listed.Buckets?.map(({ Name }) => Name),
      ["another", "one-bucket"],
    );
    const page = await s3.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    deepEqual(
      page.Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion]),
      [["another", "us-east-1"]],
    );
    const rest = await s3.send(new ListBucketsCommand({ ContinuationToken: page.ContinuationToken, MaxBuckets: 5 }));
    deepEqual(
      rest.Buckets?.map(({ Name }) => Name),
      ["one-bucket"],
    );
    equal(rest.ContinuationToken, undefined);
    await s3.send(new DeleteBucketCommand({ Bucket: "another" }));
    equal(
      await refusal(s3.send(new DeleteBucketCommand({ Bucket: "another" }))),
      "NoSuchBucket 404: The specified bucket does not exist",
    );
    match(await refusal(s3.send(new HeadBucketCommand({ Bucket: "another" }))), /^NotFound 404/);
  });

  it("are refused for a bad name, a taken name, another region, another owner, and while something is in them", async () => {
    const { s3 } = used;
    for (const Bucket of ["ab", "UPPER", "has_underscore", "192.168.1.1", "-dash", "dot..dot", "xn--a"]) {
      match(await refusal(s3.send(new CreateBucketCommand({ Bucket }))), /^InvalidBucketName 400/, Bucket);
    }
    await s3.send(new CreateBucketCommand({ Bucket: "taken" }));
    match(await refusal(s3.send(new CreateBucketCommand({ Bucket: "taken" }))), /^BucketAlreadyOwnedByYou 409/);
    match(
      await refusal(
        s3.send(
          new CreateBucketCommand({ Bucket: "far", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
        ),
      ),
      /^IllegalLocationConstraintException 400/,
    );
    match(
      await refusal(s3.send(new HeadBucketCommand({ Bucket: "taken", ExpectedBucketOwner: "111111111111" }))),
      / 403/,
    );
    await s3.send(new PutObjectCommand({ Bucket: "taken", Key: "a", Body: "a" }));
    equal(
      await refusal(s3.send(new DeleteBucketCommand({ Bucket: "taken" }))),
      "BucketNotEmpty 409: The bucket you tried to delete is not empty.",
    );
    await s3.send(new DeleteObjectCommand({ Bucket: "taken", Key: "a" }));
    equal(await refusal(s3.send(new DeleteBucketCommand({ Bucket: "taken" }))), "ok");
  });

  it("keep what is put while they are being deleted", async () => {
    // Eight rounds of puts against a delete: either the bucket is gone and every put was refused, or it stays with every acknowledged object.
    const { s3 } = used;
    for (let round = 0; round < 8; round += 1) {
      const Bucket = `race-${round}`;
      await s3.send(new CreateBucketCommand({ Bucket }));
      const puts = Array.from({ length: 6 }, (_, index) =>
        refusal(s3.send(new PutObjectCommand({ Bucket, Key: `k${index}`, Body: "x" }))),
      );
      const [deleted, ...stored] = await Promise.all([refusal(s3.send(new DeleteBucketCommand({ Bucket }))), ...puts]);
      const kept = stored.filter((answer) => answer === "ok").length;
      if (deleted === "ok") equal(kept, 0, `${Bucket} went with ${kept} acknowledged objects in it`);
      else ok(kept > 0, String(deleted));
    }
  });
});

describe("objects", () => {
  const used = useLake();
  const Bucket = "objects";
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));

  it("come out as they went in, with their MD5 as ETag and all that was said of them", async () => {
    const { s3 } = used;
    const Body = "The quick brown fox";
    const put = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "docs/fox.txt",
        Body,
        ContentType: "text/plain; charset=utf-8",
        CacheControl: "max-age=60",
        ContentDisposition: 'attachment; filename="fox.txt"',
        ContentEncoding: "identity",
        ContentLanguage: "en",
        Expires: new Date("2030-01-02T03:04:05Z"),
        Metadata: { Owner: "ann", "x-y": "1" },
        StorageClass: "INTELLIGENT_TIERING",
        Tagging: "team=lake&stage=raw",
      }),
    );
    const md5 = `"${createHash("md5").update(Body).digest("hex")}"`;
    equal(put.ETag, md5);
    equal(put.ServerSideEncryption, "AES256");
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "docs/fox.txt" }));
    equal(await textOf(got), Body);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "docs/fox.txt" }));
    for (const seen of [got, head]) {
      equal(seen.ETag, md5);
      equal(seen.ContentLength, 19);
      equal(seen.ContentType, "text/plain; charset=utf-8");
      equal(seen.CacheControl, "max-age=60");
      equal(seen.ContentDisposition, 'attachment; filename="fox.txt"');
      equal(seen.ContentEncoding, "identity");
      equal(seen.ContentLanguage, "en");
      equal(seen.ExpiresString, "Wed, 02 Jan 2030 03:04:05 GMT");
      deepEqual(seen.Metadata, { owner: "ann", "x-y": "1" });
      equal(seen.StorageClass, "INTELLIGENT_TIERING");
      equal(seen.AcceptRanges, "bytes");
      equal(seen.VersionId, undefined);
      ok((seen.LastModified?.getTime() ?? 0) <= Date.now() + 1000);
    }
    equal(got.TagCount, 2);
  });

  it("may be empty", async () => {
    const { s3 } = used;
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: "" }));
    equal(put.ETag, '"d41d8cd98f00b204e9800998ecf8427e"');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "empty" }));
    equal(got.ContentLength, 0);
    equal(await textOf(got), "");
    match(
      await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "empty", Range: "bytes=0-0" }))),
      /^InvalidRange 416/,
    );
  });

  it("are read in ranges of every form", async () => {
    const { s3 } = used;
    await s3.send(new PutObjectCommand({ Bucket, Key: "digits", Body: "0123456789" }));
    const read = async (Range: string) => {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "digits", Range }));
      return [await textOf(got), got.ContentRange, got.ContentLength, got.$metadata.httpStatusCode];
    };
    deepEqual(await read("bytes=2-4"), ["234", "bytes 2-4/10", 3, 206]);
    deepEqual(await read("bytes=7-"), ["789", "bytes 7-9/10", 3, 206]);
    deepEqual(await read("bytes=-3"), ["789", "bytes 7-9/10", 3, 206]);
    deepEqual(await read("bytes=-99"), ["0123456789", "bytes 0-9/10", 10, 206]);
    deepEqual(await read("bytes=0-0"), ["0", "bytes 0-0/10", 1, 206]);
    deepEqual(await read("bytes=5-99"), ["56789", "bytes 5-9/10", 5, 206]);
    // Several ranges, another unit and nonsense are not heeded.
    for (const range of ["bytes=0-1,4-5", "lines=1-2", "bytes=5-2", "bytes=-"]) {
      deepEqual(await read(range), ["0123456789", undefined, 10, 200], range);
    }
    equal(await refusal(read("bytes=10-")), "InvalidRange 416: The requested range is not satisfiable");
    match(await refusal(read("bytes=-0")), /^InvalidRange 416/);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "digits", Range: "bytes=1-2" }));
    deepEqual([head.ContentLength, head.ContentRange], [2, "bytes 1-2/10"]);
  });

  it("answer under conditions only", async () => {
    const { s3 } = used;
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "cond", Body: "x" }));
    const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: "cond" }));
    const at = LastModified ?? new Date();
    const earlier = new Date(at.getTime() - 60_000);
    const get = (conditions: object) => refusal(s3.send(new GetObjectCommand({ Bucket, Key: "cond", ...conditions })));
    equal(await get({ IfMatch: ETag }), "ok");
    equal(await get({ IfMatch: "*" }), "ok");
    equal(await get({ IfMatch: `"other", ${ETag}` }), "ok");
    match(await get({ IfMatch: '"other"' }), /^PreconditionFailed 412/);
    equal(await get({ IfNoneMatch: '"other"' }), "ok");
    match(await get({ IfNoneMatch: ETag }), / 304/);
    equal(await get({ IfModifiedSince: earlier }), "ok");
    match(await get({ IfModifiedSince: at }), / 304/);
    equal(await get({ IfUnmodifiedSince: at }), "ok");
    match(await get({ IfUnmodifiedSince: earlier }), /^PreconditionFailed 412/);
    // The ETag decides where both are asked (RFC 9110).
    equal(await get({ IfMatch: ETag, IfUnmodifiedSince: earlier }), "ok");
    match(await get({ IfNoneMatch: ETag, IfModifiedSince: earlier }), / 304/);
    match(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "cond", IfNoneMatch: ETag }))), / 304/);
  });

  it("are written under conditions only, and by one writer of two", async () => {
    const { s3 } = used;
    const put = (Key: string, conditions: object) =>
      refusal(s3.send(new PutObjectCommand({ Bucket, Key, Body: "y", ...conditions })));
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "once", Body: "x" }));
    match(await put("once", { IfNoneMatch: "*" }), /^PreconditionFailed 412/);
    match(await put("once", { IfMatch: '"other"' }), /^PreconditionFailed 412/);
    equal(await put("once", { IfMatch: ETag }), "ok");
    match(await put("absent", { IfMatch: ETag }), /^NoSuchKey 404/);
    const answers = await Promise.all(Array.from({ length: 8 }, () => put("fresh", { IfNoneMatch: "*" })));
    equal(answers.filter((answer) => answer === "ok").length, 1, answers.join("\n"));
    match(
      await refusal(s3.send(new DeleteObjectCommand({ Bucket, Key: "once", IfMatch: '"other"' }))),
      /^PreconditionFailed 412/,
    );
  });

  it("are whole whichever of two writers comes last", async () => {
    const { s3 } = used;
    const bodies = ["a", "b"].map((letter) => letter.repeat(300_000));
    for (let round = 0; round < 5; round += 1) {
      const puts = bodies.map((Body) => s3.send(new PutObjectCommand({ Bucket, Key: "shared", Body })));
      const readers = Array.from({ length: 4 }, () =>
        s3
          .send(new GetObjectCommand({ Bucket, Key: "shared" }))
          .then(textOf)
          .catch(() => "none"),
      );
      await Promise.all(puts);
      for (const seen of [
        ...(await Promise.all(readers)),
        await textOf(await s3.send(new GetObjectCommand({ Bucket, Key: "shared" }))),
      ]) {
        ok(seen === "none" || bodies.includes(seen), `a mix of two writers, ${seen.length} bytes`);
      }
    }
  });

  it("that are replaced are still read whole by who began before", async () => {
    const { s3 } = used;
    const before_ = "1".repeat(8_000_000);
    await s3.send(new PutObjectCommand({ Bucket, Key: "replaced", Body: before_ }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "replaced" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "replaced", Body: "2" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "replaced" }));
    equal(await textOf(got), before_);
    match(
      await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "replaced" }))),
      /^NoSuchKey 404: The specified key does not exist\./,
    );
  });

  it("answer with the headers that the reader asks for", async () => {
    const { s3 } = used;
    await s3.send(new PutObjectCommand({ Bucket, Key: "plain", Body: "x" }));
    const got = await s3.send(
      new GetObjectCommand({
        Bucket,
        Key: "plain",
        ResponseContentType: "text/csv",
        ResponseContentDisposition: "inline",
        ResponseCacheControl: "no-store",
        ResponseContentLanguage: "de",
        ResponseExpires: new Date("2031-01-01T00:00:00Z"),
      }),
    );
    deepEqual(
      [got.ContentType, got.ContentDisposition, got.CacheControl, got.ContentLanguage, got.ExpiresString],
      ["text/csv", "inline", "no-store", "de", "Wed, 01 Jan 2031 00:00:00 GMT"],
    );
  });

  it("are deleted, one or many, also where they are not there", async () => {
    const { s3 } = used;
    for (const Key of ["d/1", "d/2", "d/3"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    equal(await refusal(s3.send(new DeleteObjectCommand({ Bucket, Key: "d/none" }))), "ok");
    const many = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "d/1" }, { Key: "d/none" }] } }),
    );
    deepEqual(many.Deleted, [{ Key: "d/1" }, { Key: "d/none" }]);
    const quiet = await s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Quiet: true, Objects: [{ Key: "d/2" }, { Key: "x".repeat(1025) }] },
      }),
    );
    equal(quiet.Deleted, undefined);
    deepEqual(
      quiet.Errors?.map(({ Code }) => Code),
      ["KeyTooLongError"],
    );
    match(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "d/2" }))), /^NotFound 404/);
    const tooMany = Array.from({ length: 1001 }, (_, index) => ({ Key: String(index) }));
    match(
      await refusal(s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: tooMany } }))),
      /^MalformedXML 400/,
    );
  });

  it("refuse by name what the lake does not have", async () => {
    const { s3 } = used;
    const put = (members: object) =>
      refusal(s3.send(new PutObjectCommand({ Bucket, Key: "no", Body: "x", ...members })));
    match(await put({ ServerSideEncryption: "aws:kms" }), /^NotImplemented 501: .*server-side encryption with aws:kms/);
    match(
      await put({ SSECustomerAlgorithm: "AES256", SSECustomerKey: Buffer.alloc(32).toString("base64") }),
      /^NotImplemented 501: .*SSECustomer/,
    );
    match(await put({ StorageClass: "GLACIER" }), /^NotImplemented 501: .*GLACIER/);
    match(await put({ StorageClass: "LUKEWARM" }), /^InvalidStorageClass 400/);
    match(await put({ ObjectLockLegalHoldStatus: "ON" }), /^NotImplemented 501: .*ObjectLockLegalHoldStatus/);
    match(await put({ ACL: "public-read" }), /^AccessControlListNotSupported 400/);
    match(await put({ Metadata: { big: "x".repeat(2048) } }), /^MetadataTooLarge 400/);
    match(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "no" }))), /^NotFound 404/);
  });
});
