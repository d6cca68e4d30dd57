// What this window works on a stack, so that a command can cancel it as the notification's Cancel does, and others know how far it is.

export type DeployPhase =
  | "planning"
  /** The plan lies before the person. */
  | "reviewing"
  /** The plan is not wanted: its change set is being deleted. */
  | "dropping"
  /** The job scripts of an update, before anything of the stack changes. */
  | "uploading"
  | "executing"
  /** The stack stands: job scripts, triggers, a look at each resource. */
  | "finishing"
  | "tearing down";

export class UnderWay {
  private press: (() => void) | undefined;

  private constructor(public phase: DeployPhase) {}

  /** Runs `act` as what is under way on the stack of that name. */
  static async during<T>(
    all: Map<string, UnderWay>,
    stackName: string,
    phase: DeployPhase,
    act: (underWay: UnderWay) => Promise<T>,
  ): Promise<T> {
    const underWay = new UnderWay(phase);
    all.set(stackName, underWay);
    try {
      return await act(underWay);
    } finally {
      if (all.get(stackName) === underWay) all.delete(stackName);
    }
  }

  /** @param press what a Cancel means from now on; the same as before where left out. */
  enter(phase: DeployPhase, press?: () => void): void {
    this.phase = phase;
    this.press = press ?? this.press;
  }

  /** From now on there is nothing to cancel. */
  seal(): void {
    this.press = undefined;
  }

  /** False where nothing can be cancelled now. */
  cancel(): boolean {
    if (this.press === undefined || this.phase === "dropping") return false;
    this.press();
    return true;
  }
}

/** A stack that is becoming one that stands by this window's own work. */
export function isBecoming(phase: DeployPhase | undefined): boolean {
  return phase === "uploading" || phase === "executing" || phase === "finishing";
}
