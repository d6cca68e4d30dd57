// The window's connection: which one its workspace has chosen, how it is, and its one session.
import * as vscode from "vscode";
import type { Connection } from "../../aws/connection.ts";
import { Credentials } from "../../aws/credentials.ts";
import type { Identity } from "../../aws/identity.ts";
import { AwsSession } from "../../aws/session.ts";
import { BoathouseError } from "../../base/errors.ts";
import { cacheFolder, defaultLakeFolder } from "../../base/paths.ts";
import type { LakeEvent, RunningLake } from "../../local/start.ts";
import { known, LAKE, WORKSPACE } from "../shell/failures.ts";
import { type ConnectionChoice, choiceName, defaultChoice, parseChoice, sameChoice } from "./choice.ts";
import { askMfaCode } from "./mfa.ts";
import { connectionOf, identify } from "./open.ts";
import { LakeWatch } from "./lakeWatch.ts";
import { askToRenew } from "./renewal.ts";

export type ConnectionState =
  | { readonly kind: "none" }
  /** The local lake is chosen and does not run. */
  | { readonly kind: "stopped" }
  | { readonly kind: "connecting" }
  | {
      readonly kind: "connected";
      readonly session: AwsSession;
      /** Who the credentials are, where a service told. */
      readonly identity?: Identity | undefined;
      /** The local lake, where it is the connection. */
      readonly lake?: RunningLake | undefined;
    }
  | { readonly kind: "failed"; readonly error: BoathouseError };

export interface SessionOptions {
  /** A person asks: a connection that failed is tried anew. Else its error is thrown again, so that views don't ask in turns. */
  readonly anew?: boolean;
}

export interface StartLakeOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: LakeEvent) => void;
}

interface Opened {
  readonly connection: Connection;
  readonly lake?: RunningLake;
}

const REMEMBERED = "boathouse.connection";

/** A lake that renews no lease three times within so long hangs; ms. Each try waits 5 s, every 5 s. */
const HANGS = 40_000;

/** How long the window's end may wait for a lake to take its lease back; ms. */
const FAREWELL = 2000;

