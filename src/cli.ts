#!/usr/bin/env node
// dist/cli.js, `boathouse`: the flows from a terminal or a CI job.
import { Command } from "commander";
import { writeSync } from "node:fs";
import { VERSION } from "./base/version.ts";
import { addDemoCommands } from "./cli/demo.ts";
import { addJobCommands } from "./cli/jobs.ts";
import { addLakeCommands } from "./cli/lake.ts";
import { addQueryCommands } from "./cli/queries.ts";
import { addStackCommands } from "./cli/stack.ts";

// The SDK warns of a Node that we support on purpose.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

// Whoever read our output has gone (`boathouse query ... | head`): end as other programs do, without a word.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(141);
  throw error;
});

const program = new Command("boathouse")
  .description("Data lakes on AWS, or on this machine: deploy, load, run, query, tear down.")
  .version(VERSION)
  .option("--json", "print one JSON object on stdout; logs go to stderr")
  .option("--profile <name>", "an AWS profile (default: the local lake, also when AWS_PROFILE is set)")
  .option("--region <name>", "an AWS region")
  .option("--endpoint-url <url>", "an endpoint that speaks AWS's APIs")
  .option("--lake <folder>", "the local lake's folder")
  .option("--stack <name>", "the stack's name (default: boathouse)")
  .showHelpAfterError()
  .exitOverride((error) => {
    if (error.exitCode === 0) process.exit(0);
    // Commander has said it on stderr; who asked for JSON is told there too.
    if (process.argv.includes("--json")) {
      const body = { error: { kind: "invalid", message: error.message.replace(/^error: /, "") } };
      writeSync(1, `${JSON.stringify(body)}\n`);
    }
    process.exit(2);
  });

addLakeCommands(program);
addStackCommands(program);
addJobCommands(program);
addQueryCommands(program);
addDemoCommands(program);

await program.parseAsync();
