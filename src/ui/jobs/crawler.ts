// Running a crawler from the editor: joined where it runs already, followed to its end, told; gone on with by a window that opens later.
import type { Operation } from "../../base/journal.ts";
import { attend } from "../shell/attend.ts";
import { known, messageFor } from "../shell/failures.ts";
import { RUN_CRAWLER } from "../shell/kinds.ts";
import { connected, isFresh } from "../shell/resuming.ts";
import type { Shell } from "../shell/shell.ts";
import type { Steady } from "../shell/steady.ts";
import { duration } from "../shell/times.ts";
import { say } from "../shell/say.ts";

export async function runCrawler(shell: Shell, on: Steady, crawler: string): Promise<void> {
  const data = { connection: on.choice, crawler };
  await shell.operations.run(RUN_CRAWLER, `Run crawler ${crawler}`, data, async () => {
    const { startCrawler } = await import("../../jobs/crawlers.ts");
    await on.use((session) => startCrawler(session, crawler));
    await follow(shell, on, crawler);
  });
}

export async function resumeCrawler(shell: Shell, operation: Operation): Promise<void> {
  const on = await connected(shell, operation);
  if (on === undefined) return;
  try {
    const crawler = String(operation.data["crawler"]);
    const { getCrawler, startCrawler } = await import("../../jobs/crawlers.ts");
    const now = await on.use((session) => getCrawler(session, crawler));
    const began = now.state !== "READY" || (now.lastStarted?.getTime() ?? 0) >= operation.at.getTime() - 2000;
    if (!began && !isFresh(operation)) return;
    if (!began) await on.use((session) => startCrawler(session, crawler));
    await follow(shell, on, crawler);
  } finally {
    on.dispose();
  }
}

/** Waits for the crawl's end and tells it. @throws what stands in the way, but not a crawl that failed: that is told. */
async function follow(shell: Shell, on: Steady, crawler: string): Promise<void> {
  const { finishCrawl, stopCrawler } = await import("../../jobs/crawlers.ts");
  const began = Date.now();
  shell.tell("jobs");
  let stopped = false;
  try {
    await attend({
      title: `Crawler ${crawler}`,
      stoppingTitle: `Stopping crawler ${crawler}`,
      work: (say) =>
        on.use((session) =>
          finishCrawl(session, crawler, {
            signal: on.ending,
            onState: ({ state, elapsed }) =>
              say(elapsed > 0 ? `${state} · ${duration(Math.floor(elapsed / 1000))}` : state),
          }),
        ),
      onCancel: async () => {
        stopped = true;
        await on.use((session) => stopCrawler(session, crawler));
        return "stopping";
      },
    });
  } catch (thrown) {
    const error = known(thrown);
    if (error.kind === "notFound") {
      void say.warn(`Crawler ${crawler} was deleted while it ran.`);
      return;
    }
    if (error.kind !== "service") throw error;
    if (stopped) void say.info(`Crawler ${crawler} was stopped.`);
    else void say.error(messageFor(error));
    return;
  } finally {
    shell.tell("jobs");
    shell.tell("catalog");
  }
  void say.info(
    `Crawler ${crawler} succeeded after ${duration((Date.now() - began) / 1000)}. The Catalog view shows what it found.`,
  );
}
