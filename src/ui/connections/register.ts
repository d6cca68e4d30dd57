// Registers the commands and the view of the connection.
import type { Shell } from "../shell/shell.ts";

export function registerConnections(shell: Shell): void {
  shell.command("boathouse.showLog", () => shell.log.show());
  shell.command("boathouse.refresh", () => {
    for (const what of ["stacks", "jobs", "catalog", "queries"] as const) shell.tell(what);
  });
}
