// The person's decision over a plan: by its notification, by the buttons over its document; closing either way out discards it.
import * as vscode from "vscode";
import type { Documents } from "../shell/documents.ts";
import type { Shell } from "../shell/shell.ts";
import { say } from "../shell/say.ts";

export type Decision = "execute" | "discard";

/** The language whose colours the marks of a plan are made for: + green, - red, ! changed. */
const PLAN_LANGUAGE = "diff";

const PREFIX = "Plan for stack ";

function tellDecided(stackName: string): void {
  void say.info(`This plan for stack ${stackName} was decided on already.`);
}

export class PlanReviews implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly open = new Map<string, (decision: Decision) => void>();
  /** Those whose tab is there: the end of an older tab of the same name may be told late. */
  private readonly shown = new Set<string>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly listening: vscode.Disposable;

  constructor(
    shell: Shell,
    private readonly documents: Documents,
  ) {
    this.listening = vscode.Disposable.from(
      vscode.languages.registerCodeLensProvider({ scheme: "boathouse" }, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) {
          if (!(input instanceof vscode.TabInputText)) continue;
          const key = input.uri.toString();
          if (this.shown.has(key)) this.open.get(key)?.("discard");
        }
      }),
    );
    shell.command("boathouse.stacks.executePlan", (uri?: vscode.Uri) => this.decide(uri, "execute"));
    shell.command("boathouse.stacks.discardPlan", (uri?: vscode.Uri) => this.decide(uri, "discard"));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.open.has(document.uri.toString())) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string) =>
      new vscode.CodeLens(top, { title, command, arguments: [document.uri] });
    return [
      lens("$(play) Execute This Plan", "boathouse.stacks.executePlan"),
      lens("$(close) Discard", "boathouse.stacks.discardPlan"),
    ];
  }

  /**
   * Shows the plan and waits for the decision.
   * @param question what the notification says
   */
  async ask(stackName: string, text: string, question: string): Promise<Decision> {
    const name = `${PREFIX}${stackName}`;
    const uri = this.documents.uri(name);
    const key = uri.toString();
    try {
      return await new Promise<Decision>((resolve, reject) => {
        // Before it is shown: a decision counts from the first moment on which it can be made.
        this.open.set(key, resolve);
        void this.context();
        this.documents
          .show(name, text, { language: PLAN_LANGUAGE, preview: false })
          .then(async () => {
            if (this.open.get(key) !== resolve) return this.documents.close(uri);
            this.shown.add(key);
            this.changed.fire();
            const pressed = await say.info(question, "Execute", "Discard");
            // VS Code can't take a message back: this one may stand there longer than the plan.
            if (pressed !== undefined && this.open.get(key) !== resolve) tellDecided(stackName);
            return resolve(pressed === "Execute" ? "execute" : "discard");
          })
          .catch(reject);
      });
    } finally {
      this.open.delete(key);
      this.shown.delete(key);
      this.changed.fire();
      void this.context();
      await this.documents.close(uri);
    }
  }

  /** As the document's own Discard. */
  discard(stackName: string): void {
    this.open.get(this.documents.uri(`${PREFIX}${stackName}`).toString())?.("discard");
  }

  private decide(uri: vscode.Uri | undefined, decision: Decision): void {
    const shown = uri ?? vscode.window.activeTextEditor?.document.uri;
    const [first] = this.open.values();
    const resolve = this.open.get(shown?.toString() ?? "") ?? (this.open.size === 1 ? first : undefined);
    resolve?.(decision);
  }

  private async context(): Promise<void> {
    await vscode.commands.executeCommand("setContext", "boathouse.planOpen", this.open.size > 0);
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
    this.open.clear();
  }
}
