// Catalog: databases, tables, columns, partitions.
import type { Feature } from "../shell/contributed.ts";

export const catalog = {
  commands: {},
  views: [{ id: "boathouse.catalog", name: "Catalog" }],
  welcome: [
    {
      view: "boathouse.catalog",
      when: "boathouse.state != connected",
      contents:
        "No connection.\n[Start Local Lake](command:boathouse.lake.start)\n[Choose Connection](command:boathouse.connections.choose)",
    },
  ],
} as const satisfies Feature;
