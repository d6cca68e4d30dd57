// Writes package.json's `contributes` and `activationEvents` from the features' tables; `--check` fails where they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { FEATURES } from "../src/ui/contributions.ts";
import type { Feature } from "../src/ui/shell/contributed.ts";

const CATEGORY = "Boathouse";
const CONTAINER = "boathouse";

/** The three parts of package.json, as JSON. */
export function contributed(): { contributes: object; activationEvents: string[]; capabilities: object } {
  const features: readonly Feature[] = Object.values(FEATURES);
  const commands = features.flatMap((feature) => Object.entries(feature.commands));
  const palette = commands
    .filter(([, { palette }]) => palette !== undefined)
    .map(([command, { palette }]) => ({ command, when: palette }));
  const menus: Record<string, object[]> = { commandPalette: palette };
  for (const [place, items] of features.flatMap((feature) => Object.entries(feature.menus ?? {}))) {
    menus[place] = [...(menus[place] ?? []), ...items];
  }
  const settings = features.flatMap((feature) => Object.entries(feature.settings ?? {}));
  return {
    capabilities: {
      untrustedWorkspaces: {
        supported: "limited",
        description:
          "In a workspace that is not trusted, Boathouse starts no program (the local lake, its engines, terminals) and sends no request with credentials. The sample, the walkthrough and the log can be opened.",
        // A workspace can't set machine settings anyhow; this says so to VS Code a second time.
        restrictedConfigurations: settings.filter(([, { scope }]) => scope === "machine").map(([id]) => id),
      },
      virtualWorkspaces: {
        supported: false,
        description: "Boathouse reads templates, scripts and queries from the file system.",
      },
    },
    activationEvents: features.flatMap((feature) => feature.activation ?? []),
    contributes: {
      commands: commands.map(([command, shown]) => ({ command, category: CATEGORY, ...shown, palette: undefined })),
      viewsContainers: { activitybar: [{ id: CONTAINER, title: CATEGORY, icon: "media/icon.svg" }] },
      views: {
        [CONTAINER]: features
          .flatMap((feature) => feature.views ?? [])
          .map(({ size, ...view }) => ({ ...view, ...(size === undefined ? {} : { initialSize: size }) })),
      },
      viewsWelcome: features.flatMap((feature) => feature.welcome ?? []),
      menus,
      keybindings: features.flatMap((feature) => feature.keys ?? []),
      configuration: {
        title: CATEGORY,
        properties: Object.fromEntries(settings),
      },
      walkthroughs: features.flatMap((feature) => feature.walkthroughs ?? []),
    },
  };
}

if (process.argv[1]?.endsWith("contributes.ts") === true) {
  const text = readFileSync("package.json", "utf8");
  const made = `${JSON.stringify({ ...(JSON.parse(text) as object), ...contributed() }, undefined, 2)}\n`;
  if (made !== text && process.argv.includes("--check")) {
    process.stderr.write("package.json differs from the features' tables: run `npm run contributes`.\n");
    process.exitCode = 1;
  } else if (made !== text) writeFileSync("package.json", made);
}
