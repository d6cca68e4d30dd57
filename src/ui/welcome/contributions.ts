// First steps: the walkthrough and the sample workspace.
import type { Feature } from "../shell/contributed.ts";

export const welcome = {
  commands: {
    "boathouse.openSample": { title: "Open Sample" },
  },
} as const satisfies Feature;
