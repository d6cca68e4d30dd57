// A package of the npm registry, unpacked; nothing of it is run.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { download } from "./download.ts";
import { downloadFailure } from "./failures.ts";
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

/** Fetches the package's tarball into `downloads` (where it isn't there yet) and unpacks it into `folder`. Resolves to the tarball. */
export async function unpackNpm(wanted: NpmPackage, downloads: string, folder: string, work: Work): Promise<string> {
  const { default: pacote } = await import("pacote");
  const name = `${wanted.name}@${wanted.version}`;
  const file = join(downloads, `${wanted.name.replaceAll(/[@/]+/g, "-").slice(1)}-${wanted.version}.tgz`);
  const options = {
    ...(await npmSettings(work.environment, work.inEditor)),
    ...(work.mirrors.npm === undefined ? {} : { registry: work.mirrors.npm }),
    cache: join(downloads, "npm"),
    integrity: wanted.integrity,
    signal: work.signal,
    // npm's own defaults take minutes to say that there is no network.
    retry: { retries: 2, factor: 2, minTimeout: 250, maxTimeout: 1000 },
    // pacote's own default leaves files writable for all.
    fmode: 0o644,
    dmode: 0o755,
    umask: 0o022,
  };
  try {
    if (!existsSync(file)) await fetchTarball(name, wanted, file, options, work);
    work.signal.throwIfAborted();
    await pacote.extract(`file:${file}`, folder, options);
  } catch (error) {
    // A tarball that doesn't unpack is of no use to a later try.
    if ((error as { code?: unknown }).code === "EINTEGRITY") rmSync(file, { force: true });
    throw downloadFailure(error, name, "npm");
  }
  return file;
}

/**
 * By our own download, which goes on where it broke off; pacote's starts over, and its cache throws beside the promise where a tarball
 * is not what it should be. Where the tarball lies, and with which login, the registry and npm's settings say.
 */
async function fetchTarball(
  name: string,
  wanted: NpmPackage,
  file: string,
  options: Readonly<Record<string, unknown>>,
  work: Work,
): Promise<void> {
  const [{ default: pacote }, { default: registryFetch }] = await Promise.all([
    import("pacote"),
    import("npm-registry-fetch"),
  ]);
  const { _resolved: url } = await pacote.manifest(name, options);
  const hex = Buffer.from(wanted.integrity.replace(/^sha512-/, ""), "base64").toString("hex");
  const artifact = { name, url, size: wanted.size, checksum: { algorithm: "sha512" as const, hex } };
  const { cache: _, integrity: __, retry: ___, ...login } = options;
  await download(artifact, file, work, async (from, asked) => {
    try {
      return await registryFetch(from, { ...login, preferOnline: true, retry: { retries: 0 }, ...asked });
    } catch (error) {
      // Thrown here, an answer where the download's request would have returned it.
      if ((error as { statusCode?: unknown }).statusCode !== 416) throw error;
      return { status: 416, statusText: "Range Not Satisfiable", headers: new Headers(), body: Readable.from([]) };
    }
  });
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
