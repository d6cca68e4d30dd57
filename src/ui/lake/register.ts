// Registers the commands and views of the local lake.
import type { Shell } from "../shell/shell.ts";

export function registerLake(_shell: Shell): void {}
