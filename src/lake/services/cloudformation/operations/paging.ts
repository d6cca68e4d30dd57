// Pages of a list: the token is the place of the next item, opaque to callers.
import { invalidTemplate } from "../template/fault.ts";

export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
}

/** @param what the list's name, part of the token, so that a token of another list is refused */
export function pageOf<T>(what: string, all: readonly T[], token: string | undefined, size = 100): Page<T> {
  const start = token === undefined ? 0 : Number(readToken(what, token));
  if (!Number.isInteger(start)) throw invalidTemplate("NextToken is invalid");
  const items = all.slice(start, start + size);
  return { items, next: start + size < all.length ? makeToken(what, String(start + size)) : undefined };
}

export function makeToken(what: string, place: string): string {
  return Buffer.from(`${what}:${place}`).toString("base64url");
}

export function readToken(what: string, token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (!text.startsWith(`${what}:`)) throw invalidTemplate("NextToken is invalid");
  return text.slice(what.length + 1);
}
