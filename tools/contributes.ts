// Writes package.json's `contributes` and `activationEvents` from the features' tables; `--check` fails where they differ.
import { readFileSync, writeFileSync } from "node:fs";
import { FEATURES } from "../src/ui/contributions.ts";
import type { Feature } from "../src/ui/shell/contributed.ts";

const CATEGORY = "Boathouse";
const CONTAINER = "boathouse";

/** The two parts of package.json, as JSON. */
export function contributed(): { contributes: object; activationEvents: string[] } {
  const features: readonly Feature[] = Object.values(FEATURES);
  const commands = features.flatMap((feature) => Object.entries(feature.commands));
  const palette = commands
    .filter(([, { palette }]) => palette !== undefined)
    .map(([command, { palette }]) => ({ command, when: palette }));
  const menus: Record<string, object[]> = { commandPalette: palette };
  for (const [place, items] of features.flatMap((feature) => Object.entries(feature.menus ?? {}))) {
    menus[place] = [...(menus[place] ?? []), ...items];
  }
  return {
    activationEvents: features.flatMap((feature) => feature.activation ?? []),
    contributes: {
      commands: commands.map(([command, { palette: _, ...rest }]) => ({ command, category: CATEGORY, ...rest })),
      viewsContainers: { activitybar: [{ id: CONTAINER, title: CATEGORY, icon: "media/icon.svg" }] },
      views: { [CONTAINER]: features.flatMap((feature) => feature.views ?? []) },
      viewsWelcome: features.flatMap((feature) => feature.welcome ?? []),
      menus,
      keybindings: features.flatMap((feature) => feature.keys ?? []),
      configuration: {
        title: CATEGORY,
        properties: Object.assign({}, ...features.map((feature) => feature.settings ?? {})) as object,
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
