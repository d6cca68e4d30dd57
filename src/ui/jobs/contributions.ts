// Jobs: runs, logs, triggers, crawlers.
import type { Feature } from "../shell/contributed.ts";

export const jobs = {
  commands: {},
  views: [{ id: "boathouse.jobs", name: "Jobs" }],
  welcome: [
    {
      view: "boathouse.jobs",
      when: "boathouse.state != connected",
      contents:
        "No connection.\n[Start Local Lake](command:boathouse.lake.start)\n[Choose Connection](command:boathouse.connections.choose)",
    },
  ],
} as const satisfies Feature;
