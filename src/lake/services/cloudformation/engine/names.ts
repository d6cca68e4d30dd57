// Names of resources that a template leaves unnamed: stack, logical id and twelve random characters, as CloudFormation makes them.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
import { randomInt } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const RANDOM = 12;

/** Drawn once a resource. */
export function drawNonce(): string {
  return Array.from({ length: RANDOM }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** At most `maximum` characters; the random part is always whole, the rest is cut evenly. */
export function generatedName(
  stackName: string,
  logicalId: string,
  nonce: string,
  maximum: number,
  lowerCase = false,
): string {
  const room = Math.max(0, maximum - nonce.length - 2);
  let stack = stackName;
  let logical = logicalId;
  if (stack.length + logical.length > room) {
    const half = Math.floor(room / 2);
    logical = logical.slice(0, Math.max(half, room - stack.length));
    stack = stack.slice(0, room - logical.length);
  }
  const name = [stack.replace(/-+$/, ""), logical, nonce].filter((part) => part !== "").join("-");
  return lowerCase ? name.toLowerCase() : name;
}
