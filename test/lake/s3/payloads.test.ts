// How bodies travel: plain, hashed, in signed chunks, with trailers. Every hash that a client sends is checked, and nothing of a bad body stays.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64Nvme } from "@aws-sdk/checksums/crc";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { chunked, sha256, signHeaders } from "./signing.ts";
import { bytesOf, refusal, textOf, useLake } from "./support.ts";
import { codeOf, send, type WireAnswer } from "./wire.ts";

const SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

function crc(data: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString("base64");
}

describe("bodies on the wire", () => {
  const used = useLake();
  const Bucket = "wire";
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));
  const read = async (Key: string) => {
    const got = await used.s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
    return { got, bytes: Buffer.from((await got.Body?.transformToByteArray()) ?? []) };
  };
  const isMissing = async (Key: string) =>
    match(await refusal(used.s3.send(new HeadObjectCommand({ Bucket, Key }))), /^NotFound 404/);

  /** A chunked put as the Java SDK 1 (and so Hadoop's S3A) sends it; `spoil` changes the body on its way. */
  const putChunked = (
    key: string,
    data: Buffer,
    size: number,
    spoil = (body: Buffer) => body,
    headers: Record<string, string> = {},
  ): Promise<WireAnswer> => {
    const signed = signHeaders(used.lake, "PUT", `/${Bucket}/${key}`, SIGNED, {
      headers: { "content-encoding": "aws-chunked", "x-amz-decoded-content-length": String(data.length), ...headers },
    });
    return send(signed.url, "PUT", signed.headers, spoil(chunked(signed, data, size)));
  };

  it("in signed chunks of any size come out plain, with no trace of how they travelled", async () => {
    const data = bytesOf(300_001);
    for (const size of [64 * 1024, 128 * 1024, 8192, 300_001, 7777]) {
      const answer = await putChunked(`chunks-${size}`, data, size);
      equal(answer.status, 200, answer.body);
      equal(answer.headers.etag, `"${createHash("md5").update(data).digest("hex")}"`);
      const { got, bytes } = await read(`chunks-${size}`);
      ok(bytes.equals(data));
      equal(got.ContentEncoding, undefined);
    }
    equal((await putChunked("chunks-empty", Buffer.alloc(0), 100)).status, 200);
    equal((await read("chunks-empty")).bytes.length, 0);
    const gzip = await putChunked("chunks-gzip", data, 65_536, undefined, { "content-encoding": "aws-chunked,gzip" });
    equal(gzip.status, 200);
    equal((await used.s3.send(new HeadObjectCommand({ Bucket, Key: "chunks-gzip" }))).ContentEncoding, "gzip");
  });

  it("in signed chunks are refused where one byte, one signature, one length or the end is wrong", async () => {
    const data = bytesOf(200_000);
    const spoiled: [string, (body: Buffer) => Buffer, string][] = [
      ["a byte of the second chunk", (body) => flip(body, 65_536 + 400), "SignatureDoesNotMatch 403"],
      [
        "a chunk's signature",
        (body) => flip(body, body.indexOf("chunk-signature=") + 20, "0".charCodeAt(0) ^ "1".charCodeAt(0)),
        "SignatureDoesNotMatch 403",
      ],
      ["no last chunk", (body) => body.subarray(0, body.lastIndexOf("0;chunk-signature")), "IncompleteBody 400"],
      ["chunks in another order", swapChunks, "SignatureDoesNotMatch 403"],
      ["a malformed size", (body) => Buffer.concat([Buffer.from("zz"), body.subarray(2)]), "InvalidRequest 400"],
      [
        "no signature",
        (body) => Buffer.concat([Buffer.from("10000\r\n"), body.subarray(body.indexOf("\r\n") + 2)]),
        "InvalidRequest 400",
      ],
    ];
    for (const [what, spoil, expected] of spoiled) {
      const answer = await putChunked("spoiled", data, 65_536, spoil);
      const code = codeOf(answer);
      ok(
        code === expected || (what === "a chunk's signature" && code === "InvalidRequest 400"),
        `${what}: ${code} ${answer.body}`,
      );
    }
    const short = await putChunked("spoiled", data, 65_536, undefined, { "x-amz-decoded-content-length": "199999" });
    equal(codeOf(short), "IncompleteBody 400");
    await isMissing("spoiled");
  });

  it("bring their checksum behind them, signed or not", async () => {
    const data = bytesOf(100_000);
    const trailer = {
      "x-amz-trailer": "x-amz-checksum-crc32",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": String(data.length),
    };
    const signed = signHeaders(used.lake, "PUT", `/${Bucket}/trailer-signed`, `${SIGNED}-TRAILER`, {
      headers: trailer,
    });
    const answer = await send(
      signed.url,
      "PUT",
      signed.headers,
      chunked(signed, data, 65_536, { "x-amz-checksum-crc32": crc(data) }),
    );
    equal(answer.status, 200, answer.body);
    equal(answer.headers["x-amz-checksum-crc32"], crc(data));
    const { got, bytes } = await read("trailer-signed");
    ok(bytes.equals(data));
    deepEqual([got.ChecksumCRC32, got.ChecksumType], [crc(data), "FULL_OBJECT"]);

    const plain = (value: string, end = "\r\n") =>
      Buffer.concat([
        Buffer.from(`${data.length.toString(16)}\r\n`),
        data,
        Buffer.from(`\r\n0\r\nx-amz-checksum-crc32:${value}\r\n${end}`),
      ]);
    const unsigned = signHeaders(used.lake, "PUT", `/${Bucket}/trailer-unsigned`, UNSIGNED_TRAILER, {
      headers: trailer,
    });
    equal((await send(unsigned.url, "PUT", unsigned.headers, plain(crc(data)))).status, 200);
    ok((await read("trailer-unsigned")).bytes.equals(data));

    const wrong = signHeaders(used.lake, "PUT", `/${Bucket}/trailer-wrong`, UNSIGNED_TRAILER, { headers: trailer });
    equal(codeOf(await send(wrong.url, "PUT", wrong.headers, plain(crc(Buffer.from("other"))))), "BadDigest 400");
    const cut = signHeaders(used.lake, "PUT", `/${Bucket}/trailer-wrong`, UNSIGNED_TRAILER, { headers: trailer });
    equal(codeOf(await send(cut.url, "PUT", cut.headers, plain(crc(data), ""))), "IncompleteBody 400");
    const forged = signHeaders(used.lake, "PUT", `/${Bucket}/trailer-wrong`, `${SIGNED}-TRAILER`, { headers: trailer });
    const body = chunked(forged, data, 65_536, { "x-amz-checksum-crc32": crc(data) });
    equal(
      codeOf(await send(forged.url, "PUT", forged.headers, flip(body, body.length - 10, 1))),
      "SignatureDoesNotMatch 403",
    );
    await isMissing("trailer-wrong");
  });

  it("are checked against every hash in their headers", async () => {
    const data = bytesOf(5000);
    const put = async (key: string, headers: Record<string, string>, payload = sha256(data)) => {
      const signed = signHeaders(used.lake, "PUT", `/${Bucket}/${key}`, payload, { headers });
      return send(signed.url, "PUT", signed.headers, data);
    };
    const [crc32c, crc64] = [new Crc32c(), new Crc64Nvme()];
    crc32c.update(data);
    crc64.update(data);
    const base64 = (name: string) => createHash(name).update(data).digest("base64");
    const good: Record<string, string> = {
      "content-md5": base64("md5"),
      "x-amz-checksum-crc32": crc(data),
      "x-amz-checksum-crc32c": Buffer.from(await crc32c.digest()).toString("base64"),
      "x-amz-checksum-crc64nvme": Buffer.from(await crc64.digest()).toString("base64"),
      "x-amz-checksum-sha1": base64("sha1"),
      "x-amz-checksum-sha256": base64("sha256"),
    };
    for (const [name, value] of Object.entries(good)) {
      const answer = await put("hashed", { [name]: value });
      equal(answer.status, 200, `${name}: ${answer.body}`);
      if (name !== "content-md5") {
        equal(answer.headers[name], value);
        const { got } = await read("hashed");
        equal(Object.values(got).includes(value), true, name);
      }
      const other = Buffer.alloc(Buffer.from(value, "base64").length, 7).toString("base64");
      equal(codeOf(await put("unhashed", { [name]: other })), "BadDigest 400", name);
      const malformed = await put("unhashed", { [name]: "AAAA" });
      equal(codeOf(malformed), name === "content-md5" ? "InvalidDigest 400" : "InvalidRequest 400");
    }
    const two = {
      "x-amz-checksum-crc32": good["x-amz-checksum-crc32"] ?? "",
      "x-amz-checksum-sha1": good["x-amz-checksum-sha1"] ?? "",
    };
    equal(codeOf(await put("unhashed", two)), "InvalidRequest 400");
    equal(codeOf(await put("unhashed", {}, sha256("another body"))), "XAmzContentSHA256Mismatch 400");
    equal(codeOf(await put("unhashed", {}, "NOT-A-HASH")), "InvalidArgument 400");
    equal(codeOf(await put("unhashed", {}, "")), "InvalidRequest 400");
    equal((await put("unsigned", {}, "UNSIGNED-PAYLOAD")).status, 200);
    await isMissing("unhashed");
  });

  it("are checked where they are documents too", async () => {
    const document = Buffer.from("<Delete><Object><Key>hashed</Key></Object></Delete>");
    const remove = (headers: Record<string, string>, body = document) => {
      const signed = signHeaders(used.lake, "POST", `/${Bucket}`, sha256(body), { query: { delete: "" }, headers });
      return send(signed.url, "POST", signed.headers, body);
    };
    equal(codeOf(await remove({ "content-md5": createHash("md5").update("other").digest("base64") })), "BadDigest 400");
    equal((await read("hashed")).bytes.length, 5000);
    equal(codeOf(await remove({}, Buffer.from("<Delete><Object>"))), "MalformedXML 400");
    for (const odd of [
      "<Other/>",
      "<Other><Object><Key>hashed</Key></Object></Other>",
      '<!DOCTYPE d [<!ENTITY e "hashed">]><Delete><Object><Key>&e;</Key></Object></Delete>',
      "not XML",
      "",
    ]) {
      equal(codeOf(await remove({}, Buffer.from(odd))), "MalformedXML 400", odd);
    }
    const done = await remove({ "content-md5": createHash("md5").update(document).digest("base64") });
    match(
      done.body,
      /<DeleteResult xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/"><Deleted><Key>hashed<\/Key><\/Deleted><\/DeleteResult>$/,
    );
    await isMissing("hashed");
  });

  it("whose SDK checksums large objects in the background are checked all the same", async () => {
    // Above 4 MiB hashing moves to a thread of its own.
    const data = bytesOf(9_000_000, 3);
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const) {
      const put = await used.s3.send(new PutObjectCommand({ Bucket, Key: "large", Body: data, ChecksumAlgorithm }));
      equal(put.ETag, `"${createHash("md5").update(data).digest("hex")}"`);
      ok((await read("large")).bytes.equals(data));
    }
    const signed = signHeaders(used.lake, "PUT", `/${Bucket}/large-bad`, sha256("other"));
    equal(codeOf(await send(signed.url, "PUT", signed.headers, data)), "XAmzContentSHA256Mismatch 400");
    await isMissing("large-bad");
    equal(
      await textOf(await used.s3.send(new GetObjectCommand({ Bucket, Key: "large", Range: "bytes=0-0" }))).then(
        (text) => text.length,
      ),
      1,
    );
  });
});

function flip(body: Buffer, at: number, mask = 0xff): Buffer {
  const copy = Buffer.from(body);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

/** The first two chunks (of one size) change places, signatures and all. */
function swapChunks(body: Buffer): Buffer {
  const size = body.indexOf("\r\n10000;") + 2;
  return Buffer.concat([body.subarray(size, 2 * size), body.subarray(0, size), body.subarray(2 * size)]);
}
