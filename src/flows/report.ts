// What a flow tells while it goes: its steps with their time, and what happens within them.

export type FlowEvent =
  | { readonly kind: "step"; readonly name: string }
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "done"; readonly name: string; readonly seconds: number };

export type Report = (event: FlowEvent) => void;

export interface StepTime {
  readonly name: string;
  /** Wall clock, to the millisecond. */
  readonly seconds: number;
}

/** Runs one step, telling its begin and, where it succeeded, its end and time. */
export async function step<T>(report: Report, name: string, act: () => Promise<T>, times?: StepTime[]): Promise<T> {
  report({ kind: "step", name });
  const started = performance.now();
  const result = await act();
  const seconds = Math.round(performance.now() - started) / 1000;
  times?.push({ name, seconds });
  report({ kind: "done", name, seconds });
  return result;
}
