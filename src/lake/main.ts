// dist/lake.js: starts one lake on one folder and keeps it until it is asked to stop or nobody needs it.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { OffsetClock } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import { cacheFolder, defaultLakeFolder } from "../base/paths.ts";
import { thisProcess } from "../base/processes.ts";
import { VERSION } from "../base/version.ts";
import type { Call, Operation, Principal, ServiceId } from "./call.ts";
import { Control } from "./control.ts";
import { reapChildren } from "./engines/child.ts";
import { notImplemented } from "./fault.ts";
import { refuseUnknown } from "./fields.ts";
import { Identities, rootCredentials } from "./identity.ts";
import type { Lake, Log, PrivateRoute, Service } from "./lake.ts";
import { openLog } from "./log.ts";
import { type ListeningServer, listen } from "./server.ts";
import { createServices } from "./services/registry.ts";
import { Store } from "./state/store.ts";

const ACCOUNT = "000000000000";
const REGION = "us-east-1";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: "string", default: defaultLakeFolder() },
      cache: { type: "string", default: cacheFolder() },
      port: { type: "string", default: "0" },
      persistent: { type: "boolean", default: false },
    },
  });
  const { folder } = values;
  mkdirSync(folder, { recursive: true });
  const log = openLog();
  // The store's lock says whether this folder is ours; only then may children of an earlier lake be ended.
  const store = await Store.open(join(folder, "state"));
  const reaped = reapChildren(folder);
  if (reaped > 0) log("reaped", { processes: reaped });

  const root = rootCredentials(folder);
  const identities = new Identities(store, root, ACCOUNT);
  await identities.prune();
  const clock = new OffsetClock();
  const services = new Map<string, Service>();
  const routes = new Map<string, PrivateRoute>();
  const server = await listen({ identities, services, routes, log }, Number(values.port));
  const lake: Lake = {
    folder,
    cache: values.cache,
    region: REGION,
    accountId: ACCOUNT,
    endpoint: `http://127.0.0.1:${server.port}`,
    clock,
    store,
    log,
    call: localCall(services, identities.rootPrincipal),
    root,
    assume: (roleArn, session, lifetime) => identities.assume(roleArn, session, lifetime),
    issue: (who, lifetime) => identities.issue(who, lifetime),
  };
  for (const service of createServices(lake)) {
    services.set(service.id, service);
    for (const [name, route] of Object.entries(service.routes ?? {})) routes.set(name, route);
  }
  const stop = stopOnce({ folder, server, services, store, log });
  const control = new Control({
    secret: root.secretAccessKey,
    version: VERSION,
    persistent: values.persistent,
    clock,
    busy: () => [...services.values()].some((service) => service.busy?.() ?? false),
    stop,
  });
  for (const [name, route] of Object.entries(control.routes())) routes.set(name, route);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  for (const service of services.values()) await service.start?.();
  publish(folder, server.port);
  log("started", { port: server.port, version: VERSION, pid: process.pid });
}

/** Clients find the lake by this file; it is whole or absent. */
function publish(folder: string, port: number): void {
  const file = join(folder, "lake.json");
  const whole = `${file}.${process.pid}`;
  writeFileSync(
    whole,
    JSON.stringify({
      pid: process.pid,
      startTime: thisProcess().startTime,
      port,
      version: VERSION,
      region: REGION,
    }),
  );
  renameSync(whole, file);
}

function localCall(services: ReadonlyMap<string, Service>, lakePrincipal: Principal): Call {
  return async (id, name, input, options) => {
    const operation = (
      services.get(id)?.operations as Record<string, Operation<ServiceId, never> | undefined> | undefined
    )?.[name];
    if (operation === undefined) throw notImplemented(`${id}:${name}`);
    refuseUnknown(`${id}:${name}`, input, operation.fields);
    return (await operation.run(input as never, {
      principal: options?.principal ?? lakePrincipal,
      requestId: "local",
      signal: options?.signal ?? new AbortController().signal,
      headers: {},
    })) as never;
  };
}

interface StopParts {
  readonly folder: string;
  readonly server: ListeningServer;
  readonly services: ReadonlyMap<string, Service>;
  readonly store: Store;
  readonly log: Log;
}

function stopOnce({ folder, server, services, store, log }: StopParts): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    rmSync(join(folder, "lake.json"), { force: true });
    void (async () => {
      const ends = await Promise.allSettled([...services.values()].map(async (service) => service.stop?.()));
      for (const end of ends) if (end.status === "rejected") log("stop failed", { message: messageOf(end.reason) });
      await server.close();
      await store.close();
      log("stopped");
      process.exit(0);
    })();
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
