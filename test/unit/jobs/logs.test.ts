// A log that is followed: pages by their forward token, none lost, none doubled, whatever the service does in between.
import { deepEqual, equal, rejects } from "node:assert/strict";
import type { AwsSession } from "../../../src/aws/session.ts";
import { followLogs, type LogPlace, logPlaces } from "../../../src/jobs/logs.ts";

type Answer = { readonly events?: readonly string[]; readonly next: string } | Error;

const PLACE: LogPlace = { group: "/aws-glue/jobs/output", stream: "jr_1", source: "output" };
const fault = (name: string) => Object.assign(new Error(name), { name, $fault: "client", $metadata: {} });

/** A session whose log answers so, in turn; the last answer again and again. Keeps the tokens that it was asked with. */
function scripted(answers: readonly Answer[]): {
  readonly session: AwsSession;
  readonly asked: (string | undefined)[];
} {
  const asked: (string | undefined)[] = [];
  const client = {
    send: async ({ input }: { input: { nextToken?: string } }) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)] as Answer;
      asked.push(input.nextToken);
      if (answer instanceof Error) throw answer;
      return {
        events: (answer.events ?? []).map((message) => ({ message, timestamp: 0 })),
        nextForwardToken: answer.next,
      };
    },
  };
  const session = { connection: { kind: "local" }, logs: async () => client } as unknown as AwsSession;
  return { session, asked };
}

async function lines(
  answers: readonly Answer[],
  until: number,
): Promise<{ texts: string[]; asked: (string | undefined)[] }> {
  const { session, asked } = scripted(answers);
  const texts: string[] = [];
  for await (const { text } of followLogs(session, [PLACE], () => asked.length >= until)) texts.push(text);
  return { texts, asked };
}

describe("a log that is followed", () => {
  it("goes on by the forward token, until that stays the same", async () => {
    const { texts, asked } = await lines(
      [{ events: ["a", "b"], next: "1" }, { events: ["c"], next: "2" }, { next: "2" }],
      2,
    );
    deepEqual(texts, ["a", "b", "c"]);
    deepEqual(asked.slice(0, 3), [undefined, "1", "2"]);
  });

  it("an empty page with another token is not the end: more stands behind it", async () => {
    const { texts } = await lines([{ next: "1" }, { next: "2" }, { events: ["late"], next: "3" }, { next: "3" }], 3);
    deepEqual(texts, ["late"]);
  });

  it("throttled in the midst, it reads again from the same place: no line is lost, none comes twice", async () => {
    const { texts, asked } = await lines(
      [{ events: ["a"], next: "1" }, fault("ThrottlingException"), { events: ["b"], next: "2" }, { next: "2" }],
      3,
    );
    deepEqual(texts, ["a", "b"]);
    deepEqual(asked.slice(0, 4), [undefined, "1", "1", "2"]);
  });

  it("a stream that is not there yet is waited for", async () => {
    const { texts } = await lines([fault("ResourceNotFoundException"), { events: ["a"], next: "1" }, { next: "1" }], 2);
    deepEqual(texts, ["a"]);
  });

  it("denied in the midst, it ends with that, behind the lines that were read", async () => {
    const { session } = scripted([{ events: ["a"], next: "1" }, fault("AccessDeniedException")]);
    const texts: string[] = [];
    await rejects(
      async () => {
        for await (const { text } of followLogs(session, [PLACE], () => false)) texts.push(text);
      },
      { kind: "denied" },
    );
    deepEqual(texts, ["a"]);
  });

  it("what was written before the end is read behind it", async () => {
    const { session } = scripted([{ next: "0" }, { next: "0" }, { events: ["last words"], next: "1" }, { next: "1" }]);
    let looks = 0;
    const texts: string[] = [];
    for await (const { text } of followLogs(session, [PLACE], () => ++looks > 1)) texts.push(text);
    deepEqual(texts, ["last words"]);
  });

  it("aborted, it ends at once", async () => {
    const { session } = scripted([{ next: "1" }]);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    const began = performance.now();
    await rejects(
      async () => {
        for await (const _ of followLogs(session, [PLACE], () => false, { signal: abort.signal }));
      },
      { kind: "cancelled" },
    );
    equal(performance.now() - began < 2000, true);
  });
});

describe("a run's log", () => {
  it("lies in two groups, in a stream of the run's id, or of the name that its arguments give", () => {
    deepEqual(
      logPlaces(undefined, "jr_1").map(({ group, stream }) => `${group} ${stream}`),
      ["/aws-glue/jobs/output jr_1", "/aws-glue/jobs/error jr_1"],
    );
    deepEqual(
      logPlaces("/own", "jr_1", { "--custom-logStream-prefix": "mine" }).map(
        ({ group, stream }) => `${group} ${stream}`,
      ),
      ["/own/output mine-driver", "/own/error mine-driver"],
    );
  });
});
