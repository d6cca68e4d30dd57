// Random passwords, from the system's random source.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
import { randomInt } from "node:crypto";
import { invalidParameter } from "./checks.ts";

export interface PasswordRules {
  readonly PasswordLength?: number | undefined;
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
  readonly RequireEachIncludedType?: boolean | undefined;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export function randomPassword(rules: PasswordRules): string {
  const length = rules.PasswordLength ?? 32;
  if (!Number.isInteger(length) || length < 1 || length > 4096)
    throw invalidParameter("PasswordLength must be between 1 and 4096.");
  const kinds = [
    rules.ExcludeLowercase === true ? "" : LOWER,
    rules.ExcludeUppercase === true ? "" : LOWER.toUpperCase(),
    rules.ExcludeNumbers === true ? "" : "0123456789",
    rules.ExcludePunctuation === true ? "" : PUNCTUATION,
    rules.IncludeSpace === true ? " " : "",
  ]
    .map((kind) => kind.split("").filter((character) => !(rules.ExcludeCharacters ?? "").includes(character)))
    .filter((kind) => kind.length > 0);
  const all = kinds.flat();
  if (all.length === 0) throw invalidParameter("The password can't be generated: all characters are excluded.");
  const needed = rules.RequireEachIncludedType === false ? [] : kinds;
  if (length < needed.length) {
    throw invalidParameter(`A password of ${length} characters can't hold one of each of ${needed.length} types.`);
  }
  const picked = Array.from({ length }, (_, index) => pick(needed[index] ?? all));
  // Shuffled, so that the needed types do not stand first.
  for (let index = picked.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [picked[index], picked[other]] = [picked[other] as string, picked[index] as string];
  }
  return picked.join("");
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)] as string;
}
