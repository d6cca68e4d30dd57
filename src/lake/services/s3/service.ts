// S3: buckets, objects with versions, uploads in parts. Bytes in files, everything else in the store.
import { join } from "node:path";
import type { Lake, Service } from "../../lake.ts";
import { accessesOf } from "./access.ts";
import { Files } from "./files.ts";
import { bucketOperations } from "./operations/buckets.ts";
import { configurationOperations } from "./operations/configuration.ts";
import { copyOperations } from "./operations/copy.ts";
import { deleteOperations } from "./operations/delete.ts";
import { fixedOperations } from "./operations/fixed.ts";
import { listOperations } from "./operations/list.ts";
import { listUploadsOperations } from "./operations/listUploads.ts";
import { listVersionsOperations } from "./operations/listVersions.ts";
import { multipartOperations } from "./operations/multipart.ts";
import { readOperations } from "./operations/read.ts";
import { taggingOperations } from "./operations/tagging.ts";
import { tieringOperations } from "./operations/tiering.ts";
import { writeOperations } from "./operations/write.ts";
import { bucketType } from "./resources/bucket.ts";
import { bucketPolicyType } from "./resources/policy.ts";
import { S3Store } from "./store.ts";
import type { S3 } from "./versions.ts";

export function createS3(lake: Lake): Service<"s3"> {
  const store = new S3Store(lake.store);
  const files = new Files(join(lake.folder, "s3"), (file) => store.holdsFile(file));
  const s3: S3 = { lake, store, files };
  const stopping = new AbortController();
  let sweeping: Promise<void> = Promise.resolve();
  return {
    id: "s3",
    protocol: "rest-xml",
    schemas: () => import("@aws-sdk/client-s3"),
    operations: {
      ...bucketOperations(s3),
      ...configurationOperations(s3),
      ...copyOperations(s3),
      ...deleteOperations(s3),
      ...fixedOperations(s3),
      ...listOperations(s3),
      ...listUploadsOperations(s3),
      ...listVersionsOperations(s3),
      ...multipartOperations(s3),
      ...readOperations(s3),
      ...taggingOperations(s3),
      ...tieringOperations(s3),
      ...writeOperations(s3),
    },
    accesses: accessesOf,
    resources: [bucketType(lake), bucketPolicyType(lake)],
    start() {
      // Beside other work: files that no index entry names hurt nobody but the disk.
      sweeping = files.sweep(stopping.signal).then((removed) => {
        if (removed > 0) lake.log("s3 swept", { files: removed });
      });
      return Promise.resolve();
    },
    busy: () => files.isBusy,
    async stop() {
      stopping.abort();
      await sweeping;
      files.dispose();
    },
  };
}
