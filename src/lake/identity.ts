// Who may call the lake: its root key (random, in keys.json, mode 0600) and the session keys of assumed roles.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Principal } from "./call.ts";
import type { Store } from "./state/store.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Epoch ms. */
  readonly expiration?: number;
}

interface Session extends Credentials {
  readonly principal: Principal;
}

/** The root key of the lake in `folder`, made on first use. */
export function rootCredentials(folder: string): Credentials {
  const file = join(folder, "keys.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Credentials;
  } catch {
    const made = { accessKeyId: `LKIA${randomName(16)}`, secretAccessKey: randomBytes(30).toString("base64url") };
    mkdirSync(folder, { recursive: true });
    const whole = `${file}.${process.pid}`;
    writeFileSync(whole, JSON.stringify(made), { mode: 0o600 });
    renameSync(whole, file);
    return made;
  }
}

export class Identities {
  readonly rootPrincipal: Principal;

  constructor(
    private readonly store: Store,
    readonly root: Credentials,
    private readonly accountId: string,
  ) {
    this.rootPrincipal = { arn: `arn:aws:iam::${accountId}:root`, accessKeyId: root.accessKeyId };
  }

  /** Issues a session key of a role. `lifetime` in seconds. Whether the role exists is the caller's to check. */
  async assume(roleArn: string, sessionName: string, lifetime: number): Promise<Credentials> {
    const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
    return this.issue({ arn: `arn:aws:sts::${this.accountId}:assumed-role/${role}/${sessionName}`, roleArn }, lifetime);
  }

  /** Issues a session key that acts as `who`. `lifetime` in seconds. */
  async issue(who: Omit<Principal, "accessKeyId">, lifetime: number): Promise<Credentials> {
    const credentials: Credentials = {
      accessKeyId: `ASIA${randomName(16)}`,
      secretAccessKey: randomBytes(30).toString("base64url"),
      sessionToken: randomBytes(48).toString("base64url"),
      expiration: Date.now() + lifetime * 1000,
    };
    const session: Session = { ...credentials, principal: { ...who, accessKeyId: credentials.accessKeyId } };
    await this.store.write((writer) => writer.put(["session", credentials.accessKeyId], session));
    return credentials;
  }

  /** The secret and principal of an access key, or undefined where it is unknown; `expired` where its time is over. */
  find(accessKeyId: string): (Credentials & { principal: Principal; expired: boolean }) | undefined {
    if (accessKeyId === this.root.accessKeyId) return { ...this.root, principal: this.rootPrincipal, expired: false };
    const session = this.store.get<Session>(["session", accessKeyId]);
    if (session === undefined) return undefined;
    return { ...session, expired: (session.expiration ?? 0) < Date.now() };
  }

  /** Forgets sessions whose time is over. */
  async prune(): Promise<void> {
    const over: string[] = [];
    for await (const [key, session] of this.store.entries<Session>(["session"])) {
      if ((session.expiration ?? 0) < Date.now()) over.push(key[1] ?? "");
    }
    await this.store.write((writer) => {
      for (const id of over) writer.delete(["session", id]);
    });
  }
}

/** Upper-case letters and digits, as AWS's key ids are. */
export function randomName(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(randomBytes(length), (byte) => alphabet[byte % 32]).join("");
}
