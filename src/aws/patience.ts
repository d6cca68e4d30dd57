// Watching that outlasts a bad moment: a look that was throttled, or lost its network, is made again after a pause.
import { BoathouseError } from "../base/errors.ts";
import { sleep } from "../base/wait.ts";
import type { AwsSession } from "./session.ts";

/** Looks that may fail one after the other, beside the SDK's own tries. Their pauses: 1, 2, 4, 8, 16, 30 s. */
const TRIES = 6;

export class Patience {
  private failures = 0;

  constructor(
    private readonly session: AwsSession,
    private readonly signal?: AbortSignal,
    private readonly onRetry?: (error: BoathouseError) => void,
  ) {}

  /** Tries `look` until it answers. @throws what it throws, where that does not pass by itself or lasts too long. */
  async try<T>(look: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const seen = await look();
        this.failures = 0;
        return seen;
      } catch (error) {
        if (!this.passes(error)) throw error;
        this.failures += 1;
        if (this.failures > TRIES) throw error;
        this.onRetry?.(error);
        await sleep(Math.min(30_000, 1000 * 2 ** (this.failures - 1)), this.signal);
      }
    }
  }

  /** A lake on this machine that does not answer has ended: that does not pass. */
  private passes(error: unknown): error is BoathouseError {
    if (!(error instanceof BoathouseError)) return false;
    return error.kind === "throttled" || (error.kind === "network" && this.session.connection.kind !== "local");
  }
}
