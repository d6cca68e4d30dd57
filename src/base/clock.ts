// Time as something that can be set: schedules and lifecycles ask a Clock, never Date, so that a test can move a day in a second.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back at or after `at` (epoch ms); returns what cancels it. */
  at(at: number, callback: () => void): () => void;
}

interface Timer {
  at: number;
  callback: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** The system's time plus an offset; `advance` moves it forward and fires what falls due. */
export class OffsetClock implements Clock {
  private offset = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.offset;
  }

  at(at: number, callback: () => void): () => void {
    const timer: Timer = { at, callback, handle: undefined };
    this.timers.add(timer);
    this.arm(timer);
    return () => {
      clearTimeout(timer.handle);
      this.timers.delete(timer);
    };
  }

  /** Moves the clock forward by `milliseconds`; timers then due fire in order. */
  advance(milliseconds: number): void {
    this.offset += milliseconds;
    for (const timer of [...this.timers].sort((a, b) => a.at - b.at)) {
      clearTimeout(timer.handle);
      this.arm(timer);
    }
  }

  private arm(timer: Timer): void {
    // setTimeout holds 2^31-1 ms at most; a longer wait is taken in steps.
    const wait = Math.min(Math.max(0, timer.at - this.now()), 2 ** 30);
    timer.handle = setTimeout(() => {
      if (timer.at > this.now()) {
        this.arm(timer);
        return;
      }
      this.timers.delete(timer);
      timer.callback();
    }, wait);
    timer.handle.unref();
  }
}
