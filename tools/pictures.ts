// Makes media/walkthrough's pictures from those that the story test took: `npm run pictures` after `npm run test:ui`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ensureChromium } from "./vscode/install.ts";

/** By picture: the story's step. */
const STEPS: Readonly<Record<string, string>> = {
  sample: "opens-the-sample",
  start: "starts-the-local-lake",
  deploy: "reads-the-plan",
  load: "loads-the-sample-data",
  run: "sees-the-jobs-succeed",
  query: "sorts-by-amount-the-largest-first",
};
const FROM = join("artifacts", "ui", "story");
/** As wide as a walkthrough shows it on a dense screen; pixels. */
const WIDTH = 1080;

const taken = readdirSync(FROM);
const browser = await chromium.launch({ executablePath: ensureChromium() });
const page = await browser.newPage({ viewport: { width: WIDTH, height: (WIDTH * 900) / 1440 } });
for (const [picture, step] of Object.entries(STEPS)) {
  const file = taken.find((name) => name.endsWith(`-${step}-dark.png`));
  if (file === undefined) throw new Error(`${FROM} has no picture of ${step}: run the story test first.`);
  const data = readFileSync(join(FROM, file)).toString("base64");
  await page.setContent(`<body style="margin:0"><img style="width:100%" src="data:image/png;base64,${data}"></body>`);
  await page.locator("img").waitFor();
  writeFileSync(join("media", "walkthrough", `${picture}.png`), await page.screenshot());
}
await browser.close();
