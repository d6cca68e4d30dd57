// Workgroups: their records, what an execution takes from them, and `primary`, which every account has.
// https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html
import type { ResultConfiguration, WorkGroupConfiguration } from "@aws-sdk/client-athena";
import { notImplemented } from "../../fault.ts";
import type { Lake } from "../../lake.ts";
import { constraint, invalidRequest } from "./faults.ts";
import { parseOutputLocation, type Place } from "./results/place.ts";
import { keys, type WorkGroupRecord } from "./store.ts";

export const ENGINE_VERSION = "Athena engine version 3";
export const PRIMARY = "primary";
/** The least that BytesScannedCutoffPerQuery may be; bytes. */
const LEAST_CUTOFF = 10_000_000;

/** Member paths of a ResultConfiguration below `path`. */
export function resultFields(path: string): string[] {
  return ["OutputLocation", "EncryptionConfiguration.EncryptionOption", "ExpectedBucketOwner"].map(
    (member) => `${path}.${member}`,
  );
}

/** Where results go and under which rules. */
export interface ResultSettings {
  readonly place: Place;
  readonly encryption: "SSE_S3" | undefined;
  readonly bucketOwner: string | undefined;
}

export class WorkGroups {
  constructor(private readonly lake: Lake) {}

  arn(name: string): string {
    return `arn:aws:athena:${this.lake.region}:${this.lake.accountId}:workgroup/${name}`;
  }

  find(name: string): WorkGroupRecord | undefined {
    return this.lake.store.get<WorkGroupRecord>(keys.workGroup(name)) ?? (name === PRIMARY ? primary() : undefined);
  }

  get(name: string): WorkGroupRecord {
    const found = this.find(name);
    if (found === undefined) throw invalidRequest("WorkGroup is not found.");
    return found;
  }

  /** Primary is written down when the lake first starts, so that lists hold it. */
  async begin(): Promise<void> {
    if (this.lake.store.get(keys.workGroup(PRIMARY)) === undefined) await this.write(primary(this.lake.clock.now()));
  }

  async write(record: WorkGroupRecord): Promise<void> {
    await this.lake.store.write((writer) => writer.put(keys.workGroup(record.name), record));
  }

  /** The settings that an execution of this workgroup gets, where its caller asks for `wanted`. */
  settings(group: WorkGroupRecord, wanted: ResultConfiguration | undefined): ResultSettings {
    const own = group.configuration.ResultConfiguration;
    const enforced = group.configuration.EnforceWorkGroupConfiguration === true;
    if (wanted?.OutputLocation !== undefined) parseOutputLocation(wanted.OutputLocation);
    const chosen = enforced || wanted?.OutputLocation === undefined ? own : wanted;
    if (chosen?.OutputLocation === undefined) {
      throw invalidRequest(
        "No output location provided. You did not provide an output location for  your query results. " +
          "Either specify an S3 bucket location or enable Athena managed query results in your workgroup settings.",
      );
    }
    const encryption = (enforced ? own : (wanted ?? own))?.EncryptionConfiguration?.EncryptionOption;
    return {
      place: parseOutputLocation(chosen.OutputLocation),
      encryption: encryption === "SSE_S3" ? encryption : undefined,
      bucketOwner: chosen.ExpectedBucketOwner,
    };
  }
}

function primary(created = 0): WorkGroupRecord {
  const configuration = { ...DEFAULTS, EnforceWorkGroupConfiguration: false, PublishCloudWatchMetricsEnabled: false };
  return { name: PRIMARY, description: "", state: "ENABLED", created, configuration };
}

const DEFAULTS: WorkGroupConfiguration = {
  ResultConfiguration: {},
  EnforceWorkGroupConfiguration: true,
  PublishCloudWatchMetricsEnabled: true,
  RequesterPaysEnabled: false,
  EnableMinimumEncryptionConfiguration: false,
  EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: ENGINE_VERSION },
};

/** A new workgroup's configuration: what is given over AWS's defaults, checked. */
export function configurationOf(given: WorkGroupConfiguration | undefined): WorkGroupConfiguration {
  const configuration = { ...DEFAULTS, ...withoutUndefined(given ?? {}) };
  const selected = given?.EngineVersion?.SelectedEngineVersion ?? "AUTO";
  if (selected.startsWith("PySpark") || selected.includes("Spark")) throw notImplemented(`the engine "${selected}"`);
  if (selected !== "AUTO" && selected !== ENGINE_VERSION) {
    throw invalidRequest(`Engine Version: ${selected} is not valid`);
  }
  configuration.EngineVersion = { SelectedEngineVersion: selected, EffectiveEngineVersion: ENGINE_VERSION };
  if (configuration.EnableMinimumEncryptionConfiguration === true) {
    throw notImplemented("a workgroup with EnableMinimumEncryptionConfiguration");
  }
  const { BytesScannedCutoffPerQuery: cutoff, ResultConfiguration: result } = configuration;
  if (cutoff !== undefined && cutoff < LEAST_CUTOFF) {
    const path = "configuration.bytesScannedCutoffPerQuery";
    throw constraint(path, `have value greater than or equal to ${LEAST_CUTOFF}`);
  }
  checkResult(result);
  return configuration;
}

export function checkResult(result: ResultConfiguration | undefined): void {
  if (result?.OutputLocation !== undefined) parseOutputLocation(result.OutputLocation);
  const encryption = result?.EncryptionConfiguration?.EncryptionOption;
  if (encryption !== undefined && encryption !== "SSE_S3") throw notImplemented(`results with ${encryption}`);
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
