// The life of the instances: each a PostgreSQL that is made, started, watched, started again when it dies, stopped and removed.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../../base/errors.ts";
import { endLeftovers } from "../../engines/leftovers.ts";
import {
  createCluster,
  type PostgresPlace,
  type PostgresServer,
  PostgresStartError,
  startServer,
} from "../../engines/postgres.ts";
import { deleteSecret, ensureSecret, pendingVersion, rotatePassword, secretPassword } from "./credentials.ts";
import type { Events } from "./events.ts";
import { instanceFolder, instancePlace, removeBase } from "./place.ts";
import { logIn, prepare } from "./sql.ts";
import type { Instance, RdsStore, Status } from "./store.ts";
import { scramVerifier } from "../../engines/scram.ts";

/** An instance that dies more often than this within the span stays down, failed. */
const MOST_RESTARTS = 5;
const SPAN = 600_000;
/** A port that another program holds is tried again after this; ms. */
const PORT_AGAIN = 3000;
/** A start of the lake waits so long for its databases; they go on without it. */
const START_PATIENCE = 3000;

interface Task {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export class Databases {
  private readonly servers = new Map<string, PostgresServer>();
  private readonly tasks = new Map<string, Task>();
  private readonly deaths = new Map<string, number[]>();
  private closing = false;

  constructor(
    private readonly store: RdsStore,
    private readonly events: Events,
  ) {}

  /** Takes up every instance as it was. */
  async open(): Promise<void> {
    await this.events.prune();
    const begun: Promise<void>[] = [];
    for (const instance of await this.store.instances()) {
      const { id, status } = instance;
      if (status === "creating") begun.push(this.provision(instance));
      else if (status === "deleting") begun.push(this.remove(id));
      else if (status === "stopping") await this.store.setStatus(id, "stopped");
      else if (status !== "stopped" && (status !== "failed" || this.hasData(instance)))
        begun.push(this.bringUp(id, "starting"));
    }
    await Promise.race([Promise.all(begun), sleep(START_PATIENCE, undefined, { ref: false })]);
  }

  async close(): Promise<void> {
    this.closing = true;
    // What is under way is written down as a state, and taken up by the next `open`.
    for (const task of this.tasks.values()) task.abort.abort();
    await Promise.all([...this.tasks.values()].map((task) => task.done));
    await Promise.all([...this.servers.keys()].map((id) => this.halt(id)));
  }

  busy(): boolean {
    return this.tasks.size > 0;
  }

  /** Resolved once nothing is under way with the instance. */
  async settled(id: string): Promise<void> {
    for (let task = this.tasks.get(id); task !== undefined; task = this.tasks.get(id)) await task.done;
  }

  server(id: string): PostgresServer | undefined {
    return this.servers.get(id);
  }

  place(instance: Instance): PostgresPlace {
    return instancePlace(this.store.lake, instance.resourceId);
  }

  /** Makes a new instance from nothing; what an earlier attempt left is thrown away. `password`: the master's, where the caller gave one. */
  provision(instance: Instance, password?: string): Promise<void> {
    return this.begin(instance.id, async (signal) => {
      let server: PostgresServer | undefined;
      try {
        const place = this.place(instance);
        await wipe(place.folder);
        await createCluster(place, instance.superuserPassword, new Date());
        signal.throwIfAborted();
        server = await this.listen(place, instance);
        signal.throwIfAborted();
        const managed = instance.secretName === undefined ? undefined : await this.managedPassword(instance);
        const verifier = managed === undefined ? (instance.verifier ?? "") : scramVerifier(managed);
        await prepare(place, instance, server.port, verifier);
        // After a restart of the lake only the verifier of a given password is left.
        const known = managed ?? password;
        if (known !== undefined) await logIn(place, instance, server.port, known);
        signal.throwIfAborted();
        await this.store.change(instance.id, ({ verifier: _used, ...rest }) => ({ ...rest, status: "available" }));
        this.watch(instance.id, server);
        await this.events.add(instance.id, "creation", "DB instance created");
      } catch (error) {
        const reason = await explain(error, server);
        await server?.stop();
        if (signal.aborted) return;
        await wipe(this.folderOf(instance));
        await this.events.add(instance.id, "failure", `The DB instance could not be made. ${reason}`);
        await this.store.setStatus(instance.id, "failed", reason);
      }
    });
  }

