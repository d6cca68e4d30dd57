// The AWS CLI and boto3 against the lake's S3, with nothing set but what `boathouse lake env` prints.
import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { clientsOf } from "../clients.ts";
import { bytesOf, useLake } from "./support.ts";

const run = promisify(execFile);

describe("boto3", () => {
  const used = useLake();

  it("puts, lists, transfers, presigns, is refused, and empties a versioned bucket", async () => {
    const script = readFileSync(new URL("clients.py", import.meta.url), "utf8");
    deepEqual(await clientsOf(used.lake).python(script), {
      keys: true,
      bodies: true,
      folders: ["../", "folder/", "ünïcödé/"],
      pages: 3,
      "old pages": true,
      transfer: true,
      parts: "3",
      copied: true,
      CRC32: true,
      SHA1: true,
      SHA256: true,
      presigned: ["presigned", "text/csv", 403],
      "presigned v4": ["presigned", "text/csv", 403],
      errors: [
        "NoSuchKey",
        "404",
        "NoSuchBucket",
        "PreconditionFailed",
        "InvalidRange",
        "BucketNotEmpty",
        "InvalidBucketName",
      ],
      versions: 2,
      left: [],
    });
  });
});

describe("the AWS CLI", () => {
  const used = useLake();
  const aws = (...parts: string[]) => {
    const quiet = ["cp", "sync", "mv"].includes(parts[1] ?? "") ? ["--only-show-errors"] : [];
    return clientsOf(used.lake).aws(...parts, ...quiet);
  };
  const folder = () => join(used.lake.folder, "cli");
  const file = (name: string, text: string | Buffer) => {
    mkdirSync(dirname(join(folder(), name)), { recursive: true });
    writeFileSync(join(folder(), name), text);
    return join(folder(), name);
  };

  it("copies and syncs both ways, whole and in parts", async () => {
    await aws("s3", "mb", "s3://cli");
    const big = file("big.bin", bytesOf(18_000_000, 5));
    await aws("s3", "cp", big, "s3://cli/big.bin");
    await aws("s3", "cp", "s3://cli/big.bin", join(folder(), "big.back"));
    ok(readFileSync(join(folder(), "big.back")).equals(readFileSync(big)));
    for (const name of ["sub/a.txt", "sub/deep/b c+d.txt", "sub/ünï.txt"]) file(name, name);
    await aws("s3", "sync", join(folder(), "sub"), "s3://cli/sub");
    await aws("s3", "sync", "s3://cli/sub", join(folder(), "back"));
    equal(readFileSync(join(folder(), "back/deep/b c+d.txt"), "utf8"), "sub/deep/b c+d.txt");
    equal(readFileSync(join(folder(), "back/ünï.txt"), "utf8"), "sub/ünï.txt");
    match(await aws("s3", "ls", "s3://cli"), /PRE sub\/\n.*18000000 big\.bin$/);
    equal((await aws("s3", "ls", "s3://cli", "--recursive")).trim().split("\n").length, 4);
    // A second sync finds nothing to do; one with --delete removes what is gone here.
    rmSync(join(folder(), "sub/a.txt"));
    await aws("s3", "sync", join(folder(), "sub"), "s3://cli/sub", "--delete");
    equal((await aws("s3", "ls", "s3://cli/sub/a.txt").catch(() => "gone")).trim(), "gone");
    await aws("s3", "mv", "s3://cli/big.bin", "s3://cli/moved.bin");
    match(await aws("s3", "ls", "s3://cli"), /18000000 moved\.bin/);
  });

  it("streams from and to a pipe, presigns, and removes a bucket with all in it", async () => {
    const cp = `"${process.env["BOATHOUSE_TEST_PYTHON"] ?? "python3"}" -m awscli s3 cp`;
    const { stdout } = await run("sh", ["-c", `printf piped | ${cp} - s3://cli/piped && ${cp} s3://cli/piped -`], {
      env: used.lake.env,
    });
    equal(stdout, "piped");
    const url = await aws("s3", "presign", "s3://cli/piped");
    equal(await (await fetch(url)).text(), "piped");
    await aws("s3", "rb", "s3://cli", "--force");
    equal(await aws("s3", "ls"), "");
  });

  it("reads what s3api asks for", async () => {
    await aws("s3api", "create-bucket", "--bucket", "api");
    await aws("s3api", "put-bucket-versioning", "--bucket", "api", "--versioning-configuration", "Status=Enabled");
    equal(
      (JSON.parse(await aws("s3api", "get-bucket-versioning", "--bucket", "api")) as { Status: string }).Status,
      "Enabled",
    );
    const put = JSON.parse(
      await aws("s3api", "put-object", "--bucket", "api", "--key", "k", "--body", file("one", "1")),
    ) as { VersionId: string };
    await aws("s3api", "delete-object", "--bucket", "api", "--key", "k");
    const listed = JSON.parse(await aws("s3api", "list-object-versions", "--bucket", "api")) as {
      Versions: { VersionId: string }[];
      DeleteMarkers: { IsLatest: boolean }[];
    };
    deepEqual([listed.Versions[0]?.VersionId, listed.DeleteMarkers[0]?.IsLatest], [put.VersionId, true]);
    match(await aws("s3api", "get-bucket-location", "--bucket", "api"), /"LocationConstraint": null/);
    doesNotMatch(await aws("s3api", "list-objects-v2", "--bucket", "api"), /Contents/);
    match(
      await aws("s3api", "get-object-tagging", "--bucket", "api", "--key", "k", "--version-id", put.VersionId),
      /"TagSet": \[\]/,
    );
  });
});
