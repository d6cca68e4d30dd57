// The window's connection: which one its workspace has chosen, how it is, and its one session.
import * as vscode from "vscode";
import type { Connection } from "../../aws/connection.ts";
import { AwsSession } from "../../aws/session.ts";
import { BoathouseError } from "../../base/errors.ts";
import { cacheFolder, defaultLakeFolder } from "../../base/paths.ts";
import type { LakeEvent, RunningLake } from "../../local/start.ts";
import { type ConnectionChoice, choiceName, parseChoice, sameChoice } from "./choice.ts";

export type ConnectionState =
  | { readonly kind: "none" }
  /** The local lake is chosen and does not run. */
  | { readonly kind: "stopped" }
  | { readonly kind: "connecting" }
  | { readonly kind: "connected"; readonly session: AwsSession }
  | { readonly kind: "failed"; readonly error: BoathouseError };

const REMEMBERED = "boathouse.connection";

export class Connections implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** The choice or its state is another one. */
  readonly onDidChange = this.changed.event;
  private choice_: ConnectionChoice | undefined;
  private state_: ConnectionState = { kind: "none" };
  private opening: Promise<AwsSession> | undefined;
  private lake: RunningLake | undefined;
  private renewing: Promise<boolean> | undefined;
  /** Of the choice: an answer to an older one counts for nothing. */
  private generation = 0;

  constructor(private readonly memory: vscode.Memento) {
    this.choice_ = parseChoice(memory.get(REMEMBERED));
    this.publish();
  }

  get choice(): ConnectionChoice | undefined {
    return this.choice_;
  }

  get state(): ConnectionState {
    return this.state_;
  }

  /** "local lake", "prod-analytics · eu-west-1"; undefined where none is chosen. */
  get name(): string | undefined {
    return this.choice_ === undefined ? undefined : choiceName(this.choice_);
  }

  get lakeFolder(): string {
    const set = vscode.workspace.getConfiguration("boathouse").get<string>("lake.folder");
    return set === undefined || set === "" ? defaultLakeFolder() : set;
  }

  get cacheFolder(): string {
    return cacheFolder();
  }

  /** Remembers another choice for this workspace and lets go of the session of the one before. */
  async choose(choice: ConnectionChoice | undefined): Promise<void> {
    if (!sameChoice(choice, this.choice_)) await this.memory.update(REMEMBERED, choice);
    this.choice_ = choice;
    await this.forget();
  }

  /** Lets go of the session, so that the next use opens it anew. */
  async forget(): Promise<void> {
    this.generation += 1;
    this.opening = undefined;
    const { lake } = this;
    this.lake = undefined;
    if (this.state_.kind === "connected") this.state_.session.dispose();
    this.become({ kind: "none" });
    await lake?.dispose();
  }

  /**
   * The session of the chosen connection, opened on first use. A local lake that does not run is not started by this.
   * @throws BoathouseError `notFound` where none is chosen, `network` where the local lake does not run.
   */
  session(): Promise<AwsSession> {
    this.opening ??= this.open(this.generation, async (choice) => {
      if (choice.kind !== "local") return connectionOf(choice);
      const { lakeStatus } = await import("../../local/status.ts");
      const status = await lakeStatus(this.lakeFolder);
      if (status.state === "stopped") return undefined;
      return this.joinLake({});
    });
    return this.opening;
  }

  /** Starts the local lake (or joins the one that runs), chooses it, and opens its session. */
  async startLake(options: { signal?: AbortSignal; onProgress?: (event: LakeEvent) => void }): Promise<AwsSession> {
    if (this.choice_?.kind !== "local") await this.choose({ kind: "local" });
    else await this.forget();
    this.opening = this.open(this.generation, () => this.joinLake(options));
    return this.opening;
  }

  /** Looks again after an error that tells of the connection: a local lake that has ended is seen as stopped. */
  async lookAgain(): Promise<void> {
    if (this.state_.kind !== "connected" || this.choice_?.kind !== "local") return;
    const { lakeStatus } = await import("../../local/status.ts");
    if ((await lakeStatus(this.lakeFolder)).state !== "stopped") return;
    await this.forget();
    this.become({ kind: "stopped" });
  }

  /** Credentials have expired: asks the person once, however many calls failed; true where there are new ones. */
  renew(): Promise<boolean> {
    this.renewing ??= this.askToRenew().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async askToRenew(): Promise<boolean> {
    if (this.choice_ === undefined || this.choice_.kind === "local") return false;
    const again = "Try Again";
    const pressed = await vscode.window.showWarningMessage(
      `The credentials of ${choiceName(this.choice_)} have expired or are not accepted.`,
      again,
    );
    if (pressed !== again) return false;
    await this.forget();
    return true;
  }

  dispose(): void {
    this.changed.dispose();
    this.generation += 1;
    if (this.state_.kind === "connected") this.state_.session.dispose();
    void this.lake?.dispose();
    this.lake = undefined;
  }

  private async joinLake(options: {
    signal?: AbortSignal;
    onProgress?: (event: LakeEvent) => void;
  }): Promise<Connection> {
    const { startLake } = await import("../../local/start.ts");
    const lake = await startLake({ folder: this.lakeFolder, cache: this.cacheFolder, ...options });
    this.lake = lake;
    return {
      kind: "local",
      region: lake.region,
      endpointUrl: lake.endpoint,
      keys: { accessKeyId: lake.accessKeyId, secretAccessKey: lake.secretAccessKey },
    };
  }

  private async open(
    generation: number,
    connect: (choice: ConnectionChoice) => Promise<Connection | undefined>,
  ): Promise<AwsSession> {
    const choice = this.choice_;
    try {
      if (choice === undefined) {
        throw new BoathouseError("notFound", "No connection is chosen.", {
          next: "Start the local lake, or choose an AWS profile.",
        });
      }
      this.become({ kind: "connecting" });
      const connection = await connect(choice);
      if (connection === undefined) {
        throw new BoathouseError("network", "The local lake is not running.", {
          resource: "the local lake",
          next: "Start it.",
        });
      }
      const session = new AwsSession(connection);
      if (generation === this.generation) this.become({ kind: "connected", session });
      return session;
    } catch (error) {
      const known =
        error instanceof BoathouseError ? error : new BoathouseError("bug", String(error), { cause: error });
      if (generation === this.generation) {
        this.opening = undefined;
        if (choice === undefined) this.become({ kind: "none" });
        else if (choice.kind === "local" && known.kind === "network") this.become({ kind: "stopped" });
        else this.become({ kind: "failed", error: known });
      }
      throw known;
    }
  }

  private become(state: ConnectionState): void {
    if (state.kind === this.state_.kind && state.kind !== "connected" && state.kind !== "failed") return;
    this.state_ = state;
    this.publish();
    this.changed.fire();
  }

  private publish(): void {
    void vscode.commands.executeCommand("setContext", "boathouse.connection", this.choice_?.kind ?? "none");
    void vscode.commands.executeCommand("setContext", "boathouse.state", this.state_.kind);
  }
}

function connectionOf(choice: Exclude<ConnectionChoice, { kind: "local" }>): Connection {
  if (choice.kind === "aws") return { kind: "aws", region: choice.region, profile: choice.profile };
  return {
    kind: "endpoint",
    region: choice.region,
    endpointUrl: choice.url,
    keys: undefined,
    profile: choice.profile,
  };
}
