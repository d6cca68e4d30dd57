// Parquet footers read through the lake's own S3, a range at a time: what a file holds without reading its rows.
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from "hyparquet";
import type { Readable } from "node:stream";
import type { Principal } from "../../../call.ts";
import type { Lake } from "../../../lake.ts";
import { type Column, parquetColumns } from "./columns.ts";

export interface Footer {
  readonly columns: readonly Column[];
  readonly rows: number;
}

/** Bytes fetched at once from a file's end: footers of lake files fit. */
const TAIL = 64 * 1024;
/** "PAR1", twice, a length and something between. */
const SMALLEST = 12;

/** The footer of an object, or undefined where it is no Parquet file. Errors of S3 are thrown. */
export async function readFooter(
  lake: Lake,
  bucket: string,
  key: string,
  size: number,
  principal: Principal | undefined,
): Promise<Footer | undefined> {
  if (size < SMALLEST) return undefined;
  let failed: unknown;
  const file: AsyncBuffer = {
    byteLength: size,
    async slice(start, end = size) {
      try {
        return await readRange(lake, bucket, key, start, end, principal);
      } catch (error) {
        failed = error;
        throw error;
      }
    },
  };
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file, { initialFetchSize: TAIL });
  } catch {
    // What S3 refuses is the crawl's failure; what the parser refuses is no Parquet.
    if (failed !== undefined) throw failed;
    return undefined;
  }
  return { columns: parquetColumns(metadata), rows: Number(metadata.num_rows) };
}

async function readRange(
  lake: Lake,
  bucket: string,
  key: string,
  start: number,
  end: number,
  principal: Principal | undefined,
): Promise<ArrayBuffer> {
  const { Body } = await lake.call(
    "s3",
    "GetObject",
    { Bucket: bucket, Key: key, Range: `bytes=${start}-${end - 1}` },
    principal === undefined ? {} : { principal },
  );
  if (Body === undefined) return new ArrayBuffer(0);
  const bytes = Body instanceof Uint8Array ? Body : await collect(Body);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

async function collect(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
