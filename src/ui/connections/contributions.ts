// Connection: the view that says which one is used, and choosing another.
import type { Feature } from "../shell/contributed.ts";

export const connections = {
  commands: {
    "boathouse.connections.choose": { title: "Choose Connection", icon: "$(plug)" },
    "boathouse.connections.signIn": {
      title: "Sign In",
      enablement: "boathouse.connection == aws || boathouse.connection == endpoint",
    },
    "boathouse.refresh": { title: "Refresh", icon: "$(refresh)", enablement: "boathouse.connection != none" },
    "boathouse.showLog": { title: "Show Boathouse Log" },
  },
  views: [{ id: "boathouse.connection", name: "Connection" }],
  welcome: [
    {
      view: "boathouse.connection",
      when: "boathouse.connection == none",
      contents:
        "Boathouse deploys, loads, runs and queries data lakes on AWS, or on a local lake with real engines and no account.\n[Start Local Lake](command:boathouse.lake.start)\n[Choose AWS Profile or Endpoint](command:boathouse.connections.choose)",
    },
    {
      view: "boathouse.connection",
      when: "boathouse.connection == local && boathouse.state == stopped",
      contents: "The local lake is not running.\n[Start Local Lake](command:boathouse.lake.start)",
    },
  ],
} as const satisfies Feature;
