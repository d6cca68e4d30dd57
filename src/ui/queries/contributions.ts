// Queries: statements of .sql files, named queries, executions, results.
import type { Feature } from "../shell/contributed.ts";

export const queries = {
  commands: {},
  views: [{ id: "boathouse.queries", name: "Queries" }],
  welcome: [
    {
      view: "boathouse.queries",
      when: "boathouse.state != connected",
      contents:
        "No connection.\n[Start Local Lake](command:boathouse.lake.start)\n[Choose Connection](command:boathouse.connections.choose)",
    },
  ],
} as const satisfies Feature;
