// Requests as Hadoop's S3A 3.3.4 makes them with the AWS SDK for Java 1: their own spelling of paths, headers and documents.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { CreateBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { readEngine } from "../../../src/base/engines.ts";
import { cacheFolder } from "../../../src/base/paths.ts";
import { chunked, sha256, signHeaders } from "./signing.ts";
import { bytesOf, useLake } from "./support.ts";
import { send, type WireAnswer } from "./wire.ts";

const AGENT = {
  "user-agent":
    "Hadoop 3.3.4, aws-sdk-java/1.12.262 Linux/6.1 OpenJDK_64-Bit_Server_VM/17 java/17 scala/2.12.18 vendor/Eclipse_Adoptium cfg/retry-mode/legacy",
  "amz-sdk-invocation-id": "2fd7a4c4-7a0f-6b6e-4a5b-0d0f3f2a4c1e",
  "amz-sdk-request": "attempt=1;max=21",
  "amz-sdk-retry": "0/0/500",
  "content-type": "application/octet-stream",
};
const STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

describe("Hadoop's S3A", () => {
  const used = useLake();
  before(() => used.s3.send(new CreateBucketCommand({ Bucket: "hadoop" })));

  const call = (
    method: string,
    path: string,
    more: { query?: Record<string, string>; headers?: Record<string, string>; body?: Buffer } = {},
  ) => {
    const body = more.body ?? Buffer.alloc(0);
    const signed = signHeaders(used.lake, method, path, sha256(body), {
      query: more.query ?? {},
      headers: { ...AGENT, ...more.headers },
    });
    return send(signed.url, method, signed.headers, body.length === 0 ? undefined : body);
  };
  const put = (path: string, data: Buffer, query: Record<string, string> = {}): Promise<WireAnswer> => {
    const signed = signHeaders(used.lake, "PUT", path, STREAMING, {
      query,
      headers: { ...AGENT, expect: "100-continue", "x-amz-decoded-content-length": String(data.length) },
    });
    return send(signed.url, "PUT", signed.headers, chunked(signed, data, 128 * 1024));
  };
  const text = (answer: WireAnswer, name: string) =>
    [...answer.body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map((found) => found[1]);

  it("makes directories, probes paths, and lists below them", async () => {
    equal((await put("/hadoop/lake/orders/", Buffer.alloc(0))).status, 200);
    equal((await put("/hadoop/lake/orders/year=1997/part-0.snappy.parquet", bytesOf(1000))).status, 200);
    equal(
      (await call("HEAD", "/hadoop/lake/orders/year=1997/part-0.snappy.parquet")).headers["content-length"],
      "1000",
    );
    // A path is a directory where no object has its name and something lies below it.
    const missing = await call("HEAD", "/hadoop/lake/orders/year=1997");
    deepEqual([missing.status, missing.body], [404, ""]);
    const below = await call("GET", "/hadoop/", {
      query: {
        "list-type": "2",
        delimiter: "/",
        "max-keys": "2",
        prefix: "lake/orders/year=1997/",
        "fetch-owner": "false",
      },
    });
    equal(below.status, 200, below.body);
    deepEqual(
      [text(below, "Key"), text(below, "KeyCount"), text(below, "Size")],
      [["lake/orders/year=1997/part-0.snappy.parquet"], ["1"], ["1000"]],
    );
    match(
      below.body,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<ListBucketResult xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/">/,
    );
    const old = await call("GET", "/hadoop/", {
      query: { prefix: "lake/", delimiter: "/", "max-keys": "5000", marker: "", "encoding-type": "url" },
    });
    deepEqual(
      [
        old.body.match(/<CommonPrefixes><Prefix>lake\/orders\/<\/Prefix><\/CommonPrefixes>/)?.length,
        text(old, "MaxKeys"),
      ],
      [1, ["1000"]],
    );
    equal((await call("HEAD", "/hadoop/")).status, 200);
    equal((await call("HEAD", "/nowhere/")).status, 404);
    const location = await call("GET", "/hadoop/", { query: { location: "" } });
    match(
      location.body,
      /<LocationConstraint xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/"\s*\/>$|<LocationConstraint xmlns="[^"]*"><\/LocationConstraint>$/,
    );
    const acl = await call("GET", "/hadoop/", { query: { acl: "" } });
    match(
      acl.body,
      /<AccessControlPolicy xmlns="[^"]*"><Owner><ID>\d+<\/ID><\/Owner><AccessControlList><Grant><Grantee [^>]*xsi:type="CanonicalUser"/,
    );
  });

  it("reads a stretch with the ETag it saw", async () => {
    const head = await call("HEAD", "/hadoop/lake/orders/year=1997/part-0.snappy.parquet");
    const read = await call("GET", "/hadoop/lake/orders/year=1997/part-0.snappy.parquet", {
      headers: { range: "bytes=992-999", "if-match": head.headers.etag ?? "" },
    });
    deepEqual([read.status, read.headers["content-range"]], [206, "bytes 992-999/1000"]);
    const changed = await call("GET", "/hadoop/lake/orders/year=1997/part-0.snappy.parquet", {
      headers: { range: "bytes=992-999", "if-match": '"0"' },
    });
    equal(changed.status, 412);
    match(changed.body, /<Code>PreconditionFailed<\/Code>/);
  });

  it("renames by copy and delete", async () => {
    const copied = await call("PUT", "/hadoop/lake/renamed/part 0+é", {
      headers: {
        "x-amz-copy-source": "/hadoop/lake/orders/year%3D1997/part-0.snappy.parquet",
        "x-amz-metadata-directive": "REPLACE",
        "x-amz-meta-x": "y",
      },
    });
    match(
      copied.body,
      /<CopyObjectResult xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/">.*<ETag>&quot;[0-9a-f]{32}&quot;<\/ETag>/,
    );
    const document = Buffer.from(
      "<Delete><Object><Key>lake/orders/</Key></Object><Object><Key>lake/orders/year=1997/part-0.snappy.parquet</Key></Object>" +
        "<Object><Key>never &amp; &lt;there&gt;</Key></Object><Quiet>true</Quiet></Delete>",
    );
    const deleted = await call("POST", "/hadoop/", {
      query: { delete: "" },
      headers: {
        "content-type": "application/xml",
        "content-md5": createHash("md5").update(document).digest("base64"),
      },
      body: document,
    });
    match(deleted.body, /<DeleteResult xmlns="[^"]*"(\/>|><\/DeleteResult>)$/);
    equal(
      (await used.s3.send(new HeadObjectCommand({ Bucket: "hadoop", Key: "lake/renamed/part 0+é" }))).Metadata?.["x"],
      "y",
    );
    const left = await call("GET", "/hadoop/", { query: { "list-type": "2", prefix: "" } });
    deepEqual(text(left, "Key"), ["lake/renamed/part 0+é"]);
  });

  it("uploads in parts and sees what it may have to clean up", async () => {
    const begun = await call("POST", "/hadoop/lake/big", { query: { uploads: "" }, headers: { "x-amz-meta-k": "v" } });
    match(
      begun.body,
      /<InitiateMultipartUploadResult xmlns="[^"]*"><Bucket>hadoop<\/Bucket><Key>lake\/big<\/Key><UploadId>/,
    );
    const uploadId = text(begun, "UploadId")[0] ?? "";
    const first = await put("/hadoop/lake/big", bytesOf(5 << 20, 1), { partNumber: "1", uploadId });
    const second = await put("/hadoop/lake/big", bytesOf(100, 2), { partNumber: "2", uploadId });
    const uploads = await call("GET", "/hadoop/", { query: { uploads: "", prefix: "lake/" } });
    match(uploads.body, /<ListMultipartUploadsResult xmlns="[^"]*">/);
    deepEqual(text(uploads, "UploadId"), [uploadId]);
    const parts = await call("GET", "/hadoop/lake/big", { query: { uploadId } });
    deepEqual(
      [text(parts, "PartNumber"), text(parts, "Size")],
      [
        ["1", "2"],
        [String(5 << 20), "100"],
      ],
    );
    const document = Buffer.from(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${[first, second]
        .map((part, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${part.headers.etag}</ETag></Part>`)
        .join("")}</CompleteMultipartUpload>`,
    );
    const done = await call("POST", "/hadoop/lake/big", {
      query: { uploadId },
      headers: { "content-type": "application/xml" },
      body: document,
    });
    match(done.body, /<CompleteMultipartUploadResult xmlns="[^"]*">.*<ETag>&quot;[0-9a-f]{32}-2&quot;<\/ETag>/);
    const begunAgain = text(await call("POST", "/hadoop/lake/big", { query: { uploads: "" } }), "UploadId")[0] ?? "";
    equal((await call("DELETE", "/hadoop/lake/big", { query: { uploadId: begunAgain } })).status, 204);
    equal((await call("DELETE", "/hadoop/lake/big")).status, 204);
  });

  it("may spell a space in a query as a plus", async () => {
    // The Java SDK 1 signs %20 and sends +.
    const signed = signHeaders(used.lake, "GET", "/hadoop/", sha256(""), {
      query: { "list-type": "2", prefix: "with a space" },
      headers: AGENT,
    });
    const answer = await send(signed.url.replace("with%20a%20space", "with+a+space"), "GET", signed.headers);
    deepEqual([answer.status, text(answer, "Prefix")], [200, ["with a space"]]);
  });

  it("itself, in Spark's JVM, reads, writes, renames and deletes, and overwrites single partitions", async () => {
    const engine = readEngine(cacheFolder(), "spark");
    ok(engine !== undefined, "the Spark engine is not there: `node test/run.mjs engines` fetches it");
    await used.s3.send(new CreateBucketCommand({ Bucket: "hadoop-real" }));
    const script = new URL("s3a.py", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(engine.python, [script], {
      env: { ...used.lake.env, JAVA_HOME: engine.javaHome, JARS: engine.jars.join(":") },
    });
    deepEqual(JSON.parse(stdout), {
      made: true,
      "odd name": true,
      parts: true,
      seek: true,
      renamed: [true, true, false, true, true],
      listed: 30,
      deleted: [true, false],
      missing: ["FileNotFoundException", "UnknownStoreException"],
      table: [
        [0, 334],
        [1, 5],
        [2, 333],
      ],
    });
  });
});
