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
const THEMES = ["dark", "light", "contrast"] as const;
const FROM = join("artifacts", "ui", "story");
const INTO = join("media", "walkthrough");
/** As wide as a walkthrough shows it on a dense screen; pixels. */
const WIDTH = 1080;
/** Of WebP: letters stay sharp, and all pictures together take less than six PNGs did. */
const QUALITY = 0.8;

const taken = readdirSync(FROM);
const browser = await chromium.launch({ executablePath: ensureChromium() });
const page = await browser.newPage();
let bytes = 0;
for (const [picture, step] of Object.entries(STEPS)) {
  for (const theme of THEMES) {
    const file = taken.find((name) => name.endsWith(`-${step}-${theme}.png`));
    if (file === undefined) throw new Error(`${FROM} has no picture of ${step} (${theme}): run the story test first.`);
    const made = await smaller(`data:image/png;base64,${readFileSync(join(FROM, file)).toString("base64")}`);
    bytes += made.length;
    writeFileSync(join(INTO, `${picture}-${theme}.webp`), made);
  }
}
await browser.close();
process.stdout.write(`${Object.keys(STEPS).length * THEMES.length} pictures, ${Math.round(bytes / 1000)} kB\n`);

/** As a WebP of WIDTH. */
async function smaller(source: string): Promise<Buffer> {
  const script = `(async () => {
    const image = new Image();
    image.src = ${JSON.stringify(source)};
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = ${WIDTH};
    canvas.height = Math.round((image.height * ${WIDTH}) / image.width);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/webp", ${QUALITY});
  })()`;
  const made: string = await page.evaluate(script);
  return Buffer.from(made.slice(made.indexOf(",") + 1), "base64");
}
