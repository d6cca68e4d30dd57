// Waiting for what happens by itself.
import { setTimeout as sleep } from "node:timers/promises";

/** Looks every 50 ms until `holds`; throws with `what` where that lasts longer than `most` ms. */
export async function until(what: string, holds: () => Promise<boolean>, most = 60_000): Promise<void> {
  const end = Date.now() + most;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`In ${most / 1000} s there was not: ${what}.`);
    await sleep(50);
  }
}
