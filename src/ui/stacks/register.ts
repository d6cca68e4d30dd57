// Registers the commands and views of the stacks.
import type { Shell } from "../shell/shell.ts";

export function registerStacks(_shell: Shell): void {}