export class Connections implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** The choice or its state is another one. */
  readonly onDidChange = this.changed.event;
  readonly credentials: Credentials;
  /** How the person is asked for new credentials; tests answer in their place. */
  ask: typeof askToRenew = askToRenew;
  private choice_: ConnectionChoice | undefined;
  private state_: ConnectionState = { kind: "none" };
  private opening: Promise<AwsSession> | undefined;
  private watch: LakeWatch | undefined;
  private renewing: Promise<boolean> | undefined;
  private endRenewal: ((renewed: boolean) => void) | undefined;
  /** The person did not want to sign in: views don't ask again until they choose or sign in. */
  private declined = false;
  /** Of the choice and its session: an answer to an older one counts for nothing. */
  private generation = 0;
  private readonly former = new WeakSet<AwsSession>();
  /** When a lease was not renewed of late. */
  private losses: readonly number[] = [];
  private disposed = false;
  private farewells: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly memory: vscode.Memento,
    secrets?: vscode.SecretStorage,
  ) {
    this.credentials = new Credentials({
      mfaCode: async (serial, profile) => {
        const code = await askMfaCode(serial, profile);
        this.declined = code === undefined;
        return code;
      },
      ...(secrets === undefined
        ? {}
        : {
            safe: {
              get: async (key) => secrets.get(key),
              set: async (key, value) => secrets.store(key, value),
              delete: async (key) => secrets.delete(key),
            },
          }),
    });
    const remembered: unknown = memory.get(REMEMBERED);
    this.choice_ = remembered === undefined ? fromSettings() : parseChoice(remembered);
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
    return setting("lake.folder") ?? defaultLakeFolder();
  }

  /** Where engines lie. */
  get cacheFolder(): string {
    return setting("engines.folder") ?? cacheFolder();
  }

  /** Remembers another choice for this workspace and lets go of the session of the one before. */
  async choose(choice: ConnectionChoice | undefined): Promise<void> {
    // Null, not undefined: that none is wanted is remembered too.
    if (!sameChoice(choice, this.choice_)) await this.memory.update(REMEMBERED, choice ?? null);
    this.choice_ = choice;
    this.watch?.dispose();
    this.watch = undefined;
    await this.forget();
  }

  /** A window that chose nothing takes what the settings say; after a reload they may come later than the extension. */
  async settingsChanged(): Promise<void> {
    if (this.memory.get(REMEMBERED) !== undefined) return;
    const choice = fromSettings();
    if (sameChoice(choice, this.choice_)) return;
    this.choice_ = choice;
    await this.forget();
  }

  /** Lets go of the session, so that the next use opens it anew. */
  async forget(): Promise<void> {
    this.letGo();
    this.become({ kind: "none" });
    await this.farewells;
  }

  /**
   * The session of the chosen connection, opened on first use. A local lake that does not run is not started by this.
   * @throws BoathouseError `notFound` where none is chosen, `network` where the local lake does not run, `denied` in a workspace that
   * is not trusted, `cancelled` where another connection was chosen meanwhile.
   */
  session(options: SessionOptions = {}): Promise<AwsSession> {
    if (this.state_.kind === "failed") {
      if (options.anew !== true) return Promise.reject(this.state_.error);
      this.letGo();
    }
    this.opening ??= this.open(this.generation, async (choice) => {
      if (choice.kind !== "local") {
        // With the person's own time for an MFA code, before any limit counts.
        await this.credentials.provider(choice.profile)();
        return { connection: connectionOf(choice) };
      }
      const { readRecord } = await import("../../local/record.ts");
      return readRecord(this.lakeFolder) === undefined ? undefined : this.joinLake({});
    });
    return this.opening;
  }

  /** Starts the local lake (or joins the one that runs), chooses it, and opens its session. */
  async startLake(options: StartLakeOptions = {}): Promise<AwsSession> {
    if (this.choice_?.kind !== "local") await this.choose({ kind: "local" });
    else await this.forget();
    this.opening = this.open(this.generation, () => this.joinLake(options));
    return this.opening;
  }

  /**
   * Looks how the connection is, after an error that tells of it, or when something happened to it elsewhere: a local lake that has
   * ended is seen as stopped, one that was started is joined. Reads one file; asks the lake only where that says nothing new.
   */
  async lookAgain(): Promise<void> {
    if (this.choice_?.kind !== "local" || !vscode.workspace.isTrusted) return;
    const { generation, state_: state } = this;
    const { readRecord } = await import("../../local/record.ts");
    if (generation !== this.generation || this.state_ !== state) return;
    const record = readRecord(this.lakeFolder);
    if (state.kind === "connected" && record === undefined) {
      this.letGo();
      this.become({ kind: "stopped" });
    } else if (state.kind === "connected" && record?.pid !== state.lake?.pid) {
      await this.forget();
      await this.session().catch(() => undefined);
    } else if ((state.kind === "stopped" || state.kind === "failed") && record !== undefined) {
      await this.session({ anew: true }).catch(() => undefined);
    }
  }

  /**
   * Credentials were not accepted: asks the person once, however many calls failed; true where there are new ones.
   * @param failed the session that they failed on; where there is a newer one, that is the answer.
   * @param quietly no person waits for it: not asked again after they said no.
   * @param error what the call threw.
   */
  renew(failed?: AwsSession, quietly = false, error?: BoathouseError): Promise<boolean> {
    // A late failure of a session that was let go of, while a newer one is there or on its way.
    if (failed !== undefined && this.former.has(failed)) return Promise.resolve(true);
    const choice = this.choice_;
    // Where there is no session either, opening it has just asked.
    if (choice === undefined || (this.declined && (quietly || failed === undefined))) return Promise.resolve(false);
    this.renewing ??= this.renewOnce(choice, error).finally(() => {
      this.renewing = undefined;
      this.endRenewal = undefined;
    });
    return this.renewing;
  }

  /** The person has signed in: whoever waits for it goes on, on a session with what is new. */
  async renewed(): Promise<void> {
    this.declined = false;
    const { choice_: choice } = this;
    if (choice !== undefined && choice.kind !== "local") await this.credentials.forget(choice.profile);
    await this.forget();
    this.endRenewal?.(true);
  }

  /** The window ends: the lake has its lease back when this resolves. */
  async close(): Promise<void> {
    this.dispose();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL);
    });
    await Promise.race([this.farewells, limit]);
    clearTimeout(timer);
  }

  dispose(): void {
    this.disposed = true;
    this.watch?.dispose();
    this.endRenewal?.(false);
    this.letGo();
    this.state_ = { kind: "none" };
    this.changed.dispose();
  }

  private async renewOnce(choice: ConnectionChoice, error: BoathouseError | undefined): Promise<boolean> {
    if (choice.kind === "local") {
      // Another window has reset the lake: it has new keys.
      await this.forget();
      return true;
    }
    const pressed = new Promise<boolean>((resolve) => {
      this.endRenewal = resolve;
    });
    const renewed = await Promise.race([this.ask(choice, error, () => this.renewed()), pressed]);
    this.declined = !renewed;
    return renewed;
  }

  private async joinLake(options: StartLakeOptions): Promise<Opened> {
    const { startLake } = await import("../../local/start.ts");
    const lake = await startLake({
      folder: this.lakeFolder,
      cache: this.cacheFolder,
      onLost: () => void this.lost(),
      ...options,
    });
    const keys = { accessKeyId: lake.accessKeyId, secretAccessKey: lake.secretAccessKey };
    return { lake, connection: { kind: "local", region: lake.region, endpointUrl: lake.endpoint, keys } };
  }

  /** A lease was not renewed: the lake has ended, or is busy, or hangs. */
  private async lost(): Promise<void> {
    const { state_: state } = this;
    await this.lookAgain();
    if (state.kind !== "connected" || this.state_ !== state) return;
    this.losses = [...this.losses.filter((at) => at > Date.now() - HANGS), Date.now()];
    // A busy machine may be late once or twice.
    if (this.losses.length < 3) return;
    this.losses = [];
    this.letGo();
    this.become({
      kind: "failed",
      error: new BoathouseError("conflict", `The local lake (process ${state.lake?.pid ?? 0}) does not answer.`, {
        resource: LAKE,
        next: "Look at its log, or restart it; what it has acknowledged is not lost.",
      }),
    });
  }

  private async open(
    generation: number,
    connect: (choice: ConnectionChoice) => Promise<Opened | undefined>,
  ): Promise<AwsSession> {
    const choice = this.choice_;
    try {
      if (!vscode.workspace.isTrusted) throw untrusted();
      if (choice === undefined) throw unchosen();
      this.become({ kind: "connecting" });
      const opened = await connect(choice);
      if (opened === undefined) throw stopped();
      const session = new AwsSession(opened.connection, this.credentials);
      const identity = choice.kind === "local" ? undefined : await identify(session);
      if (generation !== this.generation) {
        session.dispose();
        await opened.lake?.dispose();
        throw new BoathouseError("cancelled", "The connection was changed meanwhile.");
      }
      this.declined = false;
      this.become({ kind: "connected", session, identity, lake: opened.lake });
      return session;
    } catch (thrown) {
      const error = known(thrown);
      if (generation === this.generation) {
        this.opening = undefined;
        if (choice === undefined || error.resource === WORKSPACE) this.become({ kind: "none" });
        else if (choice.kind === "local" && (error.kind === "network" || error.kind === "cancelled")) {
          this.become({ kind: "stopped" });
        } else this.become({ kind: "failed", error });
      }
      throw error;
    }
  }

  /** Ends what the window holds of the session, and whatever is being opened counts for nothing. */
  private letGo(): void {
    this.generation += 1;
    this.opening = undefined;
    if (this.state_.kind !== "connected") return;
    const { session, lake } = this.state_;
    this.former.add(session);
    session.dispose();
    if (lake !== undefined) this.farewells = Promise.allSettled([this.farewells, lake.dispose()]);
  }

  private become(state: ConnectionState): void {
    if (this.disposed) return;
    this.state_ = state;
    if (this.choice_?.kind === "local" && this.watch?.folder !== this.lakeFolder) {
      this.watch?.dispose();
      this.watch = new LakeWatch(this.lakeFolder, () => void this.lookAgain());
    }
    this.watch?.aim();
    this.publish();
    this.changed.fire();
  }

  private publish(): void {
    void vscode.commands.executeCommand("setContext", "boathouse.connection", this.choice_?.kind ?? "none");
    void vscode.commands.executeCommand("setContext", "boathouse.state", this.state_.kind);
  }
}

function setting(name: string): string | undefined {
  const set = vscode.workspace.getConfiguration("boathouse").get<string>(name)?.trim();
  return set === undefined || set === "" ? undefined : set;
}

function fromSettings(): ConnectionChoice | undefined {
  return defaultChoice({
    endpoint: setting("connection.endpoint"),
    profile: setting("connection.profile"),
    region: setting("connection.region"),
  });
}

function unchosen(): BoathouseError {
  return new BoathouseError("notFound", "No connection is chosen.", {
    resource: "the connection",
    next: "Start the local lake, or choose an AWS profile.",
  });
}

function stopped(): BoathouseError {
  return new BoathouseError("network", "The local lake is not running.", { resource: LAKE, next: "Start it." });
}

function untrusted(): BoathouseError {
  return new BoathouseError(
    "denied",
    "Boathouse starts programs and sends signed requests only in a trusted workspace.",
    {
      resource: WORKSPACE,
      next: "Trust the workspace if you know where it is from.",
    },
  );
}
