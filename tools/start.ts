// `npm start`: opens the built extension on a copy of the sample workspace, in the desktop's VS Code or in a browser.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Server } from "./vscode/server.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

// Kept from one start to the next, with what the person wrote in it.
const sample = join(ROOT, "artifacts", "sample");
if (!existsSync(sample)) {
  mkdirSync(join(ROOT, "artifacts"), { recursive: true });
  cpSync(join(ROOT, "resources", "workspace"), sample, { recursive: true });
}

const desktop = (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, "code")));
if (desktop && process.env["BOATHOUSE_START"] !== "browser") {
  say(`Opening VS Code on ${sample}`);
  spawn("code", ["--new-window", `--extensionDevelopmentPath=${ROOT}`, sample], { stdio: "inherit" });
} else {
  const server = await Server.start({
    folder: join(ROOT, "artifacts", "start"),
    extension: ROOT,
    settings: { "workbench.startupEditor": "readme" },
  });
  say(
    `VS Code with Boathouse, on the sample workspace ${sample}:\n\n  ${server.address(sample)}\n\nCtrl+C ends it; a local lake that was started there ends by itself a minute later.`,
  );
  const end = () => void server.stop().then(() => process.exit(0));
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}
