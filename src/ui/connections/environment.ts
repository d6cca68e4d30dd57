// The connection for AWS's own tools: variables in a terminal, or as lines for a shell.
import * as vscode from "vscode";
import type { Connection } from "../../aws/connection.ts";
import { lakeEnvironment, lakeVariables } from "../../local/environment.ts";
import type { Shell } from "../shell/shell.ts";

/** Set to null, so that what the window inherited does not lead elsewhere. */
const IN_THE_WAY = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_ENDPOINT_URL",
];

/** For a child process: null unsets. Keys are only among them for a lake, whose keys open nothing but it. */
export function variablesOf(connection: Connection): Record<string, string | null> {
  const unset = Object.fromEntries(IN_THE_WAY.map((name) => [name, null]));
  if (connection.kind === "local") {
    const { endpointUrl: endpoint, region, keys } = connection;
    return { ...unset, ...lakeVariables({ endpoint, region, ...keys }) };
  }
  const { region, profile } = connection;
  return {
    ...unset,
    ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(connection.kind === "endpoint" ? { AWS_ENDPOINT_URL: connection.endpointUrl } : {}),
  };
}

/** Lines for a POSIX shell. */
export function linesOf(connection: Connection, environment: Readonly<NodeJS.ProcessEnv>): string[] {
  if (connection.kind === "local") {
    const { endpointUrl: endpoint, region, keys } = connection;
    return lakeEnvironment({ endpoint, region, ...keys }, environment);
  }
  return Object.entries(variablesOf(connection)).flatMap(([name, value]) =>
    value !== null
      ? [`export ${name}='${value.replaceAll("'", "'\\''")}'`]
      : environment[name] === undefined
        ? []
        : [`unset ${name}`],
  );
}

export async function openTerminal(shell: Shell): Promise<void> {
  const { connection, name } = await shell.connections.session({ anew: true });
  vscode.window.createTerminal({ name: `AWS: ${name}`, env: variablesOf(connection) }).show();
}

export async function copyEnvironment(shell: Shell): Promise<void> {
  const { connection } = await shell.connections.session({ anew: true });
  await vscode.env.clipboard.writeText(`${linesOf(connection, process.env).join("\n")}\n`);
  const what = connection.kind === "local" ? "endpoint, keys and region of the local lake" : "profile and region";
  void vscode.window.showInformationMessage(`Copied the ${what} as lines for a shell.`);
}
