// Draws media/icon.png, which the extension's page shows, from media/icon.svg: `node --import tsx tools/icon.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { ensureChromium } from "./vscode/install.ts";

/** Pixels a side: what VS Code's pages ask for at least, doubled. */
const SIZE = 256;

const glyph = readFileSync("media/icon.svg", "utf8").replace(/width="\d+" height="\d+"/, 'width="168" height="168"');
const browser = await chromium.launch({ executablePath: ensureChromium() });
const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
await page.setContent(
  `<body style="margin:0"><div style="width:${SIZE}px;height:${SIZE}px;border-radius:48px;display:grid;place-items:center;
  color:#fff;background:linear-gradient(160deg,#1c7a8c,#0b3b5c)">${glyph}</div></body>`,
);
writeFileSync("media/icon.png", await page.screenshot({ omitBackground: true }));
await browser.close();
