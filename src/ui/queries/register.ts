// Registers the commands and views of the queries.
import type { Shell } from "../shell/shell.ts";

export function registerQueries(_shell: Shell): void {}
