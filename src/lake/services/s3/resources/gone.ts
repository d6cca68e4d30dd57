// Calls about a thing that may be gone already.
import { ServiceError } from "../../../fault.ts";

const GONE = new Set(["NoSuchBucket", "NoSuchBucketPolicy"]);

export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ServiceError && GONE.has(error.code)) return undefined;
    throw error;
  }
}
