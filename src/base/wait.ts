// Waiting that can be ended: sleep by signal, and the polling interval that adapts to how long the work takes.
import { BoathouseError } from "./errors.ts";

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new BoathouseError("cancelled", "Stopped waiting.", { cause: signal.reason });
}

/** Resolves after `milliseconds`; throws `cancelled` as soon as the signal aborts. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
  throwIfAborted(signal);
}

/** Ends as `work` does, or throws `cancelled` as soon as the signal aborts, whatever becomes of the work then. */
export async function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // What was given up may still fail.
  work.catch(() => undefined);
  throwIfAborted(signal);
  let aborted: (() => void) | undefined;
  const given = new Promise<never>((_, fail) => {
    aborted = () => {
      const { reason } = signal as { reason: unknown };
      // Who aborted it may have said what that means.
      fail(
        reason instanceof BoathouseError
          ? reason
          : new BoathouseError("cancelled", "Stopped waiting.", { cause: reason }),
      );
    };
    signal.addEventListener("abort", aborted, { once: true });
  });
  try {
    return await Promise.race([work, given]);
  } finally {
    if (aborted !== undefined) signal.removeEventListener("abort", aborted);
  }
}

/** Next wait in ms: 0.1 s at first, then a tenth of the elapsed time, at most `longest`. */
export function pollInterval(elapsed: number, longest = 1000): number {
  return Math.min(longest, Math.max(100, elapsed / 10));
}
