// Fn::Cidr: the first blocks of a range.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
import { isIPv4, isIPv6 } from "node:net";
import { invalidTemplate } from "./fault.ts";

/**
 * @param block e.g. "10.0.0.0/16"
 * @param count 1 to 256
 * @param bits host bits of each block; 8 for IPv4 and 64 for IPv6 where left out
 */
export function cidrBlocks(block: string, count: number, bits: number | undefined): string[] {
  const [address = "", prefix = ""] = block.split("/");
  const width = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  if (width === 0 || !/^\d+$/.test(prefix) || Number(prefix) > width) {
    throw invalidTemplate(`Template error: Fn::Cidr: "${block}" is not an address range.`);
  }
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw invalidTemplate("Template error: Fn::Cidr: count must be between 1 and 256.");
  }
  const host = bits ?? (width === 32 ? 8 : 64);
  if (!Number.isInteger(host) || host < 1 || host > width)
    throw invalidTemplate(`Template error: Fn::Cidr: ${host} is no number of host bits.`);
  const size = 1n << BigInt(host);
  const range = 1n << BigInt(width - Number(prefix));
  if (size * BigInt(count) > range) {
    throw invalidTemplate(`Template error: Fn::Cidr: ${block} does not hold ${count} blocks of ${host} host bits.`);
  }
  const base = (toNumber(address, width) / range) * range;
  return Array.from(
    { length: count },
    (_, index) => `${toAddress(base + BigInt(index) * size, width)}/${width - host}`,
  );
}

function toNumber(address: string, width: number): bigint {
  if (width === 32) return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [
    ...left,
    ...Array<string>(tail === undefined ? 0 : 8 - left.length - right.length).fill("0"),
    ...right,
  ];
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function toAddress(value: bigint, width: number): string {
  if (width === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 65_535n).toString(16));
  const text = groups.join(":");
  const zeros = text.match(/(?:^|:)0(?::0)+(?=:|$)/g)?.sort((a, b) => b.length - a.length)[0];
  return zeros === undefined
    ? text
    : text
        .replace(zeros, zeros.startsWith(":") ? ":" : ":")
        .replace(/^:(?!:)/, "::")
        .replace(/([^:]):$/, "$1::");
}
