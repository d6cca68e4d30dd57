// The folder of a lake: which of its names a lake made, so that nothing else is ever taken for a lake's, or deleted with it.
import { readdirSync } from "node:fs";

/** Every name that a lake and its clients make at the top of its folder. */
const OWN =
  /^(start\.lock.*|keys\.json.*|lake\.json.*|lake\.log(\.1)?|elsewhere\.json.*|state|run|s3|rds|glue|athena|trino)$/;

export interface FolderNames {
  readonly own: readonly string[];
  readonly foreign: readonly string[];
}

/** What lies in a folder; nothing where there is none. Throws what the system says of a folder that can't be read. */
export function folderNames(folder: string): FolderNames {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { own: [], foreign: [] };
    throw error;
  }
  return { own: names.filter((name) => OWN.test(name)), foreign: names.filter((name) => !OWN.test(name)) };
}

/** True where a lake has begun here. */
export function holdsLake({ own }: FolderNames): boolean {
  return own.includes("keys.json") || own.includes("lake.log");
}
