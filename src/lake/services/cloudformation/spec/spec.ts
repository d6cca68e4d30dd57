// AWS's published resource specification, read a type at a time from a file beside the code, so that an idle lake holds none of it.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A property's type. Definitions are those of the resource type that holds them. */
export type CompactType =
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "json"
  | "date-time"
  | "null"
  | "tag"
  | { readonly values: readonly (string | number)[] }
  | { readonly list: CompactType }
  | { readonly map: CompactType }
  | { readonly definition: string }
  | { readonly anyOf: readonly CompactType[] };

export interface CompactProperty {
  readonly type: CompactType;
  readonly required?: boolean;
  /** A change makes a new resource: always, or depending on the change. */
  readonly replaces?: "always" | "maybe";
}

export interface ResourceSpec {
  readonly type: string;
  readonly properties: Readonly<Record<string, CompactProperty>>;
  readonly attributes: Readonly<Record<string, "string" | "number" | "integer" | "boolean" | "list">>;
  /** Names of the properties or attributes that make up the physical id. */
  readonly identifier: readonly string[];
  /** e.g. "arn:${Partition}:s3:::${BucketName}" */
  readonly arn?: string;
  /** The property that holds tags. */
  readonly tags?: string;
  /** Paths whose change replaces, beside the properties that say so themselves. */
  readonly alsoReplaces?: readonly (readonly string[])[];
  readonly definitions: Readonly<Record<string, Readonly<Record<string, CompactProperty>>>>;
}

export const SPEC_FILE = "cloudformation-spec.jsonl";

/** How many types are kept in memory; a template rarely has more. */
const KEPT = 64;

class SpecFile {
  private readonly index: ReadonlyMap<string, readonly [number, number]>;
  private readonly start: number;
  private readonly kept = new Map<string, ResourceSpec>();

  constructor(private readonly file: string) {
    const text = readFileSync(file);
    const end = text.indexOf(10);
    this.start = end + 1;
    this.index = new Map(Object.entries(JSON.parse(text.toString("utf8", 0, end)) as Record<string, [number, number]>));
  }

  get(type: string): ResourceSpec | undefined {
    const kept = this.kept.get(type);
    if (kept !== undefined) return kept;
    const place = this.index.get(type);
    if (place === undefined) return undefined;
    const line = Buffer.alloc(place[1]);
    const handle = openSync(this.file, "r");
    try {
      readSync(handle, line, 0, place[1], this.start + place[0]);
    } finally {
      closeSync(handle);
    }
    const spec = JSON.parse(line.toString("utf8")) as ResourceSpec;
    const oldest = this.kept.keys().next().value;
    if (this.kept.size >= KEPT && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(type, spec);
    return spec;
  }
}

/** What the CDK puts into every stack; AWS takes it and publishes no specification of it. */
const CDK_METADATA: ResourceSpec = {
  type: "AWS::CDK::Metadata",
  properties: { Analytics: { type: "string" }, Modules: { type: "string" } },
  attributes: {},
  identifier: [],
  definitions: {},
};

let opened: SpecFile | undefined;

/** What AWS publishes of a resource type, or undefined for a type that AWS does not have. */
export async function resourceSpec(type: string): Promise<ResourceSpec | undefined> {
  if (type === CDK_METADATA.type) return CDK_METADATA;
  opened ??= new SpecFile(await specFile());
  return opened.get(type);
}

/** dist/ has the file from the build; from the sources it is derived once and kept beside the installed package. */
async function specFile(): Promise<string> {
  const built = join(dirname(fileURLToPath(import.meta.url)), SPEC_FILE);
  if (existsSync(built)) return built;
  const { deriveSpec } = await import("./derive.ts");
  const archive = createRequire(import.meta.url).resolve("@aws-cdk/aws-service-spec/db.json.gz");
  const { version } = JSON.parse(readFileSync(join(dirname(archive), "package.json"), "utf8")) as { version: string };
  const folder = join(dirname(archive), "..", "..", ".cache", "boathouse");
  const file = join(folder, `${version}-1-${SPEC_FILE}`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const whole = `${file}.${process.pid}`;
    writeFileSync(whole, deriveSpec(archive));
    renameSync(whole, file);
  }
  return file;
}
