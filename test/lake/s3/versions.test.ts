// Versioning: every put a version, every delete a marker, and what a suspended bucket does with the one version that has no id.
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { refusal, textOf, useLake } from "./support.ts";

describe("a versioned bucket", () => {
  const used = useLake();
  const send = {
    put: async (Bucket: string, Key: string, Body: string) =>
      (await used.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId,
  };
  const versionsOf = async (Bucket: string, more = {}) => {
    const page = await used.s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));
    return {
      versions: (page.Versions ?? []).map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
      markers: (page.DeleteMarkers ?? []).map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
      page,
    };
  };
  const make = async (Bucket: string, Status: "Enabled" | "Suspended" = "Enabled") => {
    await used.s3.send(new CreateBucketCommand({ Bucket }));
    await used.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  };

  it("says whether it is one", async () => {
    const { s3 } = used;
    await s3.send(new CreateBucketCommand({ Bucket: "states" }));
    const state = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket: "states" }))).Status;
    equal(await state(), undefined);
    for (const Status of ["Enabled", "Suspended"] as const) {
      await s3.send(new PutBucketVersioningCommand({ Bucket: "states", VersioningConfiguration: { Status } }));
      equal(await state(), Status);
    }
  });

  it("keeps each put, newest first, and reads any of them", async () => {
    const { s3 } = used;
    await make("kept");
    const ids = [
      await send.put("kept", "k", "one"),
      await send.put("kept", "k", "two"),
      await send.put("kept", "k", "three"),
    ];
    equal(new Set(ids).size, 3);
    deepEqual((await versionsOf("kept")).versions, [
      ["k", ids[2], true],
      ["k", ids[1], false],
      ["k", ids[0], false],
    ]);
    const newest = await s3.send(new GetObjectCommand({ Bucket: "kept", Key: "k" }));
    deepEqual([await textOf(newest), newest.VersionId], ["three", ids[2]]);
    const first = await s3.send(new GetObjectCommand({ Bucket: "kept", Key: "k", VersionId: ids[0] }));
    deepEqual([await textOf(first), first.VersionId], ["one", ids[0]]);
    match(
      await refusal(s3.send(new GetObjectCommand({ Bucket: "kept", Key: "k", VersionId: "null" }))),
      /^NoSuchVersion 404/,
    );
    match(
      await refusal(s3.send(new GetObjectCommand({ Bucket: "kept", Key: "k", VersionId: "nonsense" }))),
      /^InvalidArgument 400: Invalid version id/,
    );
    match(
      await refusal(s3.send(new GetObjectCommand({ Bucket: "kept", Key: "other", VersionId: ids[0] }))),
      /^NoSuchVersion 404/,
    );
  });

  it("hides what is deleted behind a marker, and shows it again when the marker goes", async () => {
    const { s3 } = used;
    await make("hidden");
    const first = await send.put("hidden", "k", "one");
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket: "hidden", Key: "k" }));
    equal(deleted.DeleteMarker, true);
    notEqual(deleted.VersionId, first);
    const missing = await s3
      .send(new GetObjectCommand({ Bucket: "hidden", Key: "k" }))
      .catch((error: unknown) => error);
    const { name, $response } = missing as { name: string; $response: { headers: Record<string, string> } };
    deepEqual(
      [name, $response.headers["x-amz-delete-marker"], $response.headers["x-amz-version-id"]],
      ["NoSuchKey", "true", deleted.VersionId],
    );
    match(
      await refusal(s3.send(new GetObjectCommand({ Bucket: "hidden", Key: "k", VersionId: deleted.VersionId }))),
      /^MethodNotAllowed 405/,
    );
    equal((await s3.send(new ListObjectsV2Command({ Bucket: "hidden" }))).KeyCount, 0);
    deepEqual(await versionsOf("hidden").then(({ versions, markers }) => [versions, markers]), [
      [["k", first, false]],
      [["k", deleted.VersionId, true]],
    ]);
    equal(await textOf(await s3.send(new GetObjectCommand({ Bucket: "hidden", Key: "k", VersionId: first }))), "one");
    const undone = await s3.send(new DeleteObjectCommand({ Bucket: "hidden", Key: "k", VersionId: deleted.VersionId }));
    deepEqual([undone.DeleteMarker, undone.VersionId], [true, deleted.VersionId]);
    equal(await textOf(await s3.send(new GetObjectCommand({ Bucket: "hidden", Key: "k" }))), "one");
    equal((await s3.send(new ListObjectsV2Command({ Bucket: "hidden" }))).KeyCount, 1);
  });

  it("falls back to the version before when the newest is deleted for good", async () => {
    const { s3 } = used;
    await make("fallback");
    await send.put("fallback", "k", "one");
    const second = await send.put("fallback", "k", "two");
    await s3.send(new DeleteObjectCommand({ Bucket: "fallback", Key: "k", VersionId: second }));
    equal(await textOf(await s3.send(new GetObjectCommand({ Bucket: "fallback", Key: "k" }))), "one");
    deepEqual(
      (await versionsOf("fallback")).versions.map(([, , latest]) => latest),
      [true],
    );
  });

  it("gives objects from before versioning the id null, and keeps them", async () => {
    const { s3 } = used;
    await s3.send(new CreateBucketCommand({ Bucket: "before" }));
    equal(await send.put("before", "k", "old"), undefined);
    await s3.send(new PutBucketVersioningCommand({ Bucket: "before", VersioningConfiguration: { Status: "Enabled" } }));
    equal((await s3.send(new HeadObjectCommand({ Bucket: "before", Key: "k" }))).VersionId, "null");
    const id = await send.put("before", "k", "new");
    deepEqual((await versionsOf("before")).versions, [
      ["k", id, true],
      ["k", "null", false],
    ]);
    equal(await textOf(await s3.send(new GetObjectCommand({ Bucket: "before", Key: "k", VersionId: "null" }))), "old");
  });

  it("that is suspended overwrites its null version alone", async () => {
    const { s3 } = used;
    await make("suspended");
    const kept = await send.put("suspended", "k", "kept");
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: "suspended", VersioningConfiguration: { Status: "Suspended" } }),
    );
    equal(await send.put("suspended", "k", "null one"), "null");
    equal(await send.put("suspended", "k", "null two"), "null");
    deepEqual((await versionsOf("suspended")).versions, [
      ["k", "null", true],
      ["k", kept, false],
    ]);
    equal(await textOf(await s3.send(new GetObjectCommand({ Bucket: "suspended", Key: "k" }))), "null two");
    // A delete puts a null marker in the null version's place.
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket: "suspended", Key: "k" }));
    deepEqual([deleted.DeleteMarker, deleted.VersionId], [true, "null"]);
    deepEqual(await versionsOf("suspended").then(({ versions, markers }) => [versions, markers]), [
      [["k", kept, false]],
      [["k", "null", true]],
    ]);
    equal(await send.put("suspended", "k", "again"), "null");
    deepEqual((await versionsOf("suspended")).markers, []);
  });

  it("lists its versions in pages of any size, by both markers, also while they are deleted", async () => {
    const { s3 } = used;
    await s3.send(new CreateBucketCommand({ Bucket: "pages" }));
    for (const key of ["a", "b/1", "b/2", "c"]) await send.put("pages", key, "null");
    await s3.send(new PutBucketVersioningCommand({ Bucket: "pages", VersioningConfiguration: { Status: "Enabled" } }));
    for (const key of ["a", "b/1", "b/2", "c"]) {
      await send.put("pages", key, "1");
      await s3.send(new DeleteObjectCommand({ Bucket: "pages", Key: key }));
      await send.put("pages", key, "2");
    }
    const whole = await versionsOf("pages");
    equal(whole.versions.length, 12);
    equal(whole.markers.length, 4);
    for (const MaxKeys of [1, 2, 3, 5, 7]) {
      const seen: unknown[] = [];
      let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
      for (;;) {
        const { versions, markers: deleted, page } = await versionsOf("pages", { MaxKeys, ...markers });
        ok(versions.length + deleted.length <= MaxKeys);
        seen.push(...versions, ...deleted);
        if (page.IsTruncated !== true) break;
        markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      }
      deepEqual(
        new Set(seen.map(String)),
        new Set([...whole.versions, ...whole.markers].map(String)),
        `in pages of ${MaxKeys}`,
      );
      equal(seen.length, 16);
    }
    const folders = await versionsOf("pages", { Delimiter: "/" });
    deepEqual(folders.page.CommonPrefixes, [{ Prefix: "b/" }]);
    equal(folders.versions.length, 6);
    const behind = await versionsOf("pages", { KeyMarker: "b/1" });
    deepEqual([...new Set(behind.versions.map(([key]) => key))], ["b/2", "c"]);
    // Emptied as tools do it: a page, its deletes, the next page from where the last one ended.
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (;;) {
      const { versions, markers, page } = await versionsOf("pages", { MaxKeys: 3, ...next });
      const Objects = [...versions, ...markers].map(([Key, VersionId]) => ({
        Key: Key as string,
        VersionId: VersionId as string,
      }));
      const { Errors } = await s3.send(new DeleteObjectsCommand({ Bucket: "pages", Delete: { Objects } }));
      equal(Errors, undefined);
      if (page.IsTruncated !== true) break;
      next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    equal(await refusal(s3.send(new DeleteBucketCommand({ Bucket: "pages" }))), "ok");
  });

  it("is not empty while it holds a version or a marker", async () => {
    const { s3 } = used;
    await make("full");
    await send.put("full", "k", "one");
    await s3.send(new DeleteObjectCommand({ Bucket: "full", Key: "k" }));
    equal(
      await refusal(s3.send(new DeleteBucketCommand({ Bucket: "full" }))),
      "BucketNotEmpty 409: The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    );
  });

  it("orders versions by their writing even when the clock goes back", async () => {
    await make("clock");
    await used.lake.advance(24 * 3600 * 1000);
    const late = await send.put("clock", "k", "late");
    await used.lake.advance(-24 * 3600 * 1000);
    const later = await send.put("clock", "k", "later");
    deepEqual(
      (await versionsOf("clock")).versions.map(([, id]) => id),
      [later, late],
    );
    equal(await textOf(await used.s3.send(new GetObjectCommand({ Bucket: "clock", Key: "k" }))), "later");
  });
});
