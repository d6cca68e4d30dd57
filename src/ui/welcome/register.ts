// Registers the commands and views of the first steps.
import type { Shell } from "../shell/shell.ts";

export function registerWelcome(_shell: Shell): void {}
