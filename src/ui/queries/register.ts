// Registers the commands, the view, the lenses and the panels of the queries.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { choiceName, type ConnectionChoice, sameChoice } from "../connections/choice.ts";
import type { Execution } from "../../queries/executions.ts";
import type { NamedQuery } from "../../queries/named.ts";
import { statementAt } from "../../sql/places.ts";
import type { Statement } from "../../sql/split.ts";
import { pick } from "../shell/quickInput.ts";
import { say } from "../shell/say.ts";
import type { Shell } from "../shell/shell.ts";
import { showFailure } from "../shell/showFailure.ts";
import { moment } from "../shell/times.ts";
import { asScript, openSql, showOpened } from "./documents.ts";
import { isLost, panelFileOf, runAgain, runAll, runHere } from "./editor.ts";
import { EditorRuns } from "./editorRuns.ts";
import { labelOf } from "./label.ts";
import { Lenses } from "./lenses.ts";
import { type ExecutionNode, isRunning, type NamedNode, namedNode } from "./nodes.ts";
import { askParameters } from "./parameters.ts";
import { ResultPanels } from "./results/panels.ts";
import { registerResults } from "./results/register.ts";
import type { PanelFile } from "./results/tab.ts";
import type { Run } from "./run.ts";
import { Runs } from "./runs.ts";
import { Sessions } from "./sessions.ts";
import { type Target, Targets } from "./target.ts";
import { QueriesView } from "./view.ts";

// Loaded when it is asked for: the window opens sooner.
const choosing = () => import("./choose.ts");

/** What the catalog asks of the queries. */
export interface Queries {
  readonly targets: Targets;
  /** The statement of a document that a person means with the cursor there. */
  statementAt(document: vscode.TextDocument, offset: number): Statement | undefined;
  /** Runs a statement of ours into a panel of its own. */
  run(file: PanelFile, sql: string): readonly Run[];
}

export function registerQueries(shell: Shell): Queries {
  const { held } = shell;
  const sessions = held.push(new Sessions(shell));
  const targets = held.push(new Targets(shell));
  const editorRuns = held.push(new EditorRuns());
  const runs = held.push(
    new Runs({
      shell,
      targets,
      sessions,
      placeMissing: async (workGroup) => (await choosing()).placeMissing(shell, targets, workGroup),
      resumed: (uri, resumed) => editorRuns.adopt(uri, resumed),
    }),
  );
  const panels = held.push(
    new ResultPanels({
      extensionUri: shell.extensionUri,
      sessionFor: (choice) => sessions.of(choice),
      reattach: (tab, info) => runs.attach(tab, info),
      rerun: (file, tab) => runAgain(runs, editorRuns, file, tab),
      lost: (file, tab) => isLost(runs, editorRuns, file, tab),
      onDidMove: editorRuns.onDidMove,
      first: () => runs.first,
      crawl: (choice, crawler) => crawl(shell, choice, crawler),
      failed: (error) => void showFailure(error, shell.log, async () => undefined),
    }),
  );
  runs.panels = panels;
  registerResults(shell, panels);
  held.push(new Lenses(shell, editorRuns, runs));
  const view = held.push(new QueriesView(shell, targets));
  held.push(
    runs.onDidChange(() => {
      void vscode.commands.executeCommand("setContext", "boathouse.queriesRunning", runs.running.length > 0);
    }),
  );
  registerRunning(shell, { runs, editorRuns, panels });
  registerView(shell, { runs, targets, view, panels });
  return {
    targets,
    statementAt: (document, offset) => statementAt(editorRuns.statements(document), document.getText(), offset),
    run: (file, sql) => runs.begin(file, [{ sql }], { replace: true }),
  };
}

