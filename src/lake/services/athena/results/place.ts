// Where results lie: s3:// addresses, the result file's name by kind of statement, and objects written while they are made.
import { PassThrough } from "node:stream";
import { messageOf } from "../../../../base/errors.ts";
import type { StatementKind, StatementType } from "../../../../sql/classify.ts";
import type { Principal } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";
import { invalidRequest } from "../faults.ts";

export interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Reads "s3://bucket/prefix/"; the prefix ends in "/" or is empty. Throws AWS's message for what is no such address. */
export function parseOutputLocation(location: string): Place {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(location);
  if (found === null) throw invalidRequest("outputLocation is not a valid S3 path.");
  const prefix = found[2] ?? "";
  return { bucket: found[1] ?? "", key: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/` };
}

export function parsePlace(address: string): Place {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(address) ?? [];
  return { bucket, key };
}

/** The result file of an execution, as Athena names it. */
export function resultAddress({ bucket, key }: Place, id: string, kind: StatementKind, type: StatementType): string {
  const base = `s3://${bucket}/${key}`;
  if (kind === "CREATE_TABLE_AS_SELECT") return `${base}tables/${id}`;
  if (kind === "INSERT") return `${base}${id}`;
  if (kind === "SHOW_FUNCTIONS" || (type === "DML" && kind !== "EXPLAIN")) return `${base}${id}.csv`;
  return `${base}${id}.txt`;
}

export interface ObjectOptions {
  readonly contentType: string;
  readonly bucketOwner: string | undefined;
  readonly principal: Principal;
}

/** An object that comes into being when its writer is closed; until then nothing is to be seen of it. */
export class ObjectWriter {
  size = 0;
  private readonly stream = new PassThrough({ highWaterMark: 1 << 20 });
  private readonly put: Promise<unknown>;

  constructor(lake: Lake, { bucket, key }: Place, { contentType, bucketOwner, principal }: ObjectOptions) {
    this.put = lake.call(
      "s3",
      "PutObject",
      {
        Bucket: bucket,
        Key: key,
        Body: this.stream,
        ContentType: contentType,
        ...(bucketOwner === undefined ? {} : { ExpectedBucketOwner: bucketOwner }),
      },
      { principal },
    );
    this.put.catch(() => this.stream.destroy());
    this.stream.on("error", () => undefined);
  }

  /** Resolves once there is room for more. Throws where S3 refuses the object. */
  async write(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    if (bytes.length === 0) return;
    this.size += bytes.length;
    if (this.stream.write(bytes)) return;
    await Promise.race([
      this.put,
      new Promise<void>((resolve) => {
        this.stream.once("drain", resolve);
        this.stream.once("close", resolve);
      }),
    ]);
  }

  async close(): Promise<void> {
    this.stream.end();
    await this.put;
  }

  /** Gives the object up; nothing of it stays. */
  async abort(reason: unknown): Promise<void> {
    this.stream.destroy(reason instanceof Error ? reason : new Error(messageOf(reason)));
    await this.put.catch(() => undefined);
  }
}
