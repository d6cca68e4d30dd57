// What was acknowledged is there, whatever happens: kill -9 in the middle of writes, a full disk, many bytes in little memory.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { bytesOf, refusal, seeded, useLake } from "./support.ts";

const MIB = 1 << 20;

function filesOf(lake: TestLake): number {
  return readdirSync(join(lake.folder, "s3"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length;
}

async function bytesAt(s3: S3Client, Bucket: string, Key: string): Promise<Buffer> {
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await got.Body?.transformToByteArray()) ?? []);
}

describe("a lake that is killed while it writes", () => {
  // Each round: four writers put, replace, delete, copy and upload in parts until the kill; then every acknowledged state must stand.
  const ROUNDS = 12;
  let lake: TestLake;
  before(async () => {
    lake = await startTestLake();
    const s3 = new S3Client(lake.config);
    await s3.send(new CreateBucketCommand({ Bucket: "plain" }));
    await s3.send(new CreateBucketCommand({ Bucket: "versioned" }));
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: "versioned", VersioningConfiguration: { Status: "Enabled" } }),
    );
    s3.destroy();
  });
  after(() => lake.stop());

  it(`has every acknowledged object whole after ${ROUNDS} kills at seeded moments, and no file too many`, async () => {
    const random = seeded(20_261_124);
    /** By bucket and key: what a reader may find. One state once acknowledged; two while a write is on its way. */
    const allowed = new Map<string, Set<string>>();
    let acknowledged = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const s3 = new S3Client(lake.config);
      let running = true;
      const writers = [0, 1, 2, 3].map((writer) =>
        write(
          s3,
          writer,
          round,
          allowed,
          () => running,
          () => (acknowledged += 1),
        ),
      );
      // So many writes in, and a little later: on any machine in the middle of the next ones.
      const enough = acknowledged + 3 + Math.floor(random() * 15);
      await waitFor(() => acknowledged >= enough, 60_000, 1);
      await new Promise((resolve) => setTimeout(resolve, random() * 40));
      await lake.kill();
      running = false;
      await Promise.all(writers);
      s3.destroy();
      lake = await lake.restart();
      await check(lake, allowed);
    }
    await empty(lake);
    await lake.kill();
    lake = await lake.restart();
    await waitFor(() => filesOf(lake) === 0, 10_000);
  });
});

const GONE = "gone";
/** Bodies are stretches of it. */
const POOL = bytesOf(12 * MIB, 4);

