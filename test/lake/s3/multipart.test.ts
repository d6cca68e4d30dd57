// Uploads in parts: joined in order, checked part by part, dropped when given up, and invisible until they are whole.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { waitFor } from "../harness.ts";
import { bytesOf, refusal, useLake } from "./support.ts";

const MIB = 1 << 20;

describe("uploads in parts", () => {
  const used = useLake();
  const Bucket = "parts";
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));

  const create = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) =>
    (await used.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId;
  const part = (Key: string, UploadId: string | undefined, PartNumber: number, Body: Buffer) =>
    used.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  const complete = (Key: string, UploadId: string | undefined, Parts: CompletedPart[], more = {}) =>
    used.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
  const bytes = async (Key: string, more = {}) => {
    const got = await used.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Buffer.from((await got.Body?.transformToByteArray()) ?? []);
  };
  const files = () =>
    readdirSync(join(used.lake.folder, "s3"), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    ).length;

  it("become one object with the ETag of its parts and the description of its beginning", async () => {
    const data = [bytesOf(5 * MIB, 1), bytesOf(6 * MIB, 2), bytesOf(1000, 3)];
    const UploadId = await create("whole", { ContentType: "text/csv", Metadata: { from: "parts" } });
    const parts: CompletedPart[] = [];
    // Sent out of order, as clients with many connections do; numbers may have gaps.
    for (const [at, number] of [
      [2, 9],
      [0, 1],
      [1, 4],
    ] as const) {
      const { ETag } = await part("whole", UploadId, number, data[at] as Buffer);
      equal(
        ETag,
        `"${createHash("md5")
          .update(data[at] as Buffer)
          .digest("hex")}"`,
      );
      parts.push({ PartNumber: number, ETag });
    }
    match(await refusal(used.s3.send(new HeadObjectCommand({ Bucket, Key: "whole" }))), /^NotFound 404/);
    equal((await used.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "whole" }))).KeyCount, 0);
    const sorted = parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    const done = await complete("whole", UploadId, sorted);
    const md5s = data.map((chunk) => createHash("md5").update(chunk).digest());
    equal(done.ETag, `"${createHash("md5").update(Buffer.concat(md5s)).digest("hex")}-3"`);
    const all = Buffer.concat(data);
    ok((await bytes("whole")).equals(all));
    const head = await used.s3.send(new HeadObjectCommand({ Bucket, Key: "whole" }));
    deepEqual(
      [head.ContentLength, head.ContentType, head.Metadata, head.ETag],
      [all.length, "text/csv", { from: "parts" }, done.ETag],
    );
    // A range across the seam of two parts, and one part by its number.
    const seam = 5 * MIB;
    ok((await bytes("whole", { Range: `bytes=${seam - 10}-${seam + 9}` })).equals(all.subarray(seam - 10, seam + 10)));
    ok((await bytes("whole", { Range: "bytes=-1010" })).equals(all.subarray(all.length - 1010)));
    const second = await used.s3.send(new GetObjectCommand({ Bucket, Key: "whole", PartNumber: 2 }));
    deepEqual(
      [second.PartsCount, second.ContentLength, second.ContentRange],
      [3, 6 * MIB, `bytes ${seam}-${seam + 6 * MIB - 1}/${all.length}`],
    );
    match(await refusal(bytes("whole", { PartNumber: 4 })), /^InvalidPartNumber 416/);
    const attributes = await used.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: "whole", ObjectAttributes: ["ETag", "ObjectParts", "ObjectSize"] }),
    );
    deepEqual(
      [attributes.ObjectSize, attributes.ObjectParts?.TotalPartsCount, `"${attributes.ETag}"`],
      [all.length, 3, done.ETag],
    );
    match(await refusal(complete("whole", UploadId, sorted)), /^NoSuchUpload 404/);
  });

  it("are refused with a wrong ETag, a missing part, a wrong order, a small part, a wrong size or nothing", async () => {
    const UploadId = await create("refused");
    const small = (await part("refused", UploadId, 1, bytesOf(100, 1))).ETag;
    const large = (await part("refused", UploadId, 2, bytesOf(5 * MIB, 2))).ETag;
    const last = (await part("refused", UploadId, 3, bytesOf(10, 3))).ETag;
    match(
      await refusal(complete("refused", UploadId, [{ PartNumber: 2, ETag: small }])),
      /^InvalidPart 400: One or more of the specified parts/,
    );
    match(await refusal(complete("refused", UploadId, [{ PartNumber: 7, ETag: small }])), /^InvalidPart 400/);
    match(
      await refusal(
        complete("refused", UploadId, [
          { PartNumber: 3, ETag: last },
          { PartNumber: 2, ETag: large },
        ]),
      ),
      /^InvalidPartOrder 400/,
    );
    match(
      await refusal(
        complete("refused", UploadId, [
          { PartNumber: 1, ETag: small },
          { PartNumber: 2, ETag: large },
        ]),
      ),
      /^EntityTooSmall 400: Your proposed upload is smaller than the minimum allowed size/,
    );
    match(
      await refusal(complete("refused", UploadId, [{ PartNumber: 2, ETag: large }], { MpuObjectSize: 1 })),
      /^InvalidRequest 400/,
    );
    match(await refusal(complete("refused", UploadId, [])), /^MalformedXML 400/);
    match(
      await refusal(part("refused", UploadId, 10_001, Buffer.from("x"))),
      /^InvalidArgument 400: Part number must be/,
    );
    match(await refusal(part("refused", "nosuch", 1, Buffer.from("x"))), /^NoSuchUpload 404/);
    match(await refusal(part("other-key", UploadId, 1, Buffer.from("x"))), /^NoSuchUpload 404/);
    // Nothing of it was lost by the refusals; an upload may be completed with some of its parts.
    const before_ = files();
    equal((await complete("refused", UploadId, [{ PartNumber: 2, ETag: large }])).ETag?.endsWith('-1"'), true);
    ok((await bytes("refused")).equals(bytesOf(5 * MIB, 2)));
    equal(files(), before_ - 2, "the parts that were not named are gone");
  });

  it("keep the last of two parts with one number", async () => {
    const UploadId = await create("again");
    await part("again", UploadId, 1, Buffer.from("first"));
    const { ETag } = await part("again", UploadId, 1, Buffer.from("second"));
    await complete("again", UploadId, [{ PartNumber: 1, ETag }]);
    equal((await bytes("again")).toString(), "second");
  });

  it("are listed, with their parts, in pages", async () => {
    const ids = [await create("list/a"), await create("list/a"), await create("list/b/c"), await create("list/d")];
    for (const number of [1, 2, 3, 5]) await part("list/d", ids[3], number, Buffer.from("x".repeat(number)));
    const page = await used.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "list/", MaxUploads: 2 }));
    deepEqual(
      page.Uploads?.map(({ Key, UploadId }) => [Key, UploadId]),
      [
        ["list/a", ids[0]],
        ["list/a", ids[1]],
      ],
    );
    equal(page.IsTruncated, true);
    const rest = await used.s3.send(
      new ListMultipartUploadsCommand({
        Bucket,
        Prefix: "list/",
        KeyMarker: page.NextKeyMarker,
        UploadIdMarker: page.NextUploadIdMarker,
      }),
    );
    deepEqual(
      rest.Uploads?.map(({ Key }) => Key),
      ["list/b/c", "list/d"],
    );
    const folders = await used.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "list/", Delimiter: "/" }));
    deepEqual(folders.CommonPrefixes, [{ Prefix: "list/b/" }]);
    const parts = await used.s3.send(new ListPartsCommand({ Bucket, Key: "list/d", UploadId: ids[3], MaxParts: 2 }));
    deepEqual(
      [parts.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]), parts.IsTruncated, parts.NextPartNumberMarker],
      [
        [
          [1, 1],
          [2, 2],
        ],
        true,
        "2",
      ],
    );
    const more = await used.s3.send(
      new ListPartsCommand({ Bucket, Key: "list/d", UploadId: ids[3], PartNumberMarker: "2" }),
    );
    deepEqual([more.Parts?.map(({ PartNumber }) => PartNumber), more.IsTruncated], [[3, 5], false]);
    for (const [at, Key] of ["list/a", "list/a", "list/b/c", "list/d"].entries()) {
      await used.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: ids[at] }));
    }
    equal((await used.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "list/" }))).Uploads, undefined);
  });

  it("leave nothing when they are aborted, also while a part is on its way", async () => {
    const before_ = files();
    const UploadId = await create("aborted");
    await part("aborted", UploadId, 1, bytesOf(5 * MIB, 1));
    equal(files(), before_ + 1);
    const late = refusal(part("aborted", UploadId, 2, bytesOf(20 * MIB, 2)));
    await used.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "aborted", UploadId }));
    const answer = await late;
    ok(answer.startsWith("NoSuchUpload 404") || answer === "ok", answer);
    equal(files(), before_);
    match(
      await refusal(used.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "aborted", UploadId }))),
      /^NoSuchUpload 404/,
    );
  });

  it("take parts from other objects, whole or a stretch, and of a version", async () => {
    const source = bytesOf(6 * MIB, 7);
    await used.s3.send(new PutObjectCommand({ Bucket, Key: "source +ü", Body: source }));
    const UploadId = await create("joined");
    const CopySource = `${Bucket}/${encodeURIComponent("source +ü")}`;
    const copy = (PartNumber: number, more = {}) =>
      used.s3.send(new UploadPartCopyCommand({ Bucket, Key: "joined", UploadId, PartNumber, CopySource, ...more }));
    const first = await copy(1);
    equal(first.CopyPartResult?.ETag, `"${createHash("md5").update(source).digest("hex")}"`);
    const second = await copy(2, { CopySourceRange: "bytes=100-199" });
    equal(second.CopyPartResult?.ETag, `"${createHash("md5").update(source.subarray(100, 200)).digest("hex")}"`);
    match(await refusal(copy(3, { CopySourceRange: "bytes=0-99999999" })), /^InvalidArgument 400/);
    match(await refusal(copy(3, { CopySourceRange: "bytes=5-" })), /^InvalidArgument 400/);
    match(await refusal(copy(3, { CopySourceIfMatch: '"other"' })), /^PreconditionFailed 412/);
    await complete("joined", UploadId, [
      { PartNumber: 1, ETag: first.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: second.CopyPartResult?.ETag },
    ]);
    ok((await bytes("joined")).equals(Buffer.concat([source, source.subarray(100, 200)])));
  });

  it("of very many parts are read with one file open, to the end, also when they are deleted meanwhile", async () => {
    const block = bytesOf(5 * MIB, 31);
    await used.s3.send(new PutObjectCommand({ Bucket, Key: "block", Body: block }));
    const UploadId = await create("very-many");
    const Parts: CompletedPart[] = [];
    for (let PartNumber = 1; PartNumber <= 40; PartNumber += 1) {
      const { CopyPartResult } = await used.s3.send(
        new UploadPartCopyCommand({ Bucket, Key: "very-many", UploadId, PartNumber, CopySource: `${Bucket}/block` }),
      );
      Parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
    }
    await complete("very-many", UploadId, Parts);
    const open = () =>
      readdirSync(`/proc/${used.lake.pid}/fd`).filter((fd) => {
        try {
          return readlinkSync(`/proc/${used.lake.pid}/fd/${fd}`).includes("/s3/");
        } catch {
          return false;
        }
      }).length;
    const others = open();
    const { Body } = await used.s3.send(new GetObjectCommand({ Bucket, Key: "very-many" }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    equal(open(), others + 1);
    const before_ = files();
    await used.s3.send(new DeleteObjectCommand({ Bucket, Key: "very-many" }));
    equal(files(), before_, "a file is gone while somebody reads it");
    const seen = createHash("md5");
    const expected = createHash("md5");
    for await (const chunk of Body as Readable) seen.update(chunk as Buffer);
    for (let index = 0; index < 40; index += 1) expected.update(block);
    equal(seen.digest("hex"), expected.digest("hex"));
    await waitFor(() => files() === before_ - 40 && open() === others, 10_000);
  });

  it("are completed under conditions only", async () => {
    await used.s3.send(new PutObjectCommand({ Bucket, Key: "there", Body: "x" }));
    const UploadId = await create("there");
    const { ETag } = await part("there", UploadId, 1, Buffer.from("y"));
    match(
      await refusal(complete("there", UploadId, [{ PartNumber: 1, ETag }], { IfNoneMatch: "*" })),
      /^PreconditionFailed 412/,
    );
    equal(await refusal(complete("there", UploadId, [{ PartNumber: 1, ETag }])), "ok");
  });

  it("have the checksum of their bytes, or of their parts' checksums, as was asked", async () => {
    const data = [bytesOf(5 * MIB, 11), bytesOf(300, 12)];
    const run = async (Key: string, begin: Partial<CreateMultipartUploadCommandInput>) => {
      const UploadId = await create(Key, begin);
      const Parts: CompletedPart[] = [];
      for (const [index, Body] of data.entries()) {
        const sent = await used.s3.send(
          new UploadPartCommand({
            Bucket,
            Key,
            UploadId,
            PartNumber: index + 1,
            Body,
            ChecksumAlgorithm: begin.ChecksumAlgorithm,
          }),
        );
        const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA256 } = sent;
        Parts.push({ PartNumber: index + 1, ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA256 });
      }
      await complete(Key, UploadId, Parts);
      return used.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    };
    const number = Buffer.alloc(4);
    number.writeUInt32BE(crc32(Buffer.concat(data)));
    const full = await run("crc-full", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    deepEqual([full.ChecksumCRC32, full.ChecksumType], [number.toString("base64"), "FULL_OBJECT"]);
    const composite = await run("sha-parts", { ChecksumAlgorithm: "SHA256" });
    const hashes = Buffer.concat(data.map((chunk) => createHash("sha256").update(chunk).digest()));
    deepEqual(
      [composite.ChecksumSHA256, composite.ChecksumType],
      [`${createHash("sha256").update(hashes).digest("base64")}-2`, "COMPOSITE"],
    );
    // The other two CRCs joined from parts must be what one put of all bytes has.
    for (const [ChecksumAlgorithm, member] of [
      ["CRC32C", "ChecksumCRC32C"],
      ["CRC64NVME", "ChecksumCRC64NVME"],
    ] as const) {
      const joined = await run(`joined-${member}`, { ChecksumAlgorithm, ChecksumType: "FULL_OBJECT" });
      const put = await used.s3.send(
        new PutObjectCommand({ Bucket, Key: `put-${member}`, Body: Buffer.concat(data), ChecksumAlgorithm }),
      );
      equal(joined[member], put[member]);
      ok(joined[member] !== undefined);
    }
    match(
      await refusal(create("no", { ChecksumAlgorithm: "SHA256", ChecksumType: "FULL_OBJECT" })),
      /^InvalidRequest 400/,
    );
  });

  it("are what the SDK's own Upload makes of a stream", async () => {
    const data = bytesOf(12 * MIB, 21);
    const upload = new Upload({
      client: used.s3,
      params: { Bucket, Key: "streamed", Body: Readable.from([data.subarray(0, 7_000_000), data.subarray(7_000_000)]) },
    });
    await upload.done();
    ok((await bytes("streamed")).equals(data));
  });

  it("do not hold up the deletion of an otherwise empty bucket", async () => {
    await used.s3.send(new CreateBucketCommand({ Bucket: "begun" }));
    const before_ = files();
    const { UploadId } = await used.s3.send(new CreateMultipartUploadCommand({ Bucket: "begun", Key: "k" }));
    await used.s3.send(new UploadPartCommand({ Bucket: "begun", Key: "k", UploadId, PartNumber: 1, Body: "x" }));
    equal(await refusal(used.s3.send(new DeleteBucketCommand({ Bucket: "begun" }))), "ok");
    equal(files(), before_);
  });
});
