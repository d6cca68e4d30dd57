// What a planned stack costs on AWS while it stands, whether or not it is used: the bill that surprises people.
import type { Plan } from "../stacks/changeSet.ts";

export interface StandingCost {
  readonly what: string;
  /** US dollars a month of 730 hours. */
  readonly monthly: number;
}

const HOURS = 730;

/**
 * On-demand list prices in us-east-1, US dollars, gathered November 2026 from published price comparisons (AWS's own price pages could not be
 * read here): an estimate to decide by, not a quote. What is billed by use (requests, scanned bytes, DPU hours, traffic) is not in it.
 */
const HOURLY: Readonly<Record<string, number>> = {
  "AWS::EC2::NatGateway": 0.045,
  "AWS::EC2::EIP": 0.005,
  "AWS::EC2::VPCEndpoint": 0.01,
};
const DATABASE_HOURLY: Readonly<Record<string, number>> = {
  "db.t3.micro": 0.018,
  "db.t3.small": 0.036,
  "db.t3.medium": 0.072,
  "db.t4g.micro": 0.016,
  "db.t4g.small": 0.032,
  "db.t4g.medium": 0.065,
  "db.m6g.large": 0.159,
};
const STORAGE_GIB_MONTH = 0.115;

/** Standing costs of what the plan adds, the dearest first; of the lake's own template, whose parameters it reads. */
export function standingCosts(plan: Plan): StandingCost[] {
  const costs: StandingCost[] = [];
  const added = plan.changes.filter(({ action }) => action === "Add");
  const count = (type: string) => added.filter((change) => change.type === type).length;
  const nat = count("AWS::EC2::NatGateway");
  if (nat > 0) costs.push({ what: "NAT gateway", monthly: nat * hourly("AWS::EC2::NatGateway") });
  const addresses = count("AWS::EC2::EIP");
  if (addresses > 0) costs.push({ what: "public IPv4 address", monthly: addresses * hourly("AWS::EC2::EIP") });
  // S3's is a gateway endpoint and free; the others are billed in each zone they stand in.
  const endpoints = added.filter(
    ({ type, logicalId }) => type === "AWS::EC2::VPCEndpoint" && logicalId !== "S3Endpoint",
  ).length;
  const zones = plan.parameters["Kind"] === "prod" ? 2 : 1;
  if (endpoints > 0)
    costs.push({
      what: `${endpoints} interface endpoints`,
      monthly: endpoints * zones * hourly("AWS::EC2::VPCEndpoint"),
    });
  if (count("AWS::RDS::DBInstance") > 0) {
    const { DatabaseClass: name = "", DatabaseMultiAz: multiAz, DatabaseStorage: storage } = plan.parameters;
    const copies = multiAz === "true" ? 2 : 1;
    const instance = DATABASE_HOURLY[name];
    const suffix = copies === 2 ? ", Multi-AZ" : "";
    if (instance !== undefined) costs.push({ what: `database ${name}${suffix}`, monthly: instance * copies * HOURS });
    if (storage !== undefined) {
      costs.push({
        what: `${storage} GiB of its storage${suffix}`,
        monthly: Number(storage) * copies * STORAGE_GIB_MONTH,
      });
    }
  }
  return costs.sort((a, b) => b.monthly - a.monthly);
}

function hourly(type: string): number {
  return (HOURLY[type] ?? 0) * HOURS;
}