/** Writes keys of its own, one after another, and notes what each may be from then on. */
async function write(
  s3: S3Client,
  writer: number,
  round: number,
  allowed: Map<string, Set<string>>,
  isRunning: () => boolean,
  onAcknowledged: () => void,
): Promise<void> {
  const random = seeded(round * 10 + writer);
  const Bucket = writer % 2 === 0 ? "plain" : "versioned";
  while (isRunning()) {
    const Key = `w${writer}/${Math.floor(random() * 6)}`;
    const name = `${Bucket}/${Key}`;
    const size = Math.floor(random() * 8) === 0 ? 5 * MIB + Math.floor(random() * 100) : Math.floor(random() * 20_000);
    const offset = Math.floor(random() * (POOL.length - size));
    const body = POOL.subarray(offset, offset + size);
    const kind = random();
    const after_ = kind < 0.15 ? GONE : kind < 0.3 ? "copy" : hashOf(body);
    const source = allowed.get(`${Bucket}/w${writer}/0`);
    const target = after_ === "copy" ? ([...(source ?? [GONE])][0] ?? GONE) : after_;
    if (after_ === "copy" && (source?.size !== 1 || target === GONE || Key.endsWith("/0"))) continue;
    const states = new Set([...(allowed.get(name) ?? [GONE]), target]);
    allowed.set(name, states);
    try {
      if (after_ === GONE) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      else if (after_ === "copy")
        await s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/w${writer}/0` }));
      else if (body.length > 5 * MIB && random() < 0.5) await inParts(s3, Bucket, Key, body);
      else await s3.send(new PutObjectCommand({ Bucket, Key, Body: body }));
      allowed.set(name, new Set([target]));
      onAcknowledged();
    } catch {
      return; // The lake was killed; the write may or may not have been.
    }
  }
}

async function inParts(s3: S3Client, Bucket: string, Key: string, body: Buffer): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts = [];
  for (const [index, Body] of [body.subarray(0, 5 * MIB), body.subarray(5 * MIB)].entries()) {
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body }));
    Parts.push({ ETag, PartNumber: index + 1 });
  }
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
}

function hashOf(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}

async function check(lake: TestLake, allowed: Map<string, Set<string>>): Promise<void> {
  const s3 = new S3Client(lake.config);
  const listed = new Set<string>();
  for (const Bucket of ["plain", "versioned"]) {
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 5 }, { Bucket })) {
      for (const { Key } of page.Contents ?? []) listed.add(`${Bucket}/${Key}`);
    }
  }
  for (const [name, states] of allowed) {
    const [Bucket = "", ...key] = name.split("/");
    const seen = listed.has(name) ? hashOf(await bytesAt(s3, Bucket, key.join("/"))) : GONE;
    ok(states.has(seen), `${name} is ${seen}, which was never acknowledged (${[...states].join(", ")})`);
    allowed.set(name, new Set([seen]));
  }
  ok([...listed].every((name) => allowed.has(name)));
  s3.destroy();
}

/** Deletes every version and gives up every upload: then no file may be left. */
async function empty(lake: TestLake): Promise<void> {
  const s3 = new S3Client(lake.config);
  for (const Bucket of ["plain", "versioned"]) {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    }
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    for (const { Key, UploadId } of Uploads) await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
  s3.destroy();
}

describe("a lake that was killed", () => {
  it("sweeps the files that no object names, and only those", async () => {
    let lake = await startTestLake();
    let s3 = new S3Client(lake.config);
    await s3.send(new CreateBucketCommand({ Bucket: "swept" }));
    for (const Key of ["a", "b", "c"]) await s3.send(new PutObjectCommand({ Bucket: "swept", Key, Body: Key }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: "swept", Key: "open" }));
    await s3.send(new UploadPartCommand({ Bucket: "swept", Key: "open", UploadId, PartNumber: 1, Body: "part" }));
    equal(filesOf(lake), 4);
    // A put whose body never ends, so that its file is on disk when the kill comes.
    const endless = new Readable({ read() {} });
    endless.push(Buffer.alloc(6 * MIB, 1));
    const put = refusal(
      s3.send(new PutObjectCommand({ Bucket: "swept", Key: "half", Body: endless, ContentLength: 20 * MIB })),
    );
    await waitFor(() => filesOf(lake) === 5, 10_000);
    await lake.kill();
    ok((await put) !== "ok");
    s3.destroy();
    lake = await lake.restart();
    await waitFor(() => filesOf(lake) === 4, 10_000);
    s3 = new S3Client(lake.config);
    for (const Key of ["a", "b", "c"]) equal((await bytesAt(s3, "swept", Key)).toString(), Key);
    equal(
      await refusal(
        s3.send(new UploadPartCommand({ Bucket: "swept", Key: "open", UploadId, PartNumber: 2, Body: "2" })),
      ),
      "ok",
    );
    s3.destroy();
    await lake.stop();
  });
});

describe("many bytes", () => {
  const used = useLake();
  const status = (field: string) =>
    Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${used.lake.pid}/status`, "utf8"))?.[1]) /
    1024;

  it("pass through little memory, in and out, however many they are", async () => {
    const { s3 } = used;
    await s3.send(new CreateBucketCommand({ Bucket: "big" }));
    const block = bytesOf(MIB, 9);
    const stream = (size: number) => Readable.from(repeat(block, size / MIB), { objectMode: false });
    const through = async (size: number) => {
      const expected = createHash("md5");
      for (const chunk of repeat(block, size / MIB)) expected.update(chunk);
      const put = await s3.send(
        new PutObjectCommand({ Bucket: "big", Key: "k", Body: stream(size), ContentLength: size }),
      );
      const md5 = expected.digest("hex");
      equal(put.ETag, `"${md5}"`);
      const got = await s3.send(new GetObjectCommand({ Bucket: "big", Key: "k" }));
      const seen = createHash("md5");
      for await (const chunk of got.Body as Readable) seen.update(chunk as Buffer);
      equal(seen.digest("hex"), md5);
      return status("VmHWM");
    };
    const small = await through(32 * MIB);
    const large = await through(256 * MIB);
    ok(large - small < 64, `32 MiB took ${small.toFixed(0)} MB at most, 256 MiB ${large.toFixed(0)} MB`);
  });

  it("wait for a reader that is slow, rather than pile up", async () => {
    const before_ = status("VmRSS");
    const got = await used.s3.send(new GetObjectCommand({ Bucket: "big", Key: "k" }));
    const body = got.Body as Readable;
    body.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    ok(status("VmRSS") - before_ < 32);
    body.destroy();
    // The lake goes on, and has let go of the file.
    equal(await refusal(used.s3.send(new DeleteObjectCommand({ Bucket: "big", Key: "k" }))), "ok");
    await waitFor(
      () => !openFiles(used.lake.pid).some((file) => file.includes("/s3/") && file.endsWith("(deleted)")),
      10_000,
    );
  });
});

