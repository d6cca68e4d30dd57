// The rules for names, tags and numbers that all operations of CloudWatch Logs share.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
import { ServiceError } from "../../fault.ts";

const GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const STREAM = /^[^:*]{1,512}$/;
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function invalid(message: string): ServiceError {
  return new ServiceError("InvalidParameterException", message);
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) {
    throw invalid(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

export function groupName(value: string | undefined, member = "logGroupName"): string {
  const name = required(value, member);
  if (!GROUP.test(name)) throw pattern(name, member, "[\\.\\-_/#A-Za-z0-9]+");
  return name;
}

/** A group by name or by ARN, from whichever member was sent. */
export function groupOf(input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): string {
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw invalid("LogGroup name and identifier cannot be specified together.");
  }
  if (input.logGroupIdentifier === undefined) return groupName(input.logGroupName);
  return groupOfArn(input.logGroupIdentifier, "logGroupIdentifier");
}

/** The group of an ARN (or plain name); the ":*" that policies use may stand behind it. */
export function groupOfArn(value: string | undefined, member: string): string {
  const text = required(value, member).replace(/:\*$/, "");
  const mark = ":log-group:";
  const at = text.indexOf(mark);
  return groupName(at < 0 ? text : text.slice(at + mark.length), member);
}

export function streamName(value: string | undefined, member = "logStreamName"): string {
  const name = required(value, member);
  if (!STREAM.test(name)) throw pattern(name, member, "[^:*]*");
  return name;
}

export function retention(value: number | undefined): number {
  const days = required(value, "retentionInDays");
  if (!RETENTIONS.includes(days)) {
    throw invalid(
      `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must be one of ${RETENTIONS.join(", ")}`,
    );
  }
  return days;
}

export function limitOf(value: number | undefined, largest: number): number {
  const limit = value ?? largest;
  if (!Number.isInteger(limit) || limit < 1 || limit > largest) {
    throw invalid(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and ${largest}`,
    );
  }
  return limit;
}

export function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (entries.length > 50) throw new ServiceError("TooManyTagsException", "A resource can have no more than 50 tags.");
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || key.startsWith("aws:")) throw invalid(`Invalid tag key: ${key}`);
    if (value.length > 256) throw invalid(`Invalid tag value for key ${key}`);
  }
  return tags;
}

function pattern(value: string, member: string, expression: string): ServiceError {
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${expression}`,
  );
}
