// What went wrong with a query, in Athena's terms: StateChangeReason and Status.AthenaError.
// https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
import { messageOf } from "../../../base/errors.ts";
import { EngineError, QueryError } from "../../engines/query.ts";
import { ServiceError } from "../../fault.ts";
import { HiveFailure } from "./statements/glue.ts";
import type { Failure } from "./store.ts";

const SYSTEM = 1;
const USER = 2;

/** ErrorType by the engine's name of the error; 1000 for user errors without one of their own. */
const USER_ERRORS: Readonly<Record<string, number>> = {
  DIVISION_BY_ZERO: 1001,
  TYPE_MISMATCH: 1002,
  COLUMN_NOT_FOUND: 1006,
  CATALOG_NOT_FOUND: 1006,
  INVALID_CAST_ARGUMENT: 1100,
  MISSING_COLUMN_NAME: 1100,
  NOT_SUPPORTED: 1200,
  TABLE_NOT_FOUND: 1301,
  SCHEMA_NOT_FOUND: 1301,
  FUNCTION_NOT_FOUND: 1303,
};

/** A query that was ended on purpose: by a person, or by the workgroup's limit. */
export class Cancellation extends Error {
  override readonly name = "Cancellation";
}

export const BY_USER = "Query cancelled by user";
export const BY_LIMIT = "Bytes scanned limit was exceeded";
export const BY_END = "The local lake ended while the query ran. Run it again.";

export function failureOf(error: unknown): Failure {
  if (error instanceof HiveFailure) return error.failure;
  if (error instanceof QueryError) {
    const message = `${error.code}: ${wording(error)}`;
    if (error.fault === "USER_ERROR") {
      return { category: USER, type: USER_ERRORS[error.code] ?? 1000, retryable: false, message };
    }
    return { category: SYSTEM, type: 200, retryable: error.fault === "INSUFFICIENT_RESOURCES", message };
  }
  if (error instanceof EngineError) return { category: SYSTEM, type: 100, retryable: true, message: error.message };
  if (error instanceof ServiceError) {
    return { category: USER, type: 401, retryable: false, message: `${error.code}: ${error.message}` };
  }
  return { category: SYSTEM, type: 233, retryable: false, message: `GENERIC_INTERNAL_ERROR: ${messageOf(error)}` };
}

function wording({ code, message }: QueryError): string {
  const hidden = code === "COLUMN_NOT_FOUND" && message.endsWith("cannot be resolved");
  return hidden ? `${message} or requester is not authorized to access requested resources` : message;
}
