// Listings: ten thousand keys in pages, folders by delimiter, and keys that no file system would take as names.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { refusal, textOf, useLake } from "./support.ts";

async function inParallel<T>(items: readonly T[], action: (item: T) => Promise<unknown>, width = 16): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = left.pop(); item !== undefined; item = left.pop()) await action(item);
    }),
  );
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("a bucket of ten thousand keys", () => {
  const used = useLake();
  const Bucket = "many";
  const keys = Array.from(
    { length: 10_000 },
    (_, index) => `t/day=${String(index % 100).padStart(2, "0")}/part-${String(index).padStart(5, "0")}`,
  );
  before(async () => {
    await used.s3.send(new CreateBucketCommand({ Bucket }));
    await inParallel(keys, (Key) => used.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" })));
  });

  it("is listed in ten pages, each key once and in order", async () => {
    const seen: string[] = [];
    let pages = 0;
    for await (const page of paginateListObjectsV2({ client: used.s3 }, { Bucket })) {
      pages += 1;
      equal(page.KeyCount, 1000);
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    }
    equal(pages, 10);
    deepEqual(seen, [...keys].sort());
  });

  it("shows its folders, a page of seven at a time, and no key twice", async () => {
    const folders: string[] = [];
    for await (const page of paginateListObjectsV2(
      { client: used.s3, pageSize: 7 },
      { Bucket, Prefix: "t/", Delimiter: "/" },
    )) {
      ok((page.KeyCount ?? 0) <= 7);
      equal(page.Contents, undefined);
      folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""));
    }
    deepEqual(
      folders,
      Array.from({ length: 100 }, (_, day) => `t/day=${String(day).padStart(2, "0")}/`),
    );
  });

  it("is walked by version 1 with markers, with and without a delimiter", async () => {
    const seen: string[] = [];
    let Marker: string | undefined;
    for (;;) {
      const page = await used.s3.send(new ListObjectsCommand({ Bucket, Prefix: "t/day=0", Marker, MaxKeys: 300 }));
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
      if (page.IsTruncated !== true) break;
      equal(page.NextMarker, undefined, "without a delimiter the last key is the marker");
      Marker = page.Contents?.at(-1)?.Key;
    }
    deepEqual(seen, keys.filter((key) => key.startsWith("t/day=0")).sort());
    const first = await used.s3.send(new ListObjectsCommand({ Bucket, Prefix: "t/", Delimiter: "/", MaxKeys: 60 }));
    equal(first.NextMarker, "t/day=59/");
    const second = await used.s3.send(
      new ListObjectsCommand({ Bucket, Prefix: "t/", Delimiter: "/", MaxKeys: 60, Marker: first.NextMarker }),
    );
    equal(second.CommonPrefixes?.[0]?.Prefix, "t/day=60/");
    equal(second.IsTruncated, false);
  });

  it("begins behind a key, and refuses a token that it did not give", async () => {
    const page = await used.s3.send(
      new ListObjectsV2Command({ Bucket, StartAfter: "t/day=99/part-09799", MaxKeys: 5 }),
    );
    deepEqual(
      page.Contents?.map(({ Key }) => Key),
      ["t/day=99/part-09899", "t/day=99/part-09999"],
    );
    equal(page.StartAfter, "t/day=99/part-09799");
    equal(page.IsTruncated, false);
    match(
      await refusal(used.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "nonsense" }))),
      /^InvalidArgument 400: The continuation token/,
    );
    match(await refusal(used.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: -1 }))), /^InvalidArgument 400/);
    const none = await used.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    deepEqual([none.KeyCount, none.IsTruncated, none.MaxKeys], [0, false, 0]);
  });

  it("does not show a folder again that the beginning lies in", async () => {
    const folders = async (StartAfter: string) => {
      const page = await used.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: "t/", Delimiter: "/", StartAfter, MaxKeys: 1 }),
      );
      return page.CommonPrefixes?.[0]?.Prefix;
    };
    equal(await folders("t/day=41/"), "t/day=42/");
    equal(await folders("t/day=41/part-00041"), "t/day=42/");
    equal(await folders("t/day=41"), "t/day=41/");
  });

  it("names owners only where they are asked for", async () => {
    const without = await used.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
    equal(without.Contents?.[0]?.Owner, undefined);
    const having = await used.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, FetchOwner: true }));
    match(having.Contents?.[0]?.Owner?.ID ?? "", /^[0-9a-f]{64}$/);
  });
});

