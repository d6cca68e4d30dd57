// Unpacks archives with Python's own modules: every machine that runs these engines has them, unlike tar or unzip.
import { mkdirSync } from "node:fs";
import { BoathouseError } from "../../base/errors.ts";
import { diskFull } from "./failures.ts";
import type { Python } from "./python.ts";
import { run } from "./run.ts";
import type { Work } from "./work.ts";

// The "data" filter keeps every member within the folder.
const script = `
import sys, tarfile, zipfile
archive, folder = sys.argv[1:]
if archive.endswith(".zip"):
    zipfile.ZipFile(archive).extractall(folder)
else:
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(folder)
`;

/** Unpacks a .zip or .tar.gz into `folder`. */
export async function unpack(archive: string, folder: string, python: Python, work: Work): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { code, tail } = await run(python.program, ["-I", "-c", script, archive, folder], {
    environment: work.environment,
    signal: work.signal,
  });
  if (code === 0) return;
  const said = tail.at(-1) ?? "";
  if (/Errno 28|No space left|Disk quota/.test(tail.join("\n"))) throw diskFull(archive, new Error(said));
  throw new BoathouseError("bug", `${archive} could not be unpacked: ${said}`, {
    resource: archive,
    next: "Delete that file and try again.",
    cause: new Error(tail.join("\n")),
  });
}
