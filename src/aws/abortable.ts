// What an SDK call is given of a signal.

/** A call's options: it is given up as soon as the signal aborts, though no answer comes. */
export function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