  /** Starts an instance that has its data. A port that is taken is tried again and again, until it is free or the instance is deleted. */
  bringUp(id: string, during: Status): Promise<void> {
    return this.begin(id, async (signal) => {
      await this.store.setStatus(id, during);
      const instance = this.store.instance(id);
      let server: PostgresServer | undefined;
      try {
        const place = this.place(instance);
        server = await startServer(place, instance.port ?? 0);
        if (
          instance.secretName !== undefined &&
          (await pendingVersion(this.store.lake, instance.secretName)) !== undefined
        ) {
          await rotatePassword(this.store.lake, place, instance, server.port);
        }
        await this.store.setStatus(id, "available");
        this.watch(id, server);
        await this.events.add(id, "availability", "DB instance restarted");
      } catch (error) {
        await server?.stop();
        if (signal.aborted) return;
        const reason = messageOf(error);
        if (error instanceof PostgresStartError && error.portTaken) {
          if (during !== "incompatible-network") await this.events.add(id, "failure", portTaken(instance.port));
          await this.store.setStatus(id, "incompatible-network", portTaken(instance.port));
          setTimeout(() => this.tryPortAgain(id), PORT_AGAIN).unref();
        } else this.died(id, reason);
      }
    });
  }

  /** Runs `act` while the instance shows `during`, and leaves it available. The instance must be available. */
  async whileAvailable<T>(
    id: string,
    during: Status,
    act: (server: PostgresServer, instance: Instance) => Promise<T>,
  ): Promise<T> {
    let result: { value: T } | undefined;
    let failure: unknown = new Error("The lake is stopping.");
    await this.begin(id, async () => {
      const server = this.servers.get(id);
      if (server === undefined) {
        failure = new Error("PostgreSQL does not run.");
        return;
      }
      await this.store.setStatus(id, during);
      try {
        result = { value: await act(server, this.store.instance(id)) };
      } catch (error) {
        failure = error;
      }
      // Where PostgreSQL has died meanwhile, its restart says how it is.
      if (this.servers.get(id) === server) await this.store.setStatus(id, "available");
    });
    if (result === undefined) throw failure;
    return result.value;
  }

  /** Shuts PostgreSQL down; the data stays. */
  stop(id: string): Promise<void> {
    return this.begin(id, async () => {
      await this.halt(id);
      await this.store.setStatus(id, "stopped");
      await this.events.add(id, "availability", "DB instance stopped");
    });
  }

  async reboot(id: string): Promise<void> {
    await this.begin(id, () => this.halt(id));
    await this.bringUp(id, "rebooting");
  }

  /** Ends what is under way and removes the instance, its data and its secret. */
  remove(id: string): Promise<void> {
    this.tasks.get(id)?.abort.abort();
    return this.begin(id, async () => {
      await this.halt(id);
      const instance = this.store.findInstance(id);
      if (instance === undefined) return;
      await wipe(this.folderOf(instance));
      if (instance.secretName !== undefined) await deleteSecret(this.store.lake, instance.secretName);
      await this.store.forget(id);
      await this.events.add(id, "deletion", "DB instance deleted");
      this.deaths.delete(id);
      if ((await this.store.instances()).length === 0) removeBase(this.store.lake);
    });
  }

  private async managedPassword(instance: Instance): Promise<string> {
    await ensureSecret(this.store, instance);
    return (await secretPassword(this.store.lake, instance.secretName ?? "")) ?? "";
  }

