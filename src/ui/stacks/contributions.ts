// Stacks: deploy, watch, tear down.
import type { Feature } from "../shell/contributed.ts";

export const stacks = {
  commands: {},
  views: [{ id: "boathouse.stack", name: "Stack" }],
  welcome: [
    {
      view: "boathouse.stack",
      when: "boathouse.state != connected",
      contents:
        "No connection.\n[Start Local Lake](command:boathouse.lake.start)\n[Choose Connection](command:boathouse.connections.choose)",
    },
  ],
} as const satisfies Feature;