/** By the command, on the window's connection, which must be the one that the table is of. */
async function crawl(shell: Shell, choice: ConnectionChoice, crawler: string): Promise<void> {
  if (!sameChoice(shell.connections.choice, choice)) {
    throw new BoathouseError(
      "conflict",
      `Crawler ${crawler} is of ${choiceName(choice)}, which is not connected now.`,
      {
        resource: `crawler ${crawler}`,
        next: "Choose that connection first.",
      },
    );
  }
  await vscode.commands.executeCommand("boathouse.crawlers.run", {
    kind: "crawler",
    id: `crawlers/${crawler}`,
    crawler: { name: crawler },
  });
}

function registerRunning(
  shell: Shell,
  { runs, editorRuns, panels }: { runs: Runs; editorRuns: EditorRuns; panels: ResultPanels },
): void {
  // Parallel: statements of one file may run beside each other; one that runs is not started twice.
  const parallel = { parallel: true };
  shell.command(
    "boathouse.queries.run",
    (uri?: vscode.Uri, start?: unknown) =>
      runHere(runs, editorRuns, uri, typeof start === "number" ? start : undefined),
    parallel,
  );
  shell.command("boathouse.queries.runAll", (uri?: vscode.Uri) => runAll(runs, editorRuns, uri), parallel);
  shell.command(
    "boathouse.queries.cancel",
    async (uri?: vscode.Uri, start?: number) => {
      const run = uri === undefined ? await pickRun(runs) : await runAt(editorRuns, uri, start);
      if (run !== undefined) await runs.cancel(run);
    },
    parallel,
  );
  shell.command(
    "boathouse.queries.showPanel",
    async (uri: vscode.Uri, start: number) => {
      const run = await runAt(editorRuns, uri, start);
      const document = await vscode.workspace.openTextDocument(uri);
      const { choice } = shell.connections;
      if (panels.reveal(uri.toString(), run?.id) || run?.id === undefined || choice === undefined) return;
      await runs.show(panelFileOf(document), { id: run.id, sql: run.asked.sql }, choice);
    },
    parallel,
  );
}

function registerView(
  shell: Shell,
  { runs, targets, view, panels }: { runs: Runs; targets: Targets; view: QueriesView; panels: ResultPanels },
): void {
  // With an argument it is chosen without asking: for a sample, a test.
  shell.command("boathouse.queries.choose", async (target?: Partial<Target>) =>
    target?.workGroup === undefined && target?.database === undefined
      ? (await choosing()).chooseTarget(shell, targets)
      : targets.choose(target),
  );
  shell.command("boathouse.queries.setOutputLocation", async () => (await choosing()).setPlace(shell, targets));
  shell.command("boathouse.queries.new", () => openSql(""));
  shell.command("boathouse.queries.more", () => view.more());
  const open = async (sql: string, database: string | undefined, key?: string) => {
    if (await showOpened(asScript(sql), key)) return;
    await openSql(asScript(sql), key);
    void offerDatabase(shell, targets, database);
  };
  shell.command("boathouse.queries.openStatement", async (node: NamedNode | ExecutionNode) => {
    if (node.kind === "named") await open(node.query.sql, node.query.database, node.id);
    else await open(node.execution.sql, node.execution.database);
  });
  shell.command("boathouse.queries.openNamed", async () => {
    const { id, query } = namedNode(await pickNamed(shell, targets));
    await open(query.sql, query.database, id);
  });
  shell.command("boathouse.queries.runNamed", async (node?: NamedNode) => {
    const { id, name, sql, database } = node?.query ?? (await pickNamed(shell, targets));
    const parameters = await askParameters(sql);
    const asked = {
      sql,
      ...(database === "" ? {} : { database }),
      ...(parameters === undefined ? {} : { parameters }),
    };
    return runs.begin({ uri: `boathouse-named:${id}`, title: name }, [asked], { replace: true });
  });
  shell.command(
    "boathouse.queries.showResult",
    async (node?: ExecutionNode) => {
      const succeeded = ({ state }: Execution) => state === "SUCCEEDED";
      const execution = node?.execution ?? (await pickExecution(shell, targets, "Show Result Again", succeeded));
      const { choice } = shell.connections;
      if (choice === undefined || panels.revealExecution(execution.id)) return;
      const file = { uri: `boathouse-execution:${execution.id}`, title: labelOf(execution.sql, 30) };
      await runs.show(file, execution, choice);
    },
    { parallel: true },
  );
  shell.command("boathouse.queries.stop", async (node?: ExecutionNode) => {
    const execution = node?.execution ?? (await pickExecution(shell, targets, "Stop Query", isRunning));
    const own = runs.running.find(({ id }) => id === execution.id);
    if (own !== undefined) await runs.cancel(own);
    else {
      const { stopExecution } = await import("../../queries/executions.ts");
      await shell.use((session) => stopExecution(session, execution.id));
    }
    shell.tell("queries");
  });
  shell.command("boathouse.queries.copyId", async ({ execution }: ExecutionNode) => {
    await vscode.env.clipboard.writeText(execution.id);
    vscode.window.setStatusBarMessage("Execution ID copied", 3000);
  });
}

