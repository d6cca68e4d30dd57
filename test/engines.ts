// Fetches the engines that the tests run on, so that no test's time goes into downloads.
import { Output } from "../src/cli/output.ts";
import { ensureEngines } from "../src/local/engines/ensure.ts";

const output = new Output(false);
await ensureEngines(["postgres", "spark", "trino"], { onProgress: output.engine });
output.note("The engines are there.");
