// Registers the commands and views of the jobs.
import type { Shell } from "../shell/shell.ts";

export function registerJobs(_shell: Shell): void {}
