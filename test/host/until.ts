// Waiting for what happens by itself.
import { setTimeout as sleep } from "node:timers/promises";

/** Looks every 50 ms until `holds` is more than false or undefined, and returns that; throws with `what` where it lasts longer than `most` ms. */
export async function until<T>(
  what: string,
  holds: () => Promise<T>,
  most = 60_000,
): Promise<Exclude<T, false | undefined>> {
  const end = Date.now() + most;
  for (;;) {
    const value = await holds();
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (Date.now() > end) throw new Error(`In ${most / 1000} s there was not: ${what}.`);
    await sleep(50);
  }
}