function* repeat(block: Buffer, times: number): Generator<Buffer> {
  for (let index = 0; index < times; index += 1) yield block;
}

function openFiles(pid: number): string[] {
  return execFileSync("ls", ["-l", `/proc/${pid}/fd`], { encoding: "utf8" }).split("\n");
}

describe("a full disk", () => {
  /** Runs `action` on a lake whose folder is a file system of so many MiB; skips where none can be mounted. */
  const onSmallDisk = (size: number, action: (held: { lake: TestLake }) => Promise<void>) =>
    async function (this: Mocha.Context) {
      const folder = mkdtempSync(join(tmpdir(), "small-"));
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}m`, "tmpfs", folder], { stdio: "ignore" });
      } catch {
        rmSync(folder, { recursive: true });
        process.stdout.write("      skipped: a small file system can't be mounted here (needs root)\n");
        this.skip();
      }
      const held = { lake: await startTestLake({ folder }) };
      try {
        await action(held);
      } finally {
        await held.lake.stop({ keep: true });
        execFileSync("umount", [folder]);
        rmSync(folder, { recursive: true });
      }
    };
  const put = (s3: S3Client, Key: string, Body: Buffer | string) =>
    refusal(s3.send(new PutObjectCommand({ Bucket: "full", Key, Body })));

  it(
    "refuses what does not fit, keeps what was there, and takes more when there is room again",
    onSmallDisk(24, async ({ lake }) => {
      const s3 = new S3Client(lake.config);
      await s3.send(new CreateBucketCommand({ Bucket: "full" }));
      equal(await put(s3, "kept", bytesOf(8 * MIB, 1)), "ok");
      for (const Key of ["more", "kept"])
        match(await put(s3, Key, bytesOf(20 * MIB, 2)), /^InsufficientStorage 507: The disk/);
      equal(filesOf(lake), 1);
      ok((await bytesAt(s3, "full", "kept")).equals(bytesOf(8 * MIB, 1)));
      await s3.send(new DeleteObjectCommand({ Bucket: "full", Key: "kept" }));
      equal(await put(s3, "more", bytesOf(12 * MIB, 2)), "ok");
      ok((await bytesAt(s3, "full", "more")).equals(bytesOf(12 * MIB, 2)));
      equal(filesOf(lake), 1);
      s3.destroy();
    }),
  );

  it(
    "that leaves no room for the index either loses nothing that is acknowledged then or later",
    onSmallDisk(24, async (held) => {
      let s3 = new S3Client(held.lake.config);
      await s3.send(new CreateBucketCommand({ Bucket: "full" }));
      for (const Key of ["a", "b"]) equal(await put(s3, Key, Key), "ok");
      const filler = join(held.lake.folder, "filler");
      const left = Number(
        execFileSync("df", ["--output=avail", "-k", held.lake.folder], { encoding: "utf8" }).split("\n")[1],
      );
      writeFileSync(filler, Buffer.alloc(left * 1024));
      // No bytes, much to say: only the index grows, until it can't.
      const kept: string[] = [];
      const describe_ = (Key: string) =>
        refusal(s3.send(new PutObjectCommand({ Bucket: "full", Key, Body: "", Metadata: { long: "x".repeat(2000) } })));
      let answer = "ok";
      for (let index = 0; answer === "ok" && index < 100; index += 1) {
        answer = await describe_(`m${index}`);
        if (answer === "ok") kept.push(`m${index}`);
      }
      match(answer, /^InsufficientStorage 507: The disk/);
      match(await describe_("n"), /^InsufficientStorage 507/);
      for (const Key of ["a", "b"]) equal((await bytesAt(s3, "full", Key)).toString(), Key);
      rmSync(filler);
      for (const Key of ["d", "e"]) equal(await put(s3, Key, Key), "ok");
      equal(await refusal(s3.send(new DeleteObjectCommand({ Bucket: "full", Key: "b" }))), "ok");
      s3.destroy();
      await held.lake.kill();
      held.lake = await held.lake.restart();
      s3 = new S3Client(held.lake.config);
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "full" }));
      deepEqual(
        Contents.map(({ Key }) => Key),
        ["a", "d", "e", ...kept.sort()],
      );
      for (const Key of ["a", "d", "e"]) equal((await bytesAt(s3, "full", Key)).toString(), Key);
      s3.destroy();
    }),
  );
});
