// Glue's errors with AWS's codes and messages, and the checks that every operation shares.
import { ServiceError } from "../../fault.ts";

export function notFound(message: string): ServiceError {
  return new ServiceError("EntityNotFoundException", message);
}

export function alreadyExists(message: string): ServiceError {
  return new ServiceError("AlreadyExistsException", message);
}

export function invalidInput(message: string): ServiceError {
  return new ServiceError("InvalidInputException", message);
}

export function concurrentModification(message: string): ServiceError {
  return new ServiceError("ConcurrentModificationException", message);
}

/** The value of a required member; AWS names a missing one by its path in camel case. */
export function required<T>(value: T | undefined | null, path: string): T {
  if (value !== undefined && value !== null) return value;
  throw invalidInput(
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A name as Glue's catalog keeps it: folded to lower case, 1 to 255 characters (page: Catalog API, "Name"). */
export function catalogName(value: string | undefined, path: string): string {
  const name = required(value, path).toLowerCase();
  if (name.length === 0 || name.length > 255 || /[\0\r\n\t]/.test(name)) {
    throw invalidInput(
      `1 validation error detected: Value '${name}' at '${path}' failed to satisfy constraint: Member must have length between 1 and 255 and be a single line`,
    );
  }
  return name;
}

/** A name of jobs, triggers and the like: kept as it is spelled, 1 to 255 characters. */
export function plainName(value: string | undefined, path: string): string {
  const name = required(value, path);
  if (name.length === 0 || name.length > 255 || /[\0\r\n\t]/.test(name)) {
    throw invalidInput(
      `1 validation error detected: Value '${name}' at '${path}' failed to satisfy constraint: Member must have length between 1 and 255 and be a single line`,
    );
  }
  return name;
}

/** The local lake has one catalog, the account's. */
export function checkCatalog(catalogId: string | undefined, accountId: string): void {
  if (catalogId !== undefined && catalogId !== accountId) throw notFound(`Catalog ${catalogId} not found.`);
}
