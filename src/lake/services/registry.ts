// The one list of the lake's services: a new service is a line here.
import type { Lake, Service } from "../lake.ts";
import type { ResourceType } from "../resource.ts";
import { createAthena } from "./athena/service.ts";
import { createCloudFormation } from "./cloudformation/service.ts";
import { createGlue } from "./glue/service.ts";
import { createIam } from "./iam/service.ts";
import { createLogs } from "./logs/service.ts";
import { createS3 } from "./s3/service.ts";
import { createRds } from "./rds/service.ts";
import { createSecretsManager } from "./secretsmanager/service.ts";
import { createSts } from "./sts/service.ts";

export function createServices(lake: Lake): Service[] {
  const services: Service[] = [
    createAthena(lake),
    createGlue(lake),
    createIam(lake),
    createLogs(lake),
    createRds(lake),
    createSecretsManager(lake),
    createSts(lake),
    createS3(lake),
  ] as unknown as Service[];
  // CloudFormation's live types are whatever the others bring.
  const types = new Map<string, ResourceType>();
  for (const { resources } of services) for (const resource of resources ?? []) types.set(resource.type, resource);
  services.push(createCloudFormation(lake, () => types) as unknown as Service);
  return services;
}
