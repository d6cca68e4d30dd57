// Athena's errors with AWS's messages and AthenaErrorCode, and the checks that operations share.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_InvalidRequestException.html
import { ServiceError } from "../../fault.ts";

export function invalidRequest(message: string, code = "INVALID_INPUT"): ServiceError {
  return new ServiceError("InvalidRequestException", message, { members: { AthenaErrorCode: code } });
}

export function resourceNotFound(message: string, resource: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, { members: { ResourceName: resource } });
}

/** AWS's sentence for a value outside its limits. */
export function constraint(path: string, rule: string): ServiceError {
  return invalidRequest(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** The value of a required member; `path` in camel case, as AWS names it. */
export function required<T>(value: T | undefined | null, path: string): T {
  if (value !== undefined && value !== null) return value;
  throw invalidRequest(
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}

export function withinLength(value: string, path: string, least: number, most: number): string {
  if (value.length < least) throw constraint(path, `have length greater than or equal to ${least}`);
  if (value.length > most) throw constraint(path, `have length less than or equal to ${most}`);
  return value;
}

/** MaxResults between 1 and `most`; `most` where it is not given. */
export function pageSize(value: number | undefined, most: number, path = "maxResults"): number {
  if (value === undefined) return most;
  if (value < 1) throw constraint(path, "have value greater than or equal to 1");
  if (value > most) throw constraint(path, `have value less than or equal to ${most}`);
  return value;
}
