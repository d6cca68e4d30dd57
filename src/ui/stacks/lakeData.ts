// What a window that opens later goes on with a load, run all or crawl by.
import type { Operation } from "../../base/journal.ts";
import { say } from "../shell/say.ts";

/** What the journal keeps of these operations. */
export interface LakeData {
  readonly stackName: string;
  /** Orders to generate beside the sample's. */
  readonly rows?: number;
  /** Run ids by job, as they become known. */
  readonly runs?: Readonly<Record<string, string>>;
  readonly crawler?: string;
  /** When the crawler had last begun before this crawl was started (ISO 8601), null for never; undefined: it was not started yet. */
  readonly before?: string | null;
  /** The person has cancelled it: what was begun is being stopped. */
  readonly cancelled?: boolean;
}

export function dataOf(operation: Operation): LakeData {
  return operation.data as unknown as LakeData;
}

/** How an operation ended, in words; `at`: when, where that is known. */
export interface Ended {
  readonly text: string;
  readonly at: Date | undefined;
  /** That a crawl has filled. */
  readonly database?: string;
}

/** The window closed before anything was begun, and too long ago to begin it unasked. */
export function notBegun({ title }: Operation): undefined {
  void say.info(`“${title}” had not begun when its window closed. Run it again where it is still wanted.`);
  return undefined;
}
