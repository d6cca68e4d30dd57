// What a test of clicks begins with: the VSIX that people get, installed in a VS Code of its own, and a window on a workspace.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { cacheFolder } from "../../src/base/paths.ts";
import { resetLake } from "../../src/local/reset.ts";
import { makePackage } from "../../tools/package.ts";
import { Server } from "../../tools/vscode/server.ts";
import { artifacts, openBrowser, Workbench, type WorkbenchOptions } from "./driver.ts";

export interface Stage {
  readonly workbench: Workbench;
  readonly server: Server;
  /** The data folder of this stage alone; its lake is in `lake`. */
  readonly data: string;
  readonly lake: string;
  readonly workspace: string;
  /** Another window, of the same person, in a browser of the same profile. */
  readonly browser: Browser;
  /** Ends all of it, the lake and its data too. `failed` keeps the logs and takes a last picture. */
  close(failed?: boolean): Promise<void>;
}

export interface StageOptions {
  /** Names the folder of pictures. */
  readonly name: string;
  /** Files of the workspace; the sample workspace where left out. */
  readonly files?: (folder: string) => void;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly themes?: WorkbenchOptions["themes"];
  readonly size?: WorkbenchOptions["size"];
  /** Ask whether a workspace is trusted. */
  readonly trust?: boolean;
  /** A home folder of its own with the data where people have it, for pictures: paths read as theirs do. */
  readonly home?: boolean;
}

/** Below a home folder, as src/base/paths.ts has it. */
const DATA = [
  ...(process.platform === "darwin" ? ["Library", "Application Support"] : [".local", "share"]),
  "boathouse",
];

let packed: Promise<string> | undefined;

/** The VSIX, made once a run of tests; `$BOATHOUSE_VSIX` names one that is there. */
export function vsix(): Promise<string> {
  const named = process.env["BOATHOUSE_VSIX"];
  packed ??= named === undefined ? pack() : Promise.resolve(named);
  return packed;
}

async function pack(): Promise<string> {
  mkdirSync(artifacts(), { recursive: true });
  return makePackage(resolve(artifacts("boathouse.vsix")));
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const scratch = mkdtempSync(join(tmpdir(), "boathouse-ui-"));
  const workspace = join(scratch, "workspace");
  if (options.files === undefined) cpSync("resources/workspace", workspace, { recursive: true });
  else {
    mkdirSync(workspace);
    options.files(workspace);
  }
  const home = join(scratch, "home");
  const data = options.home === true ? join(home, ...DATA) : join(scratch, "data");
  const pictures = resolve(artifacts("ui", options.name));
  rmSync(pictures, { recursive: true, force: true });
  const server = await Server.start({
    folder: join(scratch, "vscode"),
    extension: await vsix(),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.trust === undefined ? {} : { trust: options.trust }),
    env: {
      BOATHOUSE_DATA: options.home === true ? undefined : data,
      BOATHOUSE_LAKE: undefined,
      // Engines stay where they are.
      ...(options.home === true ? { HOME: home, XDG_DATA_HOME: undefined, BOATHOUSE_CACHE: cacheFolder() } : {}),
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: join(scratch, "aws-config"),
      AWS_SHARED_CREDENTIALS_FILE: join(scratch, "aws-credentials"),
      ...options.env,
    },
  });
  const browser = await openBrowser();
  const workbench = await Workbench.open(browser, {
    server,
    workspace,
    pictures,
    ...(options.themes === undefined ? {} : { themes: options.themes }),
    ...(options.size === undefined ? {} : { size: options.size }),
  });
  const lake = join(data, "lake");
  return {
    workbench,
    server,
    data,
    lake,
    workspace,
    browser,
    close: async (failed = false) => {
      if (failed) await workbench.page.screenshot({ path: join(pictures, "failed.png") }).catch(() => undefined);
      await browser.close();
      await server.stop();
      await resetLake(lake, { force: true }).catch(() => undefined);
      if (failed && existsSync(scratch)) process.stdout.write(`What is left of the stage: ${scratch}\n`);
      else rmSync(scratch, { recursive: true, force: true });
    },
  };
}
