// Writes beside the work: objects, tables, log events, each noted once it was acknowledged; and a look whether they are all there, whole.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { TestLake } from "../harness.ts";
import { bytesOf, randomOf } from "./random.ts";

export const WRITER_BUCKET = "survival-writer";
export const WRITER_DATABASE = "survival_writer";
export const WRITER_GROUP = "/survival/writer";

/** Pause between two writes, so that the work beside them has the machine; ms. */
const PAUSE = 15;
const LARGEST = 64 * 1024;

/** What may follow: the value that was acknowledged last, and one that was sent and not answered. */
interface Cell {
  acknowledged: string | undefined;
  sent: string | undefined;
}

type Kind = "object" | "table";

export class Writer {
  readonly objects = new Map<string, Cell>();
  readonly tables = new Map<string, Cell>();
  readonly events: string[] = [];
  /** Writes that the lake said yes to. */
  acknowledged = 0;
  private stream = "";
  private eventsSent = 0;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private readonly random: () => number;

  constructor(
    /** Tells the writer's keys from those of other rounds. */
    readonly name: string,
  ) {
    this.random = randomOf(name);
  }

  /** Once a lake folder. */
  static async prepare(lake: TestLake): Promise<void> {
    const { s3, glue, logs } = clients(lake);
    await s3.send(new CreateBucketCommand({ Bucket: WRITER_BUCKET }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: WRITER_DATABASE } }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: WRITER_GROUP }));
  }

  async start(lake: TestLake): Promise<void> {
    const { s3, glue, logs } = clients(lake);
    this.stream = this.name;
    await logs.send(new CreateLogStreamCommand({ logGroupName: WRITER_GROUP, logStreamName: this.stream }));
    this.running = this.write(s3, glue, logs);
  }

  /** Ends the writing; an error of a call that the kill cut off is no news. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async write(s3: S3Client, glue: GlueClient, logs: CloudWatchLogsClient): Promise<void> {
    try {
      for (let count = 0; !this.stopped; count++) {
        // Every fourth write changes or deletes what an earlier one made.
        const old = count % 4 === 3 ? Math.floor(this.random() * count) : count;
        await this.object(s3, `${this.name}/${old}`, count, old !== count && count % 8 === 3);
        await this.table(glue, `${this.name.replaceAll(/\W/g, "_")}_${Math.floor(old / 4)}`, count);
        const message = `event ${count}`;
        this.eventsSent++;
        const logEvents = [{ timestamp: Date.now(), message }];
        await logs.send(new PutLogEventsCommand({ logGroupName: WRITER_GROUP, logStreamName: this.stream, logEvents }));
        this.acknowledged++;
        this.events.push(message);
        await sleep(PAUSE);
      }
    } catch (error) {
      if (this.stopped || isCutOff(error)) return;
      throw error;
    } finally {
      s3.destroy();
      glue.destroy();
      logs.destroy();
    }
  }

  private async object(s3: S3Client, key: string, count: number, deleted: boolean): Promise<void> {
    const seed = `${key}#${count}`;
    await this.acknowledge("object", key, deleted ? "" : seed, async () => {
      if (deleted) await s3.send(new DeleteObjectCommand({ Bucket: WRITER_BUCKET, Key: key }));
      else await s3.send(new PutObjectCommand({ Bucket: WRITER_BUCKET, Key: key, Body: bodyOf(seed) }));
    });
  }

  private async table(glue: GlueClient, name: string, count: number): Promise<void> {
    const known = this.tables.get(name)?.acknowledged !== undefined;
    const input = {
      DatabaseName: WRITER_DATABASE,
      TableInput: { Name: name, Parameters: { count: String(count) }, StorageDescriptor: { Columns: [] } },
    };
    await this.acknowledge("table", name, String(count), () =>
      known ? glue.send(new UpdateTableCommand(input)) : glue.send(new CreateTableCommand(input)),
    );
  }

  private async acknowledge(kind: Kind, name: string, value: string, act: () => Promise<unknown>): Promise<void> {
    const cells = kind === "object" ? this.objects : this.tables;
    const cell = cells.get(name) ?? { acknowledged: undefined, sent: undefined };
    cells.set(name, cell);
    cell.sent = value;
    await act();
    this.acknowledged++;
    cell.acknowledged = value;
    cell.sent = undefined;
  }

  /** Every acknowledged write is there, whole; one that was not acknowledged is there whole or not at all. */
  async verify(lake: TestLake): Promise<void> {
    const { s3, glue, logs } = clients(lake);
    for (const [key, cell] of this.objects) {
      const body = await objectOf(s3, key);
      const values = [cell.acknowledged, cell.sent].filter((value) => value !== undefined);
      const whole = values.some((value) => (value === "" ? body === undefined : body?.equals(bodyOf(value)) === true));
      assert.ok(
        whole || (cell.acknowledged === undefined && body === undefined),
        `object ${key}: acknowledged ${cell.acknowledged ?? "nothing"}, found ${body?.length ?? "no"} bytes`,
      );
    }
    for (const [name, cell] of this.tables) {
      const found = await tableOf(glue, name);
      assert.ok(
        found === cell.acknowledged || (cell.sent !== undefined && found === cell.sent),
        `table ${name}: acknowledged ${cell.acknowledged ?? "nothing"}, found ${found ?? "none"}`,
      );
    }
    const found = await eventsOf(logs, this.stream);
    assert.deepEqual(found.slice(0, this.events.length), this.events, "log events");
    assert.ok(found.length <= this.eventsSent, `${found.length} log events, ${this.eventsSent} sent`);
    s3.destroy();
    glue.destroy();
    logs.destroy();
  }
}

function bodyOf(seed: string): Buffer {
  return bytesOf(seed, Math.floor(randomOf(`size of ${seed}`)() * LARGEST));
}

function clients({ config }: TestLake) {
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    glue: new GlueClient(config),
    logs: new CloudWatchLogsClient(config),
  };
}

/** True for what a client sees of a server that was killed. */
export function isCutOff(error: unknown): boolean {
  const { code, name, message } = error as NodeJS.ErrnoException;
  return /ECONNREFUSED|ECONNRESET|EPIPE|socket hang up|TimeoutError|aborted/.test(`${code ?? ""} ${name} ${message}`);
}

async function objectOf(s3: S3Client, Key: string): Promise<Buffer | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: WRITER_BUCKET, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function tableOf(glue: GlueClient, Name: string): Promise<string | undefined> {
  try {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: WRITER_DATABASE, Name }));
    return Table?.Parameters?.["count"];
  } catch (error) {
    if ((error as Error).name === "EntityNotFoundException") return undefined;
    throw error;
  }
}

async function eventsOf(logs: CloudWatchLogsClient, logStreamName: string): Promise<string[]> {
  const messages: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const page = await logs.send(
      new GetLogEventsCommand({ logGroupName: WRITER_GROUP, logStreamName, startFromHead: true, nextToken }),
    );
    messages.push(...(page.events ?? []).map(({ message }) => message ?? ""));
    if (page.nextForwardToken === nextToken || (page.events ?? []).length === 0) return messages;
    nextToken = page.nextForwardToken;
  }
}
