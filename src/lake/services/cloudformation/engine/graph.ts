// Runs one action a node, each once those it waits for are done, a bounded number side by side.

export interface GraphRun {
  /** For each node, those that must be done before it. Nodes that are not keys count as done. */
  readonly waits: ReadonlyMap<string, ReadonlySet<string>>;
  readonly limit: number;
  /** Never rejects: it says whether what waits for the node may go on. */
  readonly act: (node: string) => Promise<boolean>;
  /** Asked before each start; true starts nothing more. */
  readonly halted: () => boolean;
}

/** Resolves once nothing runs and nothing more can start. Gives the nodes that were not done. */
export async function runGraph({ waits, limit, act, halted }: GraphRun): Promise<string[]> {
  const done = new Set<string>();
  const open = new Set(waits.keys());
  const running = new Map<string, Promise<void>>();
  const ready = () =>
    [...open].filter((node) => [...(waits.get(node) ?? [])].every((other) => !waits.has(other) || done.has(other)));
  for (;;) {
    if (!halted()) {
      for (const node of ready()) {
        if (running.size >= limit) break;
        open.delete(node);
        const run = act(node).then((ok) => {
          if (ok) done.add(node);
          running.delete(node);
        });
        running.set(node, run);
      }
    }
    if (running.size === 0) return [...waits.keys()].filter((node) => !done.has(node));
    await Promise.race(running.values());
  }
}

/** The same edges the other way round: for deletes, in which a node waits for those that needed it. */
export function reversed(waits: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Set<string>> {
  const result = new Map([...waits.keys()].map((node) => [node, new Set<string>()]));
  for (const [node, others] of waits) for (const other of others) result.get(other)?.add(node);
  return result;
}
