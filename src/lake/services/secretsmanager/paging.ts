// One page of a list and the token of the next: the place of the last item given, so that changes between pages lose nothing.
import { ServiceError } from "../../fault.ts";
import { invalidParameter } from "./checks.ts";

interface PageInput {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** `items` in their order; `key` is unique among them. */
export function page<T>(
  items: readonly T[],
  key: (item: T) => string,
  input: PageInput,
  largest: number,
): { items: T[]; next: { NextToken?: string } } {
  const size = input.MaxResults ?? largest;
  if (!Number.isInteger(size) || size < 1 || size > largest) {
    throw invalidParameter(`MaxResults must be between 1 and ${largest}.`);
  }
  const start = input.NextToken === undefined ? 0 : placeOf(items, key, input.NextToken) + 1;
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  const more = last !== undefined && start + size < items.length;
  return { items: shown, next: more ? { NextToken: Buffer.from(key(last)).toString("base64url") } : {} };
}

function placeOf<T>(items: readonly T[], key: (item: T) => string, token: string): number {
  const after = Buffer.from(token, "base64url").toString("utf8");
  const place = items.findIndex((item) => key(item) === after);
  if (place < 0) throw new ServiceError("InvalidNextTokenException", "The NextToken value is invalid.");
  return place;
}
