// What ships with Boathouse and the flows use: templates, job scripts, sample data.
import { join } from "node:path";
import { packageFolder } from "../base/package.ts";

export const templateFile = () => join(packageFolder(), "resources", "templates", "lake.yaml");
export const samplesFolder = () => join(packageFolder(), "resources", "samples");

/** The job scripts, in upload order; jobs name them by `s3://<ArtifactsBucket>/scripts/<name>`. */
export const SCRIPTS = ["lake_upsert.py", "customers_etl.py", "orders_etl.py", "load_source.py"] as const;

export const scriptFile = (name: string) => join(packageFolder(), "glue-scripts", "jobs", name);
