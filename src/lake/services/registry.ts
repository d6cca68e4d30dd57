// The one list of the lake's services: a new service is a line here.
import type { Lake, Service } from "../lake.ts";
import { createGlue } from "./glue/service.ts";
import { createLogs } from "./logs/service.ts";
import { createS3 } from "./s3/service.ts";
import { createSecretsManager } from "./secretsmanager/service.ts";
import { createSts } from "./sts/service.ts";

export function createServices(lake: Lake): Service[] {
  const services = [createGlue(lake), createLogs(lake), createSecretsManager(lake), createSts(lake), createS3(lake)];
  return services as unknown as Service[];
}
