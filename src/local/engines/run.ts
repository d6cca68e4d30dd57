// Runs a program to its end while lines of its output are read; its process group ends with our waiting.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Finished {
  /** Exit code; undefined where a signal ended it. */
  code: number | undefined;
  /** The last lines of standard output and error together, oldest first. */
  tail: string[];
}

export interface RunOptions {
  environment: Readonly<NodeJS.ProcessEnv>;
  signal?: AbortSignal;
  cwd?: string;
  /** Milliseconds after which it is killed and counts as failed. */
  timeout?: number;
  onLine?(line: string): void;
}

const tailLines = 40;

/** Rejects where the program can't be started, and with the signal's reason where that is aborted. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  options.signal?.throwIfAborted();
  // A group of its own: what pip starts to build a wheel must end with it.
  const child = spawn(program, args, {
    env: { ...options.environment },
    cwd: options.cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  const timer = options.timeout === undefined ? undefined : setTimeout(end, options.timeout);
  options.signal?.addEventListener("abort", end);
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      options.onLine?.(line);
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    options.signal?.throwIfAborted();
    return { code: code ?? undefined, tail };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", end);
  }
}
