// Running a job from the editor: started, shown, followed to its end and told; an operation that a window which opens later goes on with.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import type { Operation } from "../../base/journal.ts";
import { isTerminal } from "../../jobs/runState.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { errorLine } from "../../jobs/errorLine.ts";
import { attend } from "../shell/attend.ts";
import { known } from "../shell/failures.ts";
import { RUN_JOB } from "../shell/kinds.ts";
import { connected, isFresh } from "../shell/resuming.ts";
import type { Shell } from "../shell/shell.ts";
import { showFailure } from "../shell/showFailure.ts";
import { Steady } from "../shell/steady.ts";
import { duration } from "../shell/times.ts";
import { endText } from "./logText.ts";
import type { LogWatch } from "./logWatch.ts";
import { say } from "../shell/say.ts";

/** What the journal keeps of a run. StartJobRun takes no client token: where the id is lost, the run is found by time and arguments. */
interface RunData {
  readonly job: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly runId?: string;
}

/** Starts a run. Resolves once it has started; it is followed to its end, and that is told. */
export async function runJob(
  shell: Shell,
  logs: LogWatch,
  job: string,
  runArguments: Readonly<Record<string, string>>,
): Promise<void> {
  let started = false;
  await new Promise<void>((resolve, reject) => {
    const running = Steady.during(shell, (on) =>
      shell.operations.run(
        RUN_JOB,
        `Run job ${job}`,
        { connection: on.choice, job, arguments: runArguments },
        async (operation) => {
          const { startRun } = await import("../../jobs/runs.ts");
          const id = await on
            .use((session) => startRun(session, job, runArguments))
            .catch((error: unknown) => {
              throw alreadyRuns(error, job);
            });
          operation.note({ runId: id });
          shell.tell("jobs");
          started = true;
          resolve();
          await follow({ shell, on, logs }, job, id);
        },
      ),
    );
    // Before it has started the command fails with it; behind that the command has ended and it is told here.
    running.catch((error: unknown) => {
      if (started) void showFailure(error, shell.log, async () => undefined);
      else reject(error as Error);
    });
  });
}

/** Glue says only that there are too many runs. */
function alreadyRuns(thrown: unknown, job: string): unknown {
  const error = known(thrown);
  if (error.kind !== "conflict") return error;
  return new BoathouseError("conflict", `Job ${job} runs already, as often at once as it may.`, {
    resource: `job ${job}`,
    next: "Wait for the end of that run, or stop it.",
    cause: error,
  });
}

/** Goes on with a run that a closed window had started, and tells its end. */
export async function resumeRun(shell: Shell, logs: LogWatch, operation: Operation): Promise<void> {
  const on = await connected(shell, operation);
  if (on === undefined) return;
  try {
    await resumeOn({ shell, on, logs }, operation);
  } finally {
    on.dispose();
  }
}

interface Following {
  readonly shell: Shell;
  readonly on: Steady;
  readonly logs: LogWatch;
}

async function resumeOn(following: Following, operation: Operation): Promise<void> {
  const data = operation.data as unknown as RunData;
  const { findStarted } = await import("../../jobs/runs.ts");
  let id = data.runId;
  id ??= (await following.on.use((session) => findStarted(session, data.job, operation.at, data.arguments)))?.id;
  if (id !== undefined) {
    operation.note({ runId: id });
    await follow(following, data.job, id);
    return;
  }
  const run = "Run Job";
  const pressed = await say.info(
    `The run of job ${data.job} had not started when its window closed${isFresh(operation) ? "" : " some time ago"}.`,
    run,
  );
  if (pressed === run) await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: data.job });
}

async function follow({ shell, on, logs }: Following, job: string, id: string): Promise<void> {
  const [{ stopRun, watchRun }, { jobExists }] = await Promise.all([
    import("../../jobs/runs.ts"),
    import("../../jobs/jobs.ts"),
  ]);
  let last: JobRun | undefined;
  try {
    await attend({
      title: `Job ${job}`,
      stoppingTitle: `Stopping job ${job}`,
      work: async (say) => {
        const began = Date.now();
        let state = "STARTING";
        const tick = () => say(`${state} · ${duration(Math.floor((Date.now() - began) / 1000))}`);
        const ticking = setInterval(tick, 1000);
        try {
          await on.use(async (session) => {
            for await (const run of watchRun(session, job, id, on.ending)) {
              last = run;
              ({ state } = run);
              tick();
              shell.tell("jobs");
            }
          });
        } finally {
          clearInterval(ticking);
        }
      },
      // A person's Cancel ends the work.
      onCancel: async () => {
        await on.use((session) => stopRun(session, job, id));
        shell.tell("jobs");
        return "stopping";
      },
    });
  } catch (thrown) {
    shell.tell("jobs");
    if (known(thrown).kind !== "notFound") throw thrown;
    void tellDeleted(job, id);
    return;
  }
  if (last === undefined || !isTerminal(last.state)) return;
  // A run of a job that is deleted is stopped first, where the service is kind.
  const gone = last.state === "STOPPED" && !(await on.use((session) => jobExists(session, job)));
  void (gone ? tellDeleted(job, id) : tellEnd(logs, last));
}

async function tellDeleted(job: string, id: string): Promise<void> {
  await say.warn(`Job ${job} was deleted while its run ${id} was under way.`);
}

async function tellEnd(logs: LogWatch, run: JobRun): Promise<void> {
  const log = "Show Log";
  const text = `Job ${run.job} ${endText(run)}.`;
  if (run.state === "SUCCEEDED") {
    if ((await say.info(text, log)) === log) await logs.show(run.job, run.id);
    return;
  }
  const why = errorLine(run.error);
  const show = run.state === "STOPPED" ? say.warn : say.error;
  const again = "Run Again";
  const pressed = await show(why === undefined ? text : `${text} ${why}`, log, again);
  if (pressed === log) await logs.show(run.job, run.id);
  else if (pressed === again)
    await vscode.commands.executeCommand("boathouse.jobs.run", { kind: "jobName", id: run.job, given: run.arguments });
}