describe("keys of every kind", () => {
  const used = useLake();
  const Bucket = "keys";
  const keys = [
    "plain",
    "with space",
    "a+b",
    "a%2Fb",
    "a%2fb",
    "a/b",
    "a//b",
    "/leading",
    "//",
    "trailing/",
    "../../etc/passwd",
    "a/../b",
    "./a",
    ".",
    "..",
    "~",
    "*?<>|\"'\\",
    "&amp;&lt;",
    "quote\"'`",
    "semi;colon,comma",
    "question?mark#hash",
    "equals=and&amp",
    "ünïcödé/日本語/🛶",
    "\u{ffff}behind",
    "\u{10000}astral",
    "e\u0301 (combining)",
    "\u00e9 (single)",
    "line\nfeed",
    "carriage\rreturn",
    "tab\there",
    "[brackets]{braces}",
    "$(touch /tmp/x)",
    "CON",
    "é".repeat(512),
    "k".repeat(1024),
    "a/".repeat(512),
  ];
  before(() => used.s3.send(new CreateBucketCommand({ Bucket })));

  it("hold their own bytes, and are told apart", async () => {
    for (const Key of keys) await used.s3.send(new PutObjectCommand({ Bucket, Key, Body: `body of ${Key}` }));
    for (const Key of keys)
      equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket, Key }))), `body of ${Key}`, Key);
  });

  it("are listed in the order of their bytes, plain and percent-encoded", async () => {
    const sorted = [...keys].sort(byBytes);
    const plain = await used.s3.send(new ListObjectsV2Command({ Bucket }));
    deepEqual(
      plain.Contents?.map(({ Key }) => Key),
      sorted,
    );
    const encoded = await used.s3.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    equal(encoded.EncodingType, "url");
    deepEqual(
      encoded.Contents?.map(({ Key }) => decodeURIComponent(Key ?? "")),
      sorted,
    );
    ok(encoded.Contents?.every(({ Key }) => /^[\x21-\x7e]+$/.test(Key ?? "")));
    const seen: string[] = [];
    for await (const page of paginateListObjectsV2({ client: used.s3, pageSize: 1 }, { Bucket })) {
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    }
    deepEqual(seen, sorted);
  });

  it("group under any prefix and delimiter", async () => {
    const list = async (input: Omit<ListObjectsV2CommandInput, "Bucket">) => {
      const page = await used.s3.send(new ListObjectsV2Command({ Bucket, ...input }));
      return {
        keys: (page.Contents ?? []).map(({ Key }) => Key),
        folders: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      };
    };
    deepEqual(await list({ Prefix: "a/", Delimiter: "/" }), { keys: ["a/b"], folders: ["a/../", "a//", "a/a/"] });
    deepEqual(await list({ Prefix: "trailing/", Delimiter: "/" }), { keys: ["trailing/"], folders: [] });
    deepEqual((await list({ Delimiter: "日本" })).folders, ["ünïcödé/日本"]);
    deepEqual((await list({ Prefix: "a", Delimiter: "%2F" })).folders, ["a%2F"]);
    deepEqual(await list({ Prefix: "/", Delimiter: "/" }), { keys: ["/leading"], folders: ["//"] });
    deepEqual((await list({ Prefix: "with s" })).keys, ["with space"]);
    deepEqual((await list({ Prefix: "a+" })).keys, ["a+b"]);
    deepEqual((await list({ Prefix: "\u{ffff}" })).keys, ["\u{ffff}behind"]);
  });

  it("are one byte too long at 1,025 bytes", async () => {
    const put = (Key: string) => refusal(used.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" })));
    equal(await put("k".repeat(1025)), "KeyTooLongError 400: Your key is too long");
    match(await put(`${"é".repeat(512)}x`), /^KeyTooLongError 400/);
  });

  it("may hold control characters, which only percent-encoded listings can name", async () => {
    await used.s3.send(new CreateBucketCommand({ Bucket: "control" }));
    const odd = ["a\u0000b", "a\u0001b", "a\u0002b", "a", "a\u0000"];
    for (const Key of odd) await used.s3.send(new PutObjectCommand({ Bucket: "control", Key, Body: Key }));
    for (const Key of odd)
      equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket: "control", Key }))), Key);
    const listed = await used.s3.send(new ListObjectsV2Command({ Bucket: "control", EncodingType: "url" }));
    deepEqual(
      listed.Contents?.map(({ Key }) => decodeURIComponent(Key ?? "")),
      [...odd].sort(byBytes),
    );
    for (const Key of odd) await used.s3.send(new DeleteObjectCommand({ Bucket: "control", Key }));
  });

  it("leave no trace of their names on the file system, and no file behind them", async () => {
    const files = () =>
      readdirSync(join(used.lake.folder, "s3"), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
    equal(files().length, keys.length);
    ok(files().every(({ name }) => /^[0-9a-f]{32}$/.test(name)));
    for (const Key of keys) await used.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    equal(files().length, 0);
    match(await refusal(used.s3.send(new HeadObjectCommand({ Bucket, Key: "plain" }))), /^NotFound 404/);
  });
});
