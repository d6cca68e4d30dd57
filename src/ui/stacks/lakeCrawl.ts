// The crawl of a lake's crawler: begun, or found again by a window that opens later, and followed to its end.
import { BoathouseError } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import { attend } from "../shell/attend.ts";
import { known } from "../shell/failures.ts";
import { isFresh } from "../shell/resuming.ts";
import { duration } from "../shell/times.ts";
import { dataOf, type Ended, notBegun } from "./lakeData.ts";
import type { Work } from "./views.ts";

/** Undefined where it was not gone on with, which was told. @throws BoathouseError `cancelled` where the person stopped it. */
export async function crawl(work: Work, operation: Operation, resumed: boolean): Promise<Ended | undefined> {
  const { stackName, crawler = "" } = dataOf(operation);
  const { stopCrawler } = await import("../../jobs/crawlers.ts");
  const stop = () => work.on.use((session) => stopCrawler(session, crawler));
  let started = false;
  let stopped = dataOf(operation).cancelled === true;
  let over: boolean | undefined;
  try {
    over = await attend({
      title: operation.title,
      work: (told) =>
        toItsEnd(work, operation, resumed, {
          told,
          start: async (start) => {
            if (stopped && start !== undefined) throw new BoathouseError("cancelled", "Cancelled.");
            await start?.();
            started = true;
            // Cancelled while the call was out, or by a window that closed before it could say so.
            if (stopped) await stop().catch((error: unknown) => work.shell.log.warn(`crawler ${crawler}`, error));
          },
        }),
      stoppingTitle: `Stopping crawler ${crawler}`,
      onCancel: async () => {
        stopped = true;
        operation.note({ cancelled: true });
        if (started) await stop();
        return "stopping";
      },
    });
  } catch (error) {
    if (stopped && known(error).kind === "service")
      throw new BoathouseError("cancelled", "Cancelled.", { cause: error });
    throw error;
  }
  if (over === undefined) return notBegun(operation);
  const { crawlResult } = await import("../../flows/crawl.ts");
  const { database, tables } = await work.on.use((session) => crawlResult(session, stackName));
  const found = tables.map(({ name, partitions }) =>
    partitions === 0 ? name : `${name} (${partitions} ${partitions === 1 ? "partition" : "partitions"})`,
  );
  const text =
    tables.length === 0
      ? "The crawl found no table"
      : `Crawled ${tables.length} ${tables.length === 1 ? "table" : "tables"}: ${found.join(", ")}`;
  return over ? { text, at: undefined, database } : { text: `${text},`, at: new Date(), database };
}

interface Going {
  readonly told: (message: string) => void;
  /** Starts by `start`, or with what was started before where that is undefined. */
  readonly start: (start: (() => Promise<void>) | undefined) => Promise<void>;
}

/** Whether it had ended before this window looked; undefined where it had not begun, and too long ago. */
async function toItsEnd(
  work: Work,
  operation: Operation,
  resumed: boolean,
  { told, start }: Going,
): Promise<boolean | undefined> {
  const { crawler = "", before } = dataOf(operation);
  const { finishCrawl, getCrawler, startCrawler } = await import("../../jobs/crawlers.ts");
  const now = await work.on.use((session) => getCrawler(session, crawler));
  const last = now.lastStarted?.toISOString() ?? null;
  // A crawl that has begun since: its start, which the crawler tells once it has ended, is another one.
  const begun = resumed && before !== undefined && (now.state !== "READY" || last !== before);
  if (!begun && resumed && !isFresh(operation)) return undefined;
  await start(
    begun
      ? undefined
      : async () => {
          operation.note({ before: last });
          await work.on.use((session) => startCrawler(session, crawler));
        },
  );
  work.shell.tell("jobs");
  await work.on.use((session) =>
    finishCrawl(session, crawler, {
      signal: work.on.ending,
      onState: ({ state, elapsed }) => told(elapsed > 0 ? `${state} · ${duration(elapsed / 1000)}` : state),
    }),
  );
  return begun && now.state === "READY";
}
