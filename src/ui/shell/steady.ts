// The connection that an operation was begun on: it stays on that one, whatever the window is switched to meanwhile.
import { AwsSession } from "../../aws/session.ts";
import { BoathouseError } from "../../base/errors.ts";
import { type ConnectionChoice, choiceName, sameChoice } from "../connections/choice.ts";
import { known } from "./failures.ts";
import type { Shell } from "./shell.ts";

const endings = new WeakMap<Shell, AbortController>();

/** Aborts when the window closes, or does not answer any more: what watches ends with it, what is watched goes on. */
export function endingOf(shell: Shell): AbortSignal {
  const known = endings.get(shell);
  if (known !== undefined) return known.signal;
  const first = new AbortController();
  endings.set(shell, first);
  const end = () => endings.get(shell)?.abort(new BoathouseError("cancelled", "The window closes."));
  shell.held.push({ dispose: end });
  shell.operations.onAbandon(() => {
    end();
    // Where the window comes back, what it goes on with has an end of its own.
    endings.set(shell, new AbortController());
  });
  return first.signal;
}

export class Steady {
  /** Of the window. */
  readonly ending: AbortSignal;
  private session: AwsSession;

  private constructor(
    private readonly shell: Shell,
    readonly choice: ConnectionChoice,
    opened: AwsSession,
  ) {
    this.session = this.sessionOn(opened);
    this.ending = endingOf(shell);
  }

  /** On the window's connection, which is opened. @throws BoathouseError `notFound` where none is chosen. */
  static async of(shell: Shell): Promise<Steady> {
    const { choice } = shell.connections;
    const session = await shell.use(async (opened) => opened);
    if (choice !== undefined && sameChoice(choice, shell.connections.choice)) return new Steady(shell, choice, session);
    throw new BoathouseError("cancelled", "Another connection was chosen meanwhile.");
  }

  /** Runs `act` on the window's connection as it is now, to its end. */
  static async during<T>(shell: Shell, act: (on: Steady) => Promise<T>): Promise<T> {
    const on = await Steady.of(shell);
    try {
      return await act(on);
    } finally {
      on.dispose();
    }
  }

  /** "local lake", "prod-analytics · eu-west-1". */
  get name(): string {
    return choiceName(this.choice);
  }

  /** As `Shell.use`: where the credentials have expired, asks once and goes on. */
  async use<T>(act: (session: AwsSession) => Promise<T>): Promise<T> {
    try {
      return await act(this.session);
    } catch (error) {
      const { connections } = this.shell;
      if (known(error).kind !== "credentials" || !sameChoice(this.choice, connections.choice)) throw error;
      const { state } = connections;
      if (!(await connections.renew(state.kind === "connected" ? state.session : undefined))) throw error;
      const { session } = this;
      this.session = this.sessionOn(session);
      session.dispose();
      return act(this.session);
    }
  }

  dispose(): void {
    this.session.dispose();
  }

  private sessionOn({ connection }: AwsSession): AwsSession {
    return new AwsSession(connection, this.shell.connections.credentials);
  }
}
