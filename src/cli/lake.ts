// boathouse lake start|stop|status|env|reset
import type { Command } from "commander";
import { BoathouseError } from "../base/errors.ts";
import { cacheFolder } from "../base/paths.ts";
import { readEngine } from "../base/engines.ts";
import { lakeEnvironment } from "../local/environment.ts";
import { resetLake } from "../local/reset.ts";
import { lakeStatus } from "../local/status.ts";
import { stopLake } from "../local/stop.ts";
import { action, ENGINES } from "./context.ts";

export function addLakeCommands(program: Command): void {
  const lake = program
    .command("lake")
    .description("the local lake: a server on this machine that answers AWS's APIs on real engines");

  lake
    .command("start")
    .description("start it (fetching its engines first) and keep it until `lake stop`")
    .option("--no-engines", "start at once; engines are fetched by the commands that need them")
    .action(
      action(async (context, options: { engines: boolean }) => {
        const running = await context.startLake({ persistent: true, ...(options.engines ? { engines: ENGINES } : {}) });
        const { endpoint, pid, folder, version, region } = running;
        context.output.result(
          { endpoint, pid, folder, version, region },
          `The local lake runs at ${endpoint} (process ${pid}, folder ${folder}).`,
        );
      }),
    );

  lake
    .command("stop")
    .description("stop it and its engines; what it holds stays")
    .action(
      action(async (context) => {
        const stopped = await stopLake(context.lakeFolder);
        context.output.result({ stopped }, stopped ? "The local lake has stopped." : "The local lake did not run.");
      }),
    );

  lake
    .command("status")
    .description("whether it runs, where, and which engines are there")
    .action(
      action(async (context) => {
        const status = await lakeStatus(context.lakeFolder, context.signal);
        const engines = Object.fromEntries(
          ENGINES.map((name) => [name, readEngine(cacheFolder(), name)?.version ?? null]),
        );
        const lines = [
          status.state === "running"
            ? `The local lake runs at ${status.endpoint} (process ${status.pid}, version ${status.version}).`
            : status.state === "stopped"
              ? "The local lake does not run."
              : `The local lake's process ${status.pid} does not answer.`,
          `Folder: ${context.lakeFolder}`,
          ...Object.entries(engines).map(([name, version]) => `${name}: ${version ?? "not fetched yet"}`),
        ];
        context.output.result({ ...status, engines }, lines.join("\n"));
      }),
    );

  lake
    .command("env")
    .description('print its endpoint, keys and region for a shell: eval "$(boathouse lake env)"')
    .action(
      action(async (context) => {
        const running = await context.startLake({ persistent: true });
        const lines = lakeEnvironment(running);
        context.output.result(
          {
            endpoint: running.endpoint,
            region: running.region,
            accessKeyId: running.accessKeyId,
            secretAccessKey: running.secretAccessKey,
          },
          lines.join("\n"),
        );
      }),
    );

  lake
    .command("reset")
    .description("delete all that it holds: buckets, databases, stacks")
    .option("--yes", "do not ask")
    .option("--force", "stop it first where it runs")
    .action(
      action(async (context, options: { yes?: boolean; force?: boolean }) => {
        if (options.yes !== true) {
          const answer = await context.ask(
            `Delete all that the lake in ${context.lakeFolder} holds? Type "reset": `,
            "--yes",
          );
          if (answer.trim() !== "reset") throw new BoathouseError("cancelled", "Nothing was deleted.");
        }
        const deleted = await resetLake(context.lakeFolder, { force: options.force === true, signal: context.signal });
        context.output.result(
          { deleted },
          deleted.length === 0
            ? "There was nothing to delete."
            : `Deleted ${deleted.length} items of ${context.lakeFolder}.`,
        );
      }),
    );
}
