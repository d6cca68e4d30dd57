// Who may: presigned URLs and what they allow, keys that are not the lake's, and requests that are refused before their body is read.
import { equal, match, ok } from "node:assert/strict";
import { connect } from "node:net";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { presign, sha256, signHeaders } from "./signing.ts";
import { refusal, useLake } from "./support.ts";
import { codeOf, send } from "./wire.ts";

describe("presigned URLs", () => {
  const used = useLake();
  before(() => used.s3.send(new CreateBucketCommand({ Bucket: "signed" })));

  it("put and get an object without any header of the signer", async () => {
    const put = await send(
      presign(used.lake, "PUT", "/signed/folder/a b+ü"),
      "PUT",
      { "content-type": "text/plain" },
      Buffer.from("presigned"),
    );
    equal(put.status, 200, put.body);
    const got = await send(
      presign(used.lake, "GET", "/signed/folder/a b+ü", { query: { "response-content-type": "text/csv" } }),
      "GET",
    );
    equal(got.body, "presigned");
    equal(got.headers["content-type"], "text/csv");
    const range = await send(presign(used.lake, "GET", "/signed/folder/a b+ü"), "GET", { range: "bytes=3-5" });
    equal(`${range.status} ${range.body}`, "206 sig");
    equal((await send(presign(used.lake, "HEAD", "/signed/folder/a b+ü"), "HEAD")).headers["content-length"], "9");
  });

  it("hold for their method, their key, their query and their time", async () => {
    const url = presign(used.lake, "GET", "/signed/folder/a b+ü");
    equal(codeOf(await send(url, "PUT", {}, Buffer.from("x"))), "SignatureDoesNotMatch 403");
    equal(codeOf(await send(url.replace("folder", "other"), "GET")), "SignatureDoesNotMatch 403");
    equal(codeOf(await send(`${url}&versionId=null`, "GET")), "SignatureDoesNotMatch 403");
    const old = presign(used.lake, "GET", "/signed/folder/a b+ü", { expires: 60, at: new Date(Date.now() - 120_000) });
    const answer = await send(old, "GET");
    equal(codeOf(answer), "AccessDenied 403");
    match(answer.body, /Request has expired/);
  });
});

describe("requests that are refused", () => {
  const used = useLake();
  before(() => used.s3.send(new CreateBucketCommand({ Bucket: "closed" })));

  it("for their key, their secret, their signature or none at all", async () => {
    const client = (accessKeyId: string, secretAccessKey: string) =>
      new S3Client({ ...used.lake.config, credentials: { accessKeyId, secretAccessKey } });
    const { accessKeyId, secretAccessKey } = used.lake.config.credentials;
    const put = (s3: S3Client) => refusal(s3.send(new PutObjectCommand({ Bucket: "closed", Key: "k", Body: "x" })));
    match(await put(client("AKIAIOSFODNN7EXAMPLE", secretAccessKey)), /^InvalidAccessKeyId 403/);
    match(await put(client(accessKeyId, "wrong")), /^SignatureDoesNotMatch 403/);
    const { status, body } = await send(`${used.lake.endpoint}/closed/k`, "GET");
    equal(status, 403);
    match(body, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>/);
  });

  it("say what, where and under which id, as S3's error documents do", async () => {
    const signed = signHeaders(used.lake, "GET", "/closed/no such/key", sha256(""));
    const answer = await send(signed.url, "GET", signed.headers);
    equal(answer.status, 404);
    equal(answer.headers["content-type"], "application/xml");
    const id = answer.headers["x-amz-request-id"];
    equal(
      answer.body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
        `<Key>no such/key</Key><Resource>/closed/no%20such/key</Resource><RequestId>${id}</RequestId></Error>`,
    );
  });

  it("before they send a body, where they wait to be told to go on", async () => {
    // The AWS CLI and boto3 ask with Expect: 100-continue; a refusal must come instead of the "go on".
    const signed = signHeaders(used.lake, "PUT", "/no-such-bucket/k", "UNSIGNED-PAYLOAD", {
      headers: { expect: "100-continue" },
    });
    const lines = await rawHead(signed.url, "PUT", { ...signed.headers, "content-length": "1000000" });
    match(lines, /^HTTP\/1\.1 404 /);
    const good = signHeaders(used.lake, "PUT", "/closed/k", "UNSIGNED-PAYLOAD", {
      headers: { expect: "100-continue" },
    });
    match(await rawHead(good.url, "PUT", { ...good.headers, "content-length": "1000000" }), /^HTTP\/1\.1 100 Continue/);
  });

  it("are answered also where the client sends on without listening", async () => {
    const body = Buffer.alloc(3_000_000, 1);
    for (let round = 0; round < 5; round += 1) {
      const signed = signHeaders(used.lake, "PUT", "/no-such-bucket/k", "UNSIGNED-PAYLOAD");
      equal(codeOf(await send(signed.url, "PUT", signed.headers, body)), "NoSuchBucket 404");
    }
  });

  it("leave nothing where the client goes away in the middle", async () => {
    const signed = signHeaders(used.lake, "PUT", "/closed/half", "UNSIGNED-PAYLOAD");
    await abandon(signed.url, { ...signed.headers, "content-length": "1000000" }, Buffer.alloc(500_000, 1));
    const get = signHeaders(used.lake, "GET", "/closed/half", sha256(""));
    equal(codeOf(await send(get.url, "GET", get.headers)), "NoSuchKey 404");
    ok(used.lake.log().includes("s3:PutObject"));
  });
});

function head(url: string, method: string, headers: Record<string, string>): string {
  const { pathname, search } = new URL(url);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`;
}

/** Sends the head of a request and returns the first bytes of the answer. */
function rawHead(url: string, method: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(head(url, method, headers)));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString("latin1"));
    });
    socket.once("error", reject);
  });
}

/** Sends a head and part of a body, then closes the connection. */
function abandon(url: string, headers: Record<string, string>, part: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.write(head(url, "PUT", headers));
      socket.write(part, () => setTimeout(() => socket.destroy(), 100));
    });
    socket.once("close", () => resolve());
    socket.once("error", reject);
  });
}
