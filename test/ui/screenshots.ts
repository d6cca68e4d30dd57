// Pictures of a step in light, dark and high contrast: the browser says what the person prefers, which takes no focus away.
import { join } from "node:path";
import type { Page } from "playwright-core";

export type Theme = "dark" | "light" | "contrast";

const THEMES = {
  light: { media: { colorScheme: "light", forcedColors: "none" }, shown: ".monaco-workbench.vs" },
  contrast: { media: { colorScheme: "dark", forcedColors: "active" }, shown: ".monaco-workbench.hc-black" },
  // Last: it is the one that the window stays in.
  dark: { media: { colorScheme: "dark", forcedColors: "none" }, shown: ".monaco-workbench.vs-dark" },
} as const;

export class Screenshots {
  private count = 0;

  constructor(
    private readonly page: Page,
    private readonly folder: string,
    private readonly themes: readonly Theme[] = ["light", "contrast", "dark"],
  ) {}

  /** Files are numbered in the order of the steps. */
  async take(name: string): Promise<void> {
    const step = String(++this.count).padStart(2, "0");
    for (const theme of this.themes) {
      await this.show(theme);
      await this.page.screenshot({ path: join(this.folder, `${step}-${name}-${theme}.png`) });
    }
    if (this.themes.at(-1) !== "dark") await this.show("dark");
  }

  async show(theme: Theme): Promise<void> {
    const { media, shown } = THEMES[theme];
    if ((await this.page.locator(shown).count()) > 0) return;
    await this.page.emulateMedia(media);
    await this.page.locator(shown).first().waitFor();
    // A webview gets its colours by a message; two frames later they are on the screen.
    await this.page.waitForTimeout(250);
  }
}
