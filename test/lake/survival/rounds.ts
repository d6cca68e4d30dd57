// Rounds of one kind on one lake folder: work begins, the lake is killed at a seeded moment, starts again, and is looked at.
import assert from "node:assert/strict";
import { readElsewhere } from "../../../src/base/elsewhere.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { folderNames } from "../../../src/local/folder.ts";
import { startTestLake, type TestLake, waitFor } from "../harness.ts";
import { procExists, strangers } from "./processes.ts";
import { randomOf } from "./random.ts";
import { isCutOff, Writer } from "./writer.ts";

const ROUNDS = 10;
/** A killed process of much memory takes a moment to go; ms. */
const GOING = 5000;

/** BOATHOUSE_SURVIVAL: a seed, or seed-kind-round; "random" draws a seed. The same seed unless told, so that a red run can be played again. */
const wanted = process.env["BOATHOUSE_SURVIVAL"] ?? "19970101";
const [seed = "", onlyKind, onlyRound] = (wanted === "random" ? String(Math.floor(Math.random() * 1e9)) : wanted).split(
  "-",
);

export interface Round {
  readonly name: string;
  /** Which of the ten; from 1. */
  readonly number: number;
  /** When the lake is killed, as a share of the time that the work took undisturbed. */
  readonly share: number;
  /** Further numbers of this round, the same for the same seed. */
  readonly random: () => number;
}

export interface Work<T> {
  /** The work as its client does it; it is cut off by the kill, or has only begun something that goes on in the lake. */
  readonly act: (lake: TestLake) => Promise<T>;
  /** How long it takes undisturbed; ms. */
  readonly takes: number;
  /** The time counts from the end of `act`, not from its begin. */
  readonly onceActed?: boolean;
}

export class Rounds {
  private lake_: TestLake | undefined;
  private readonly writers: Writer[] = [];

  constructor(readonly kind: string) {}

  /** The rounds to play: all ten, or the one that BOATHOUSE_SURVIVAL names; none where it names another kind. */
  list(): Round[] {
    if (onlyKind !== undefined && onlyKind !== this.kind) return [];
    return Array.from({ length: ROUNDS }, (_, at) => at + 1)
      .filter((number) => onlyRound === undefined || Number(onlyRound) === number)
      .map((number) => {
        const name = `${seed}-${this.kind}-${number}`;
        const random = randomOf(name);
        return { name, number, share: random(), random };
      });
  }

  get whole(): boolean {
    return onlyKind === undefined;
  }

  get title(): string {
    return `a lake killed at ${ROUNDS} moments of a ${this.kind} (BOATHOUSE_SURVIVAL=${seed})`;
  }

  get lake(): TestLake {
    if (this.lake_ === undefined) throw new Error("the lake has not been started");
    return this.lake_;
  }

  async open(): Promise<TestLake> {
    this.lake_ = await startTestLake();
    await Writer.prepare(this.lake_);
    return this.lake_;
  }

  async close(): Promise<void> {
    if (this.lake_ === undefined) return;
    const folders = this.folders();
    // A name that `lake reset` does not know would outlive it.
    assert.deepEqual(folderNames(this.lake_.folder).foreign, []);
    await this.lake_.stop();
    if (procExists) await waitFor(() => strangers(folders, 0).length === 0, GOING);
  }

  /**
   * Plays a round: the writer writes, the work begins, the lake is killed and started again. Resolves to what `act` returned,
   * undefined where it was cut off. Throws where a write is missing or a process is left.
   */
  async play<T>(round: Round, work: Work<T>): Promise<T | undefined> {
    const writer = new Writer(round.name);
    this.writers.push(writer);
    await writer.start(this.lake);
    const acting = work.act(this.lake).catch((error: unknown) => {
      if (isCutOff(error)) return undefined;
      throw error;
    });
    acting.catch(() => undefined);
    if (work.onceActed === true) await acting;
    await sleep(round.share * work.takes);
    await this.lake.kill();
    const [[acted], written] = await Promise.all([Promise.allSettled([acting]), Promise.allSettled([writer.stop()])]);
    // Whatever went wrong, the next round finds a lake.
    this.lake_ = await this.lake.restart();
    for (const end of [acted, ...written]) if (end.status === "rejected") throw end.reason;
    if (procExists) await this.noOrphans();
    await writer.verify(this.lake);
    return acted.status === "fulfilled" ? acted.value : undefined;
  }

  /** All that was ever acknowledged on this folder, once more. */
  async verifyAll(): Promise<number> {
    for (const writer of this.writers) await writer.verify(this.lake);
    return this.writers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  private async noOrphans(): Promise<void> {
    const { pid } = this.lake;
    // One look without strangers is enough: at another moment a server of the new lake may be ending, its children just without their parent.
    let left = strangers(this.folders(), pid);
    await waitFor(() => {
      left = strangers(this.folders(), pid);
      return left.length === 0;
    }, GOING).catch(() => undefined);
    assert.deepEqual(left, [], "processes that the killed lake left");
  }

  private folders(): string[] {
    const { folder } = this.lake;
    return [folder, ...readElsewhere(folder)];
  }
}

export function percent({ share }: Round): string {
  return `${Math.round(share * 100)} % of its time`;
}
