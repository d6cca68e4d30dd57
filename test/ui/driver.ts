// VS Code as a person has it: keys, clicks and what is on the screen. Tests read as what the person did and what was seen.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type FrameLocator,
  type Locator,
  type Page,
} from "playwright-core";
import { ensureChromium } from "../../tools/vscode/install.ts";
import type { Server } from "../../tools/vscode/server.ts";
import { Screenshots, type Theme } from "./screenshots.ts";

export interface WorkbenchOptions {
  readonly server: Server;
  /** A folder or a .code-workspace file; none opens an empty window. */
  readonly workspace: string | undefined;
  /** Where pictures go. */
  readonly pictures: string;
  /** The themes that `shot` takes; all three where left out. */
  readonly themes?: readonly Theme[];
  readonly size?: { readonly width: number; readonly height: number };
  /** What the person's browser holds of VS Code; nothing where left out. */
  readonly storage?: BrowserContextOptions["storageState"];
}

/** How long what a person waits for may take where a test names no other bound; ms. */
const PATIENCE = 30_000;

/** The browser that windows open in; close it at the end. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureChromium() });
}

export class Workbench {
  readonly screenshots: Screenshots;
  /** What the page's console told of errors; for tests that want none. */
  readonly consoleErrors: string[] = [];
  private crashed: ((error: Error) => void) | undefined;

  private constructor(
    readonly page: Page,
    readonly server: Server,
    private readonly options: WorkbenchOptions,
  ) {
    this.screenshots = new Screenshots(page, options.pictures, options.themes);
    page.on("console", (message) => {
      if (message.type() === "error") this.consoleErrors.push(message.text());
    });
    page.on("crash", () => this.crashed?.(new Error("The page crashed.")));
  }

  /** Opens a window and waits until VS Code has restored it. */
  static async open(browser: Browser, options: WorkbenchOptions): Promise<Workbench> {
    mkdirSync(options.pictures, { recursive: true });
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1280, height: 800 },
      acceptDownloads: true,
      colorScheme: "dark",
      permissions: ["clipboard-read", "clipboard-write"],
      ...(options.storage === undefined ? {} : { storageState: options.storage }),
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const workbench = new Workbench(page, options.server, options);
    await page.goto(options.server.address(options.workspace));
    await workbench.ready();
    return workbench;
  }

  /** A second window on the same server; `workspace` as in the options, the same one where left out. */
  async another(workspace = this.options.workspace): Promise<Workbench> {
    const page = await this.page.context().newPage();
    page.setDefaultTimeout(PATIENCE);
    const workbench = new Workbench(page, this.server, this.options);
    await page.goto(this.server.address(workspace));
    await workbench.ready();
    return workbench;
  }

  /** Waits until VS Code has restored the window. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .statusbar-item").first().waitFor({ timeout: 60_000 });
    await this.page.locator(".monaco-workbench .part.activitybar .action-label").first().waitFor();
  }

  /** Reloads the window in the midst of whatever runs. A browser's own reload may lose VS Code's last word on which editors were open. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.command("Developer: Reload Window");
    await loaded;
    await this.ready();
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  // ── keys and the palette

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Runs a command by its title in the palette: "Boathouse: Start Local Lake". */
  async command(title: string): Promise<void> {
    const row = this.quickRows().filter({ hasText: title }).first();
    for (let tries = 0; tries < 3; tries++) {
      await this.openPalette(title);
      if (await seen(row, 5000)) break;
      // What was typed went into a box that was just about to close.
      await this.press("Escape");
    }
    await row.click();
  }

  /** Titles that the palette lists for what is typed. */
  async palette(typed: string): Promise<string[]> {
    await this.openPalette(typed);
    await sleep(300);
    const titles = await this.quickRows().allTextContents();
    await this.press("Escape");
    return titles.map((title) => title.trim());
  }

  private async openPalette(typed: string): Promise<void> {
    const input = this.quickInput();
    for (let tries = 0; tries < 5; tries++) {
      await this.press("F1");
      if (await seen(input, 2000)) break;
    }
    await input.fill(`>${typed}`);
  }

  private quickInput(): Locator {
    return this.page.locator(
      '.quick-input-widget:visible input[type="text"], .quick-input-widget:visible input[type="password"]',
    );
  }

  private quickRows(): Locator {
    return this.page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");
  }

  /** The open quick input's own words: title, prompt, validation message. */
  async quickText(): Promise<string> {
    return (await this.page.locator(".quick-input-widget:visible").innerText()).trim();
  }

  /** Waits for an input box or a list and types into it; Enter accepts. `expect`: text that it must show first. */
  async fill(text: string, expect?: string | RegExp): Promise<void> {
    await this.quickOpen(expect);
    await this.quickInput().fill(text);
    await this.press("Enter");
  }

  /** Answers VS Code's own question for a file to save to, which proposes one. */
  async saveAs(file: string, proposed: RegExp): Promise<void> {
    const input = this.quickInput();
    await input.waitFor();
    for (let tries = 0; tries < 100 && !proposed.test(await input.inputValue()); tries++) await sleep(50);
    await input.fill(file);
    await this.press("Enter");
  }

  /** Waits for a list and presses the row that holds `label`. `expect`: text that the list must show first (its title). */
  async pick(label: string | RegExp, expect?: string | RegExp): Promise<void> {
    await this.quickOpen(expect);
    await this.quickRows().filter({ hasText: label }).first().click();
  }

  /** Waits for a list with boxes, ticks the rows that hold these labels, and accepts. */
  async tick(labels: readonly string[], expect?: string | RegExp): Promise<void> {
    await this.quickOpen(expect);
    for (const label of labels) {
      // Typed, as a person would: a long list shows only its first rows.
      await this.quickInput().fill(label);
      await this.quickRows().filter({ hasText: label }).first().click();
      await this.quickInput().fill("");
    }
    await this.press("Enter");
  }

  /** The rows of the open list. */
  async picks(expect?: string | RegExp): Promise<string[]> {
    await this.quickOpen(expect);
    await this.quickRows().first().waitFor();
    return (await this.quickRows().allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
  }

  private async quickOpen(expect: string | RegExp | undefined): Promise<void> {
    const widget = this.page.locator(".quick-input-widget:visible");
    if (expect === undefined) await widget.waitFor();
    else
      await widget
        .filter({ has: this.page.locator(":scope", { hasText: expect }) })
        .or(widget.filter({ hasText: expect }))
        .first()
        .waitFor();
  }

  // ── side bar

  /** Shows the container of Boathouse's views. */
  async sideBar(title = "Boathouse"): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`);
    await icon.waitFor();
    const chosen = icon.and(this.page.locator(".checked"));
    const header = this.page.locator(".sidebar .pane-header").first();
    // A window that is just restoring its side bar may put another container over the one that was clicked.
    for (let tries = 0; tries < 5; tries++) {
      if ((await chosen.count()) === 0) await icon.locator(".action-label").click();
      if ((await seen(chosen, 5000)) && (await seen(header, 5000)) && (await chosen.count()) > 0) return;
    }
    throw new Error(`The side bar does not show ${title}.`);
  }

  /** The view of that title. */
  view(title: string): Locator {
    return this.page.locator(".pane").filter({ has: this.page.locator(`.pane-header[aria-label^="${title}"]`) });
  }

  /** A row of any tree; the first whose accessible name holds `name`. */
  treeItem(name: string | RegExp, view?: string): Locator {
    const root = view === undefined ? this.page.locator(".sidebar") : this.view(view);
    return root.getByRole("treeitem", { name }).first();
  }

  /** The rows that a view shows on the screen, top down, as their text. */
  async rows(view: string): Promise<string[]> {
    return (await this.view(view).getByRole("treeitem").allInnerTexts()).map((text) =>
      text.replace(/\s+/g, " ").trim(),
    );
  }

  /** Closes views, so that others have their room. */
  async collapse(...views: string[]): Promise<void> {
    for (const view of views) {
      const header = this.page.locator(`.pane-header[aria-label^="${view}"]`);
      if ((await header.getAttribute("aria-expanded")) === "true") await header.click();
    }
  }

  async uncollapse(...views: string[]): Promise<void> {
    for (const view of views) {
      const header = this.page.locator(`.pane-header[aria-label^="${view}"]`);
      if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
    }
  }

  /** Opens each row in turn: expand("Databases", "sales"). */
  async expand(...names: (string | RegExp)[]): Promise<void> {
    for (const name of names) {
      const row = this.treeItem(name);
      await row.waitFor();
      if ((await row.getAttribute("aria-expanded")) === "false") await row.locator(".monaco-tl-twistie").click();
    }
  }

  /** Presses a row's own button, which shows as the mouse is over it. */
  async rowButton(name: string | RegExp, button: string | RegExp, view?: string): Promise<void> {
    const row = this.treeItem(name, view);
    await row.hover();
    await row.getByRole("button", { name: button }).first().click();
  }

  /** Presses a button of a view's title bar. */
  async viewButton(view: string, button: string | RegExp): Promise<void> {
    const pane = this.view(view);
    await pane.locator(".pane-header").hover();
    await pane.locator(".pane-header").getByRole("button", { name: button }).first().click();
  }

  /** A button of a view's welcome. */
  async welcomeButton(text: string | RegExp): Promise<void> {
    await this.page.locator(".welcome-view-content:visible .monaco-button").filter({ hasText: text }).first().click();
  }

  // ── status bar, messages, dialogs

  status(text: string | RegExp): Locator {
    return this.page.locator(".statusbar .statusbar-item").filter({ hasText: text }).first();
  }

  /** Waits for a message that holds `text` and returns it whole; one that has faded is looked for among those of the bell. */
  async message(text: string | RegExp, within = PATIENCE): Promise<string> {
    const message = this.toast(text);
    const until = Date.now() + within;
    for (;;) {
      // Read as soon as it is seen: it may be gone a moment later, for its time is over or three newer ones stand there.
      const said = await read(message, Math.max(1, Math.min(5000, until - Date.now())));
      if (said !== undefined) return said;
      await this.command("Notifications: Show Notifications");
      const kept = await read(message, 1000);
      if (kept !== undefined) return kept;
      if (Date.now() >= until) throw new Error(`No message says ${text}. There are: ${await this.messages()}`);
      await this.command("Notifications: Hide Notifications");
    }
  }

  /** What the messages on the screen say. */
  async messages(): Promise<string> {
    const texts = await this.page.locator(".notification-list-item").allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, " ").trim()).join(" | ");
  }

  /** Presses a button of the message that holds `text`. */
  async messageButton(text: string | RegExp, button: string | RegExp, within = PATIENCE): Promise<void> {
    const pressed = async () => {
      await this.message(text, within);
      const message = this.toast(text);
      await message.hover({ timeout: 5000 });
      await message.locator(".monaco-button").filter({ hasText: button }).first().click({ timeout: 5000 });
    };
    // A message moves to the list of all once newer ones stand there: looked for again, and pressed there.
    await pressed().catch(pressed);
  }

  async closeMessages(): Promise<void> {
    await this.command("Notifications: Clear All Notifications");
  }

  private toast(text: string | RegExp): Locator {
    return this.page
      .locator(".notifications-toasts .notification-toast, .notifications-center .notification-list-item")
      .filter({ hasText: text })
      .first();
  }

  /** Presses a button of the open dialog; returns the dialog's text. */
  async dialog(button: string | RegExp): Promise<string> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const text = (await dialog.innerText()).trim();
    await dialog.locator(".monaco-button").filter({ hasText: button }).first().click();
    await dialog.waitFor({ state: "hidden" });
    return text;
  }

  // ── editors

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      await this.press("Control+P");
      if (await seen(this.quickInput(), 2000)) break;
    }
    await this.quickInput().fill(name);
    await this.quickRows().filter({ hasText: name }).first().click();
    await this.tab(name).waitFor();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator(".tabs-container .tab").filter({ hasText: name }).first();
  }

  /** The open editor. */
  editor(): Locator {
    return this.page.locator(".editor-instance .monaco-editor").first();
  }

  async editorText(): Promise<string> {
    await this.editor().locator(".view-line").first().waitFor();
    const lines = await this.editor()
      .locator(".view-line")
      .evaluateAll((nodes) =>
        nodes
          .map((node) => ({
            top: Number.parseFloat((node as unknown as { style: { top: string } }).style.top),
            text: node.textContent ?? "",
          }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text),
      );
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** A line that an editor shows; one of the panel's output where `within` says so. The editor's blanks are no-break ones. */
  line(text: RegExp, within: ".editor-instance" | ".part.panel"): Locator {
    const pattern = new RegExp(text.source.replaceAll(" ", "\\s"), text.flags);
    return this.page.locator(`${within} .view-line`).filter({ hasText: pattern }).first();
  }

  codeLenses(text: string | RegExp): Locator {
    return this.page.locator(".codelens-decoration a").filter({ hasText: text });
  }

  codeLens(text: string | RegExp): Locator {
    return this.codeLenses(text).first();
  }

  /** Goes to the line that holds `line` and presses the CodeLens that stands next above it. */
  async codeLensBelow(line: RegExp, text: string | RegExp): Promise<void> {
    const target = this.line(line, ".editor-instance");
    await target.click();
    const lenses = this.codeLenses(text);
    let nearest: { readonly index: number; readonly y: number } | undefined;
    // Lenses come a moment after the text, and move it.
    for (let tries = 0; tries < 50 && nearest === undefined; tries++) {
      await sleep(100);
      const top = (await target.boundingBox())?.y ?? 0;
      for (let index = 0; index < (await lenses.count()); index++) {
        const y = (await lenses.nth(index).boundingBox())?.y ?? Number.POSITIVE_INFINITY;
        if (y < top && y > top - 40 && (nearest === undefined || y > nearest.y)) nearest = { index, y };
      }
    }
    if (nearest === undefined) throw new Error(`No CodeLens ${text} stands above ${line}.`);
    await lenses.nth(nearest.index).click();
  }

  /** Replaces the whole text of the open editor. */
  async replaceText(text: string): Promise<void> {
    await this.editor().locator(".view-line").first().click();
    await this.press("Control+A");
    // Pasted: what is typed is indented by the editor.
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.press("Control+V");
    // Lenses of the text before it go a moment later.
    await sleep(500);
  }

  /** The squiggles of the open editor. */
  marks(severity: "error" | "warning" = "error"): Locator {
    return this.page.locator(`.squiggly-${severity}`);
  }

  // ── webviews

  /** The content of the webview that holds `selector`. */
  async webview(selector: string, within = PATIENCE): Promise<FrameLocator> {
    const until = Date.now() + within;
    while (Date.now() < until) {
      const outer = this.page.locator("iframe.webview.ready");
      for (let index = 0; index < (await outer.count()); index++) {
        const frame = outer.nth(index).contentFrame().locator("iframe#active-frame").contentFrame();
        if (
          (await frame
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      }
      await sleep(50);
    }
    throw new Error(`No webview shows ${selector}.`);
  }

  // ── seeing

  /** Takes the screen in each theme: <name>-dark.png, <name>-light.png, <name>-contrast.png. */
  async shot(name: string): Promise<void> {
    await this.screenshots.take(name);
  }

  /** Whatever is awaited rejects at once where the page crashes. */
  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, new Promise<T>((_, fail) => (this.crashed = fail))]);
  }
}

/** Where the pictures of a run lie: not in git. */
export function artifacts(...names: string[]): string {
  return join(process.env["BOATHOUSE_ARTIFACTS"] ?? "artifacts", ...names);
}

/** What it says once it is seen; undefined where it is not in time, or was gone again. */
async function read(locator: Locator, within: number): Promise<string | undefined> {
  try {
    await locator.waitFor({ timeout: within });
    return (await locator.innerText({ timeout: 1000 })).trim();
  } catch {
    return undefined;
  }
}

async function seen(locator: Locator, within: number): Promise<boolean> {
  return locator
    .first()
    .waitFor({ timeout: within })
    .then(() => true)
    .catch(() => false);
}
