// The local lake: start, stop, its engines.
import type { Feature } from "../shell/contributed.ts";

export const lake = {
  commands: {
    "boathouse.lake.start": { title: "Start Local Lake", icon: "$(play)" },
    "boathouse.lake.stop": {
      title: "Stop Local Lake",
      icon: "$(debug-stop)",
      enablement: "boathouse.connection == local",
    },
  },
  settings: {
    "boathouse.lake.folder": {
      type: "string",
      default: "",
      scope: "machine",
      markdownDescription: "Folder of the local lake. Empty: the one that the `boathouse` command uses too.",
    },
  },
} as const satisfies Feature;
