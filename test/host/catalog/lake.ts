// The one lake that the catalog's and the queries' tests look at: started and seeded when the first of them asks.
import * as vscode from "vscode";
import type { AwsSession } from "../../../src/aws/session.ts";
import { setOutputLocation } from "../../../src/queries/workGroups.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { activeShell } from "../extension.ts";
import { BUCKET, seedCatalog } from "./seed.ts";

export interface Seeded {
  readonly shell: Shell;
  readonly session: AwsSession;
}

let made: Promise<Seeded> | undefined;

export function seededLake(): Promise<Seeded> {
  made ??= seed();
  return made;
}

async function seed(): Promise<Seeded> {
  const shell = await activeShell();
  const session = await shell.connections.startLake();
  await seedCatalog(session);
  await setOutputLocation(session, "primary", `s3://${BUCKET}/results/`);
  await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: "primary", database: "sales" });
  return { shell, session };
}
