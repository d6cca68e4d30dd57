// Roles, managed policies and instance profiles as they lie in the lake's store.
//
//   iam role <name>       Role
//   iam policy <arn>      Policy      customer managed
//   iam profile <name>    Profile
import { randomName } from "../../identity.ts";
import { ServiceError } from "../../fault.ts";
import type { Lake } from "../../lake.ts";

export interface Role {
  readonly name: string;
  readonly path: string;
  /** "AROA" and 17 letters and digits. */
  readonly id: string;
  /** Epoch ms, as all times here. */
  readonly created: number;
  /** Policy documents are JSON text as it was sent. */
  readonly trust: string;
  readonly description?: string;
  /** Seconds. */
  readonly maxSession: number;
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs. */
  readonly attached: readonly string[];
}

export interface Policy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly created: number;
  readonly updated: number;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Oldest first; at most five, as on AWS. */
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersion: string;
}

export interface PolicyVersion {
  readonly id: string;
  readonly document: string;
  readonly created: number;
}

export interface Profile {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly created: number;
  readonly roles: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export class IamStore {
  constructor(readonly lake: Lake) {}

  findRole(name: string): Role | undefined {
    return this.lake.store.get<Role>(["iam", "role", name]);
  }

  role(name: string): Role {
    const found = this.findRole(name);
    if (found === undefined) throw noSuch(`The role with name ${name} cannot be found.`);
    return found;
  }

  roles(): Promise<Role[]> {
    return this.lake.store.all<Role>(["iam", "role"]);
  }

  findPolicy(arn: string): Policy | undefined {
    return this.lake.store.get<Policy>(["iam", "policy", arn]);
  }

  policy(arn: string): Policy {
    const found = this.findPolicy(arn);
    if (found === undefined) throw noSuch(`Policy ${arn} was not found.`);
    return found;
  }

  policies(): Promise<Policy[]> {
    return this.lake.store.all<Policy>(["iam", "policy"]);
  }

  findProfile(name: string): Profile | undefined {
    return this.lake.store.get<Profile>(["iam", "profile", name]);
  }

  profile(name: string): Profile {
    const found = this.findProfile(name);
    if (found === undefined) throw noSuch(`Instance Profile ${name} cannot be found.`);
    return found;
  }

  profiles(): Promise<Profile[]> {
    return this.lake.store.all<Profile>(["iam", "profile"]);
  }

  /** Runs `action` alone among the changes of IAM. */
  lock<T>(action: () => Promise<T>): Promise<T> {
    return this.lake.store.lock("iam", action);
  }

  saveRole(role: Role): Promise<void> {
    return this.lake.store.write((writer) => writer.put(["iam", "role", role.name], role));
  }

  savePolicy(policy: Policy): Promise<void> {
    return this.lake.store.write((writer) => writer.put(["iam", "policy", this.policyArn(policy)], policy));
  }

  saveProfile(profile: Profile): Promise<void> {
    return this.lake.store.write((writer) => writer.put(["iam", "profile", profile.name], profile));
  }

  /** Changes a role's record under the lock. */
  changeRole(name: string, change: (role: Role) => Role): Promise<void> {
    return this.lock(() => this.saveRole(change(this.role(name))));
  }

  forget(kind: "role" | "policy" | "profile", key: string): Promise<void> {
    return this.lake.store.write((writer) => writer.delete(["iam", kind, key]));
  }

  roleArn(role: Pick<Role, "path" | "name">): string {
    return `arn:aws:iam::${this.lake.accountId}:role${role.path}${role.name}`;
  }

  policyArn(policy: Pick<Policy, "path" | "name">): string {
    return `arn:aws:iam::${this.lake.accountId}:policy${policy.path}${policy.name}`;
  }

  profileArn(profile: Pick<Profile, "path" | "name">): string {
    return `arn:aws:iam::${this.lake.accountId}:instance-profile${profile.path}${profile.name}`;
  }
}

/** An id as AWS makes them: the prefix says of what. */
export function newId(prefix: "AROA" | "ANPA" | "AIPA"): string {
  return `${prefix}${randomName(17)}`;
}

export function noSuch(message: string): ServiceError {
  return new ServiceError("NoSuchEntity", message, { status: 404 });
}

export function exists(message: string): ServiceError {
  return new ServiceError("EntityAlreadyExists", message, { status: 409 });
}

export function conflict(message: string): ServiceError {
  return new ServiceError("DeleteConflict", message, { status: 409 });
}
