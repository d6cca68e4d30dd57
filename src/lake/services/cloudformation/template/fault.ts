// What a template that can't be used is answered with.
import { ServiceError } from "../../../fault.ts";

/** AWS answers every fault of a template or its parameters with this code. */
export function invalidTemplate(message: string, cause?: unknown): ServiceError {
  return new ServiceError("ValidationError", message, cause === undefined ? {} : { cause });
}
