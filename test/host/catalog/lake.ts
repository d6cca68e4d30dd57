// The one lake that the catalog's and the queries' tests look at: started and seeded when the first of them asks.
import * as vscode from "vscode";
import type { AwsSession } from "../../../src/aws/session.ts";
import { setOutputLocation } from "../../../src/queries/workGroups.ts";
import type { Shell } from "../../../src/ui/shell/shell.ts";
import { activeShell } from "../extension.ts";
import { BUCKET, seedCatalog, WORKGROUP } from "./seed.ts";

export interface Seeded {
  readonly shell: Shell;
  readonly session: AwsSession;
}

let seeded = false;

/** The lake is joined again where other tests left it or chose another connection; it is seeded once. */
export async function seededLake(): Promise<Seeded> {
  const shell = await activeShell();
  const session = await shell.connections.startLake();
  if (!seeded) {
    await seedCatalog(session);
    await setOutputLocation(session, "primary", `s3://${BUCKET}/results/`);
    seeded = true;
  }
  await vscode.commands.executeCommand("boathouse.queries.choose", { workGroup: "primary", database: "sales" });
  return { shell, session };
}

/** The lake as other tests expect it: without what was seeded, and left. */
export async function unseedLake(
  { shell, session }: Seeded,
  databases: readonly string[],
  all: boolean,
): Promise<void> {
  const { DeleteDatabaseCommand } = await import("@aws-sdk/client-glue");
  const glue = await session.glue();
  for (const Name of databases) await glue.send(new DeleteDatabaseCommand({ Name }));
  if (all) {
    seeded = false;
    const { DeleteWorkGroupCommand, UpdateWorkGroupCommand } = await import("@aws-sdk/client-athena");
    const athena = await session.athena();
    for (const WorkGroup of [WORKGROUP, "bare"]) {
      await athena.send(new DeleteWorkGroupCommand({ WorkGroup, RecursiveDeleteOption: true })).catch(() => undefined);
    }
    await athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: "primary",
        ConfigurationUpdates: { ResultConfigurationUpdates: { RemoveOutputLocation: true } },
      }),
    );
    const { emptyBucket } = await import("../../../src/aws/objects.ts");
    const { DeleteBucketCommand } = await import("@aws-sdk/client-s3");
    await emptyBucket(session, BUCKET);
    await (await session.s3()).send(new DeleteBucketCommand({ Bucket: BUCKET }));
  }
  await shell.connections.choose(undefined);
}
