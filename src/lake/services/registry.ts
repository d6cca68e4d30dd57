// The one list of the lake's services: a new service is a line here.
import type { Lake, Service } from "../lake.ts";
import { createSts } from "./sts/service.ts";

export function createServices(lake: Lake): Service[] {
  const services = [createSts(lake)];
  return services as unknown as Service[];
}
