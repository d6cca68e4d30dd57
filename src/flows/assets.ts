// What ships with Boathouse and the flows use: templates, job scripts, sample data.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BoathouseError } from "../base/errors.ts";

/** The folder that holds package.json and resources/, from the bundle (dist/) and from the sources alike. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "resources"))) return folder;
    const above = dirname(folder);
    if (above === folder) {
      throw new BoathouseError("bug", "Boathouse's own resources are missing.", { next: "Install Boathouse again." });
    }
    folder = above;
  }
}

export const templateFile = () => join(packageFolder(), "resources", "templates", "lake.yaml");
export const samplesFolder = () => join(packageFolder(), "resources", "samples");

/** The job scripts, in upload order; jobs name them by `s3://<ArtifactsBucket>/scripts/<name>`. */
export const SCRIPTS = ["lake_upsert.py", "customers_etl.py", "orders_etl.py", "load_source.py"] as const;

export const scriptFile = (name: string) => join(packageFolder(), "glue-scripts", "jobs", name);
