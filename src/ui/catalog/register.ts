// Registers the commands and views of the catalog.
import type { Shell } from "../shell/shell.ts";

export function registerCatalog(_shell: Shell): void {}
