// What a measurement says: a value against a limit or a peer, from one run.

export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it must not pass, where there is one; `atLeast` where it must not fall below. */
  readonly limit?: number;
  readonly atLeast?: number;
  readonly note?: string;
}

export function holds({ value, limit, atLeast }: Result): boolean {
  return (limit === undefined || value <= limit) && (atLeast === undefined || value >= atLeast);
}

export async function seconds(act: () => unknown): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

/** The middle of an odd number of measurements. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
