// A command that waits for engines which another command's fetch brings: says so, and its Cancel ends the waiting alone.
import type { EngineName } from "../../base/engines.ts";
import { BoathouseError, isCancelled } from "../../base/errors.ts";
import { abandonable } from "../../base/wait.ts";
import { withProgress } from "../shell/progress.ts";
import type { EngineFetches } from "./fetches.ts";
import { listed } from "./meter.ts";

/** Resolves as soon as `names` are there; rejects with the reason of `over` as soon as that aborts. */
export async function waitFor(
  engines: EngineFetches,
  names: readonly EngineName[],
  command: string,
  over: AbortSignal,
): Promise<void> {
  if (names.length === 0) return;
  const what = listed(names);
  const cancelled = `${command} was not begun; ${what} ${names.length === 1 ? "is" : "are"} still being fetched.`;
  await withProgress({ title: `${command} waits for ${what}`, cancelled }, async ({ signal, say }) => {
    const tell = () => say(names.map((name) => engines.waitingText(name, names.length > 1)).join(" · "));
    const listening = engines.onDidChange(tell);
    tell();
    try {
      const arrived = engines.arrived(names).catch((error: unknown) => {
        throw withoutEngine(error, command, what);
      });
      await abandonable(arrived, AbortSignal.any([signal, over]));
    } finally {
      listening.dispose();
    }
  });
}

/** Why the fetch ended is said by the fetch itself; here, what became of the command that waited for it. */
function withoutEngine(error: unknown, command: string, what: string): BoathouseError {
  const stopped = isCancelled(error);
  return new BoathouseError(
    stopped ? "cancelled" : "conflict",
    stopped
      ? `${command} was not begun: fetching ${what} was cancelled.`
      : `${command} was not begun: ${what} could not be fetched.`,
    { cause: error },
  );
}
