// Secrets Manager: values with versions and staging labels, and the rotation of what RDS manages.
import type { Lake, Service } from "../../lake.ts";
import { lifeOperations } from "./operations/life.ts";
import { readOperations } from "./operations/read.ts";
import { writeOperations } from "./operations/write.ts";
import { type PasswordRules, randomPassword } from "./password.ts";
import { secretType } from "./resources.ts";
import { rotationOperations, rotationSchedule } from "./rotation.ts";
import { SecretStore } from "./store.ts";
import { sweepDeleted } from "./sweep.ts";

export function createSecretsManager(lake: Lake): Service<"secretsmanager"> {
  const secrets = new SecretStore(lake);
  const schedule = rotationSchedule(secrets);
  const write = writeOperations(secrets);
  const { CreateSecret } = write;
  return {
    id: "secretsmanager",
    protocol: "json",
    schemas: () => import("@aws-sdk/client-secrets-manager"),
    operations: {
      ...write,
      ...(CreateSecret === undefined
        ? {}
        : {
            CreateSecret: {
              ...CreateSecret,
              async run(input, context) {
                const made = await CreateSecret.run(input, context);
                await schedule.arm();
                return made;
              },
            },
          }),
      ...readOperations(secrets),
      ...lifeOperations(secrets),
      ...rotationOperations(secrets, () => schedule.arm()),
      GetRandomPassword: {
        fields: [
          "PasswordLength",
          "ExcludeCharacters",
          "ExcludeNumbers",
          "ExcludePunctuation",
          "ExcludeUppercase",
          "ExcludeLowercase",
          "IncludeSpace",
          "RequireEachIncludedType",
        ],
        run: (input) => ({ RandomPassword: randomPassword(input as PasswordRules) }),
      },
    },
    resources: [secretType(secrets)],
    async start() {
      await sweepDeleted(secrets);
      await schedule.arm();
    },
    async stop() {
      schedule.stop();
    },
  };
}
