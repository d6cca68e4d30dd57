// Where this installation of Boathouse lies: the folder that holds package.json, resources/ and glue-scripts/.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BoathouseError } from "./errors.ts";

/** From the bundle (dist/) and from the sources alike. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "glue-scripts"))) return folder;
    const above = dirname(folder);
    if (above === folder) {
      throw new BoathouseError("bug", "Boathouse's own resources are missing.", { next: "Install Boathouse again." });
    }
    folder = above;
  }
}

/** The `awsglue` that lets Glue jobs run here, and its launcher. */
export const runtimeFolder = () => join(packageFolder(), "glue-scripts", "runtime");
