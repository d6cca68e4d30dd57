// The lake as AWS's own tools take it: environment variables, printed for a shell.
import type { RunningLake } from "./start.ts";

/** What would send signed requests elsewhere, or with other keys, while the variables below are set. */
const inTheWay = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
];

/** For a child process: what points the AWS CLI and the SDKs at the lake. */
export function lakeVariables(lake: LakeAccess): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: lake.endpoint,
    AWS_ACCESS_KEY_ID: lake.accessKeyId,
    AWS_SECRET_ACCESS_KEY: lake.secretAccessKey,
    AWS_REGION: lake.region,
    // boto3 and the AWS CLI read this one.
    AWS_DEFAULT_REGION: lake.region,
  };
}

export type LakeAccess = Pick<RunningLake, "endpoint" | "region" | "accessKeyId" | "secretAccessKey">;

/**
 * Lines for `eval` in a POSIX shell. Of the variables in the way, only those that are set in `environment` are unset, service
 * endpoints (AWS_ENDPOINT_URL_S3) among them.
 */
export function lakeEnvironment(
  lake: LakeAccess,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const unset = Object.keys(environment)
    .filter((name) => inTheWay.includes(name) || name.startsWith("AWS_ENDPOINT_URL_"))
    .filter((name) => environment[name] !== undefined)
    .sort();
  return [
    ...(unset.length === 0 ? [] : [`unset ${unset.join(" ")}`]),
    ...Object.entries(lakeVariables(lake)).map(([name, value]) => `export ${name}=${quote(value)}`),
  ];
}

function quote(value: string): string {
  return /^[\w:/.@+=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
