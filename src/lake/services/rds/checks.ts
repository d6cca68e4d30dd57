// What RDS refuses of a DB instance's properties, with its own codes and words.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
import { notImplemented, ServiceError } from "../../fault.ts";
import { FAMILY, type ParameterGroup } from "./store.ts";

export const ENGINE_VERSION = "18.4";
/** Engines that RDS has and the lake has not. */
const OTHER_ENGINES = /^(mysql|mariadb|aurora|oracle|sqlserver|db2|custom)/;
/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html names "admin"; the rest are RDS's own roles. */
const RESERVED_USERS = new Set(
  (
    "admin rdsadmin rdsrepladmin rdstopmgr rdsproxyadmin rdswriteforwarduser rds_superuser rds_replication rds_iam rds_password " +
    "rds_ad rds_extension rds_reserved"
  ).split(" "),
);
/** PostgreSQL's fully reserved words: https://www.postgresql.org/docs/18/sql-keywords-appendix.html */
const RESERVED_WORDS = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog " +
    "current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except " +
    "false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp " +
    "not null offset on only or order placing primary references returning select session_user some symmetric system_user table " +
    "then to trailing true union unique user using variadic when where window with"
  ).split(" "),
);
/** GiB by storage type: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const STORAGE: Readonly<Record<string, readonly [least: number, most: number]>> = {
  gp3: [20, 65_536],
  gp2: [20, 65_536],
  io1: [100, 65_536],
  io2: [100, 65_536],
  standard: [5, 3072],
};

export function invalidValue(message: string): ServiceError {
  return new ServiceError("InvalidParameterValue", message);
}

export function invalidCombination(message: string): ServiceError {
  return new ServiceError("InvalidParameterCombination", message);
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined)
    throw new ServiceError("MissingParameter", `The request must contain the parameter ${member}.`);
  return value;
}

/** An identifier as RDS keeps it: lower case. */
export function identifier(value: string | undefined, member: string, most = 63): string {
  const text = required(value, member);
  if (!/^[A-Za-z](-?[A-Za-z0-9])*$/.test(text) || text.length > most) {
    throw invalidValue(
      `The parameter ${member} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
  return text.toLowerCase();
}

export function checkEngine(engine: string | undefined, version: string | undefined): void {
  const name = required(engine, "Engine");
  if (OTHER_ENGINES.test(name)) throw notImplemented(`the database engine "${name}", only "postgres"`);
  if (name !== "postgres") throw invalidValue(`Invalid DB engine: ${name}`);
  if (version !== undefined && version !== ENGINE_VERSION && version !== "18") {
    throw invalidCombination(`Cannot find version ${version} for postgres. The local lake has: ${ENGINE_VERSION}.`);
  }
}

export function checkMasterUsername(value: string | undefined): string {
  const name = required(value, "MasterUsername");
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(name)) {
    throw invalidValue(
      "The parameter MasterUsername is not valid: 1 to 63 letters, digits and underscores, the first one a letter.",
    );
  }
  const lower = name.toLowerCase();
  if (RESERVED_USERS.has(lower) || RESERVED_WORDS.has(lower) || lower.startsWith("pg_")) {
    throw invalidValue(`MasterUsername ${name} cannot be used as it is a reserved word used by the engine`);
  }
  return name;
}

export function checkPassword(password: string): string {
  if (password.length < 8) {
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
    );
  }
  if (password.length > 128) {
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password because it is longer than 128 characters.",
    );
  }
  if (!/^[!-~]+$/.test(password) || /[/@"]/.test(password)) {
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
    );
  }
  return password;
}

export function checkDatabaseName(name: string | undefined): string | undefined {
  if (name === undefined || name === "") return undefined;
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) {
    throw invalidValue(
      "DBName must begin with a letter or an underscore and contain only alphanumeric characters and underscores.",
    );
  }
  const lower = name.toLowerCase();
  if (RESERVED_WORDS.has(lower) || ["rdsadmin", "template0", "template1"].includes(lower)) {
    throw invalidValue(`Database name ${name} cannot be used as it is a reserved word used by the engine`);
  }
  return name;
}

export function checkPort(port: number | undefined): number | undefined {
  if (port === undefined) return undefined;
  if (!Number.isInteger(port) || port < 1150 || port > 65_535) {
    throw invalidValue(`Invalid database port ${port}: it must be between 1150 and 65535.`);
  }
  return port;
}

export function checkClass(name: string | undefined): string {
  const instanceClass = required(name, "DBInstanceClass");
  if (!/^db\.[a-z0-9-]+\.[a-z0-9-]+$/.test(instanceClass))
    throw invalidValue(`Invalid DB Instance class: ${instanceClass}`);
  return instanceClass;
}

export function checkStorage(size: number | undefined, type: string, iops: number | undefined): number {
  const gib = required(size, "AllocatedStorage");
  const limits = STORAGE[type];
  if (limits === undefined) throw invalidValue(`Invalid storage type: ${type}`);
  if (!Number.isInteger(gib) || gib < limits[0] || gib > limits[1]) {
    throw invalidValue(`Invalid storage size for engine name postgres and storage type ${type}: ${gib}`);
  }
  if ((type === "io1" || type === "io2") && iops === undefined) {
    throw invalidCombination(`You must specify both the storage size and iops when you use the storage type ${type}.`);
  }
  return gib;
}

export function checkRetention(days: number): number {
  if (!Number.isInteger(days) || days < 0 || days > 35) {
    throw invalidValue(`Invalid backup retention period: ${days}. Must be between 0 and 35.`);
  }
  return days;
}

export function checkFamily(group: ParameterGroup): string {
  if (group.family !== FAMILY) {
    throw invalidCombination(
      `The parameter group ${group.name} with DBParameterGroupFamily ${group.family} cannot be used for this instance. Use a parameter group with DBParameterGroupFamily ${FAMILY}.`,
    );
  }
  return group.name;
}

export type TagList = readonly { Key?: string | undefined; Value?: string | undefined }[];

export function tagsOf(tags: TagList | undefined): Record<string, string> {
  return Object.fromEntries(
    (tags ?? []).map(({ Key, Value }) => {
      const key = required(Key, "Tags.Key");
      if (key.length > 128 || (Value ?? "").length > 256 || key.startsWith("aws:")) {
        throw invalidValue(`The tag "${key}" is not valid.`);
      }
      return [key, Value ?? ""];
    }),
  );
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