  /** Starts on the port asked for, or on a free one, which is written down first. */
  private async listen(place: PostgresPlace, instance: Instance): Promise<PostgresServer> {
    for (let attempt = 1; ; attempt++) {
      const port = instance.requestedPort ?? (await freePort());
      await this.store.change(instance.id, (before) => ({ ...before, port }));
      try {
        return await startServer(place, port);
      } catch (error) {
        if (!(error instanceof PostgresStartError) || !error.portTaken) throw error;
        if (instance.requestedPort !== undefined) throw new Error(portTaken(port), { cause: error });
        if (attempt === 5) throw error;
      }
    }
  }

  private watch(id: string, server: PostgresServer): void {
    this.servers.set(id, server);
    void server.ended.then((code) => {
      if (this.servers.get(id) !== server) return;
      this.servers.delete(id);
      const words = server.lastWords();
      this.died(id, `PostgreSQL ended with code ${code}${words === "" ? "" : `: ${words}`}`);
    });
  }

  /** PostgreSQL ended by itself, or was killed: it is started again, each time a little later, until it has died too often. */
  private died(id: string, reason: string): void {
    if (this.closing) return;
    const now = Date.now();
    const deaths = [...(this.deaths.get(id) ?? []).filter((at) => at > now - SPAN), now];
    this.deaths.set(id, deaths);
    void (async () => {
      if (deaths.length > MOST_RESTARTS) {
        const told = `${reason}. It has ended ${deaths.length} times within ${SPAN / 60_000} minutes and is not started again; reboot it to try once more.`;
        await this.events.add(id, "failure", told);
        await this.store.setStatus(id, "failed", told);
        return;
      }
      await this.events.add(id, "recovery", `Recovery of the DB instance has started. ${reason}`);
      await this.store.setStatus(id, "rebooting");
      await sleep(2 ** deaths.length * 50);
      if (!this.closing && this.store.findInstance(id)?.status === "rebooting") await this.bringUp(id, "rebooting");
    })();
  }

  private tryPortAgain(id: string): void {
    if (this.closing || this.store.findInstance(id)?.status !== "incompatible-network") return;
    void this.bringUp(id, "incompatible-network");
  }

  private async halt(id: string): Promise<void> {
    const server = this.servers.get(id);
    this.servers.delete(id);
    await server?.stop();
  }

  /** One thing at a time happens to an instance: `work` runs when what is under way has ended. */
  private begin(id: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.closing) return Promise.resolve();
    const before = this.tasks.get(id)?.done ?? Promise.resolve();
    const abort = new AbortController();
    const done = before
      .then(() => work(abort.signal))
      .catch((error: unknown) =>
        this.store.lake.log("database task failed", { instance: id, message: messageOf(error) }),
      )
      .finally(() => {
        if (this.tasks.get(id)?.done === done) this.tasks.delete(id);
      });
    this.tasks.set(id, { abort, done });
    return done;
  }

  private folderOf(instance: Instance): string {
    return instanceFolder(this.store.lake, instance.resourceId);
  }

  private hasData(instance: Instance): boolean {
    try {
      return existsSync(join(this.folderOf(instance), "data", "PG_VERSION"));
    } catch {
      return false;
    }
  }
}

/** Why making an instance failed; a server that has died meanwhile is the reason behind whatever the client saw. */
async function explain(error: unknown, server: PostgresServer | undefined): Promise<string> {
  if (server === undefined) return messageOf(error);
  const code = await Promise.race([server.ended, sleep(200, undefined, { ref: false })]);
  if (code === undefined) return messageOf(error);
  const words = server.lastWords();
  return `PostgreSQL ${code > 128 ? `was killed (signal ${code - 128})` : `ended with code ${code}`} while the instance was made${words === "" ? "" : `: ${words}`}`;
}

async function wipe(folder: string): Promise<void> {
  if (existsSync(join(folder, "data"))) await endLeftovers(join(folder, "data"));
  await rm(folder, { recursive: true, force: true });
}

function portTaken(port: number | undefined): string {
  return `The port ${port} of 127.0.0.1 is taken by another program. End that program, or choose another port.`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
