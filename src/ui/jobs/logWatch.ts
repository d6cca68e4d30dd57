// A run's log in an output channel, line by line while it runs. One channel a run; the same run asked for again shows the same one.
import * as vscode from "vscode";
import { isCancelled } from "../../base/errors.ts";
import { isTerminal } from "../../jobs/runState.ts";
import type { JobRun } from "../../jobs/runs.ts";
import { errorLine } from "../../jobs/errorLine.ts";
import { known, messageFor } from "../shell/failures.ts";
import type { Shell } from "../shell/shell.ts";
import { Steady } from "../shell/steady.ts";
import { oneLine } from "../shell/text.ts";
import { moment } from "../shell/times.ts";
import { endText, headText, lineText } from "./logText.ts";
import { say } from "../shell/say.ts";

/** Channels that stay in the list of VS Code's Output; of ended ones the oldest goes. */
const CHANNELS = 8;

interface Watch {
  readonly channel: vscode.OutputChannel;
  readonly on: Steady;
  readonly stop: AbortController;
  ended: boolean;
}

interface Following {
  readonly channel: vscode.OutputChannel;
  readonly on: Steady;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

export class LogWatch implements vscode.Disposable {
  private readonly watches = new Map<string, Watch>();

  constructor(private readonly shell: Shell) {}

  /** Shows the log of a run, and goes on writing to it until the run has ended and all is read. Resolves as soon as it is shown. */
  async show(job: string, id: string): Promise<void> {
    const key = `${this.shell.connections.name ?? ""} ${job} ${id}`;
    const open = this.watches.get(key);
    if (open !== undefined) {
      open.channel.show(true);
      return;
    }
    const { getRun } = await import("../../jobs/runs.ts");
    const on = await Steady.of(this.shell);
    const run = await on.use((session) => getRun(session, job, id));
    this.makeRoom();
    const name = `${oneLine(job)} ${run.started === undefined ? id : moment(run.started, new Date())}`;
    const channel = vscode.window.createOutputChannel(name, "log");
    const watch: Watch = { channel, on, stop: new AbortController(), ended: false };
    this.watches.set(key, watch);
    channel.show(true);
    void this.write(watch, run).finally(() => {
      watch.ended = true;
      on.dispose();
    });
  }

  dispose(): void {
    for (const { channel, stop } of this.watches.values()) {
      stop.abort();
      channel.dispose();
    }
    this.watches.clear();
  }

  private makeRoom(): void {
    for (const [key, { channel, ended }] of this.watches) {
      if (this.watches.size < CHANNELS) return;
      if (!ended) continue;
      channel.dispose();
      this.watches.delete(key);
    }
  }

  private async write({ channel, on, stop }: Watch, first: JobRun): Promise<void> {
    const { job, id } = first;
    const note = (text: string) => channel.appendLine(`--- ${text}`);
    note(`Job ${job}, run ${id} on ${on.name}`);
    for (const line of headText(first)) note(line);
    try {
      await this.follow({ channel, on, note, signal: stop.signal }, first);
    } catch (thrown) {
      if (stop.signal.aborted || isCancelled(thrown)) return;
      const error = known(thrown);
      this.shell.log.error(`log of run ${id} of job ${job}`, error);
      note(`Watching ended: ${messageFor(error)}`);
      const again = "Watch Again";
      const pressed = await say.error(`The log of ${job} can't be watched any more. ${messageFor(error)}`, again);
      if (pressed !== again || stop.signal.aborted) return;
      // From the start: what stands in the channel goes, so that no line is there twice.
      channel.clear();
      await this.write({ channel, on, stop, ended: false }, first);
    }
  }

  private async follow({ channel, on, note, signal }: Following, first: JobRun): Promise<void> {
    const { job, id } = first;
    const [{ followLogs, logPlaces }, { watchRun }, { getJob, jobExists }] = await Promise.all([
      import("../../jobs/logs.ts"),
      import("../../jobs/runs.ts"),
      import("../../jobs/jobs.ts"),
    ]);
    let last = first;
    let ended = isTerminal(first.state);
    const settle = ended ? { settle: 0 } : {};
    let deleted = false;
    const watching = ended
      ? Promise.resolve()
      : on
          .use(async (session) => {
            for await (const run of watchRun(session, job, id, signal)) {
              last = run;
              if (!isTerminal(run.state)) note(run.state);
            }
          })
          .catch((error: unknown) => {
            if (known(error).kind !== "notFound") throw error;
            deleted = true;
          })
          .finally(() => {
            ended = true;
          });
    // Awaited below; what it throws must not go unheard while lines are read.
    watching.catch(() => undefined);
    const prefix = first.logGroup;
    // A deleted job's arguments are gone; its log mostly is where it usually is.
    const own = await on.use((session) => getJob(session, job)).catch(() => undefined);
    const places = logPlaces(prefix, id, { ...own?.arguments, ...first.arguments });
    let read = 0;
    await on.use(async (session) => {
      // Made again with new credentials it would read from the start: what was written is passed over.
      let passed = read;
      const lines = followLogs(session, places, () => ended, {
        signal,
        ...settle,
        onRetry: (error) => note(`Reading again: ${error.message}`),
      });
      for await (const line of lines) {
        if (passed > 0) passed -= 1;
        else {
          channel.appendLine(lineText(line));
          read += 1;
        }
      }
    });
    await watching;
    deleted ||= last.state === "STOPPED" && !(await on.use((session) => jobExists(session, job)));
    if (deleted) {
      note(`Job ${job} was deleted while this run was watched. What the run had logged stands above.`);
      void say.warn(`Job ${job} was deleted while its run ${id} was watched.`);
      this.shell.tell("jobs");
      return;
    }
    if (read === 0) note(`It logged nothing to ${prefix ?? "/aws-glue/jobs"}.`);
    // In one line: the log above has the rest.
    const why = errorLine(last.error);
    if (why !== undefined) note(`Error: ${why}`);
    note(endText(last));
  }
}
