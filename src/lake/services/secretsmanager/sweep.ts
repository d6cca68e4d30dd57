// Removes secrets whose recovery window is over. No answer shows them any more, so once at start is enough.
import type { SecretStore, Secret } from "./store.ts";

export async function sweepDeleted(secrets: SecretStore): Promise<void> {
  const { store, clock } = secrets.lake;
  await secrets.lock(async () => {
    const gone = (await store.all<Secret>(["secretsmanager", "secret"])).filter(
      (secret) => secret.deletion !== undefined && secret.deletion <= clock.now(),
    );
    await store.write((writer) => {
      for (const secret of gone) secrets.remove(writer, secret);
    });
  });
}
