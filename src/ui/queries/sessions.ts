// Sessions by connection: the window's own, or another one for a statement that ran elsewhere.
import type * as vscode from "vscode";
import { AwsSession } from "../../aws/session.ts";
import { BoathouseError } from "../../base/errors.ts";
import { type ConnectionChoice, choiceName, sameChoice } from "../connections/choice.ts";
import { connectionOf } from "../connections/open.ts";
import type { Shell } from "../shell/shell.ts";

export class Sessions implements vscode.Disposable {
  private readonly others = new Map<string, AwsSession>();

  constructor(private readonly shell: Shell) {}

  /**
   * @throws BoathouseError `network` where it is the local lake and that does not run, `conflict` where it is the local lake and the
   * window has chosen another connection: a lake is held by who has chosen it.
   */
  async of(choice: ConnectionChoice): Promise<AwsSession> {
    const { connections } = this.shell;
    if (sameChoice(choice, connections.choice)) return connections.session();
    const name = choiceName(choice);
    if (choice.kind === "local") {
      throw new BoathouseError(
        "conflict",
        "This statement ran on the local lake, and the window has chosen another connection.",
        {
          resource: name,
          next: "Choose the local lake again.",
        },
      );
    }
    let session = this.others.get(name);
    if (session === undefined) {
      session = new AwsSession(connectionOf(choice));
      this.others.set(name, session);
    }
    return session;
  }

  dispose(): void {
    for (const session of this.others.values()) session.dispose();
    this.others.clear();
  }
}