/** A statement of another database than the workspace's is opened: names without one would not be found. */
async function offerDatabase(shell: Shell, targets: Targets, database: string | undefined): Promise<void> {
  if (database === undefined || database === "") return;
  const now = await shell.use((session) => targets.get(session)).catch(() => undefined);
  if (now === undefined || now.database === database) return;
  const use = "Use This Database";
  const pressed = await say.info(
    `This statement was written for database ${database}; statements of this workspace run in ${now.database ?? "none"}.`,
    use,
  );
  if (pressed === use) await targets.choose({ database });
}

async function runAt(editorRuns: EditorRuns, uri: vscode.Uri, start: number | undefined): Promise<Run | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  const statement = editorRuns.statements(document).find((one) => one.start === start);
  return statement === undefined ? undefined : editorRuns.of(uri, statement);
}

async function pickRun(runs: Runs): Promise<Run | undefined> {
  const { running } = runs;
  if (running.length <= 1) return running[0];
  return pick("Cancel Running Query", {
    placeholder: "Query to end",
    choices: running.map((run) => ({ label: labelOf(run.asked.sql, 80), value: run, description: run.phase })),
  });
}

/** Of the workgroup's latest 50. */
async function pickExecution(
  shell: Shell,
  targets: Targets,
  title: string,
  wanted: (execution: Execution) => boolean,
): Promise<Execution> {
  const { historyPage } = await import("../../queries/history.ts");
  const { executions } = await shell.use(async (session) =>
    historyPage(session, (await targets.get(session)).workGroup, undefined),
  );
  const found = executions.filter(wanted);
  if (found.length === 0) {
    throw new BoathouseError("notFound", "There is no such query among the workgroup's latest 50.", {
      next: "Run one, or choose another workgroup.",
    });
  }
  return pick(title, {
    placeholder: "Query",
    choices: found.map((execution) => ({
      label: labelOf(execution.sql, 80),
      value: execution,
      icon: "history",
      ...(execution.submitted === undefined ? {} : { description: moment(execution.submitted, new Date()) }),
    })),
  });
}

async function pickNamed(shell: Shell, targets: Targets): Promise<NamedQuery> {
  const { listNamedQueries } = await import("../../queries/named.ts");
  const queries = await shell.use(async (session) => listNamedQueries(session, (await targets.get(session)).workGroup));
  if (queries.length === 0) {
    throw new BoathouseError("notFound", "The workgroup has no named queries.", {
      next: "Choose another workgroup, or deploy a lake: it brings some.",
    });
  }
  return pick("Named Queries", {
    placeholder: "Named query",
    choices: queries.map((query) => ({
      label: query.name,
      value: query,
      icon: "file-code",
      ...(query.description === undefined ? {} : { description: query.description }),
    })),
  });
}
