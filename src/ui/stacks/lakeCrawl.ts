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
  const { finishCrawl, getCrawler, startCrawler, stopCrawler } = await import("../../jobs/crawlers.ts");
  const now = await work.on.use((session) => getCrawler(session, crawler));
  const last = now.lastStarted?.toISOString() ?? null;
  const { before } = dataOf(operation);
  // A crawl that has begun since: its start, which the crawler tells once it has ended, is another one.
  const begun = resumed && before !== undefined && (now.state !== "READY" || last !== before);
  if (!begun) {
    if (resumed && !isFresh(operation)) return notBegun(operation);
    operation.note({ before: last });
    await work.on.use((session) => startCrawler(session, crawler));
  }
  const over = begun && now.state === "READY";
  let stopped = dataOf(operation).cancelled === true;
  // The window closed before the call went out, perhaps.
  if (stopped && now.state === "RUNNING") await work.on.use((session) => stopCrawler(session, crawler));
  work.shell.tell("jobs");
  try {
    await attend({
      title: operation.title,
      work: (told) =>
        work.on.use((session) =>
          finishCrawl(session, crawler, {
            signal: work.on.ending,
            onState: ({ state, elapsed }) => told(elapsed > 0 ? `${state} · ${duration(elapsed / 1000)}` : state),
          }),
        ),
      stoppingTitle: `Stopping crawler ${crawler}`,
      onCancel: async () => {
        stopped = true;
        operation.note({ cancelled: true });
        await work.on.use((session) => stopCrawler(session, crawler));
        return "stopping";
      },
    });
  } catch (error) {
    if (stopped && known(error).kind === "service")
      throw new BoathouseError("cancelled", "Cancelled.", { cause: error });
    throw error;
  }
  const { crawlResult } = await import("../../flows/crawl.ts");
  const tables = await work.on.use((session) => crawlResult(session, stackName));
  const found = tables.map(({ name, partitions }) => (partitions === 0 ? name : `${name} (${partitions} partitions)`));
  const text = `Crawled ${tables.length} ${tables.length === 1 ? "table" : "tables"}: ${found.join(", ")}`;
  return over ? { text, at: undefined } : { text: `${text},`, at: new Date() };
}
