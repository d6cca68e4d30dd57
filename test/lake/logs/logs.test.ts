// CloudWatch Logs through the SDK client: what a job writes is what a person reads, page by page, and after a crash.
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsCommandOutput,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartLiveTailCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { startTestLake, type TestLake } from "../harness.ts";

const DAY = 86_400_000;

describe("CloudWatch Logs", () => {
  let lake: TestLake;
  let logs: CloudWatchLogsClient;
  let count = 0;

  before(async () => {
    lake = await startTestLake();
    logs = new CloudWatchLogsClient(lake.config);
  });
  after(() => lake.stop());

  const newStream = async (stream = "run", group = `/boathouse/test/${++count}`) => {
    if (stream === "run") await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
    return { logGroupName: group, logStreamName: stream };
  };
  const put = (to: { logGroupName: string; logStreamName: string }, ...lines: [timestamp: number, message: string][]) =>
    logs.send(
      new PutLogEventsCommand({ ...to, logEvents: lines.map(([timestamp, message]) => ({ timestamp, message })) }),
    );

  it("gives back what was put, in the order of time and then of arrival", async () => {
    const to = await newStream();
    const now = Date.now();
    await put(to, [now, "second"], [now, "third"], [now + 5, "fourth"]);
    await put(to, [now - 1000, "first"]);
    const { events } = await logs.send(new GetLogEventsCommand({ ...to, startFromHead: true }));
    deepEqual(
      events?.map((event) => event.message),
      ["first", "second", "third", "fourth"],
    );
    deepEqual(
      events?.map((event) => event.timestamp),
      [now - 1000, now, now, now + 5],
    );
    ok(events?.every((event) => (event.ingestionTime ?? 0) >= now));
  });

  it("pages forward until the token comes back as it was sent, and goes on when more arrives", async () => {
    const to = await newStream();
    const now = Date.now();
    await put(to, ...Array.from({ length: 5 }, (_, index): [number, string] => [now + index, `line ${index}`]));
    const seen: string[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const page = await logs.send(
        new GetLogEventsCommand({
          ...to,
          startFromHead: true,
          limit: 2,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      seen.push(...(page.events ?? []).map((event) => event.message ?? ""));
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
    deepEqual(seen, ["line 0", "line 1", "line 2", "line 3", "line 4"]);
    await put(to, [now + 10, "late"]);
    const page = await logs.send(new GetLogEventsCommand({ ...to, startFromHead: true, nextToken }));
    deepEqual(
      page.events?.map((event) => event.message),
      ["late"],
    );
  });

  it("without startFromHead gives the newest page, and pages backward", async () => {
    const to = await newStream();
    const now = Date.now();
    await put(to, ...Array.from({ length: 5 }, (_, index): [number, string] => [now + index, `line ${index}`]));
    const newest = await logs.send(new GetLogEventsCommand({ ...to, limit: 2 }));
    deepEqual(
      newest.events?.map((event) => event.message),
      ["line 3", "line 4"],
    );
    const before = await logs.send(new GetLogEventsCommand({ ...to, limit: 2, nextToken: newest.nextBackwardToken }));
    deepEqual(
      before.events?.map((event) => event.message),
      ["line 1", "line 2"],
    );
    const first = await logs.send(new GetLogEventsCommand({ ...to, limit: 2, nextToken: before.nextBackwardToken }));
    deepEqual(
      first.events?.map((event) => event.message),
      ["line 0"],
    );
    const none = await logs.send(new GetLogEventsCommand({ ...to, limit: 2, nextToken: first.nextBackwardToken }));
    deepEqual([none.events, none.nextBackwardToken], [[], first.nextBackwardToken]);
    const forward = await logs.send(
      new GetLogEventsCommand({ ...to, startFromHead: true, nextToken: none.nextForwardToken }),
    );
    equal(forward.events?.[0]?.message, "line 0");
  });

  it("counts the start in and leaves the end out", async () => {
    const to = await newStream();
    const now = Date.now();
    await put(to, [now, "a"], [now + 1, "b"], [now + 2, "c"]);
    const got = await logs.send(new GetLogEventsCommand({ ...to, startTime: now + 1, endTime: now + 2 }));
    deepEqual(
      got.events?.map((event) => event.message),
      ["b"],
    );
    const filtered = await logs.send(
      new FilterLogEventsCommand({ logGroupName: to.logGroupName, startTime: now + 1, endTime: now + 2 }),
    );
    deepEqual(
      filtered.events?.map((event) => event.message),
      ["b", "c"],
    );
  });

  it("filters all streams of a group as one list, in pages without a gap or a double", async () => {
    const one = await newStream();
    const two = await newStream("second", one.logGroupName);
    const three = await newStream("third", one.logGroupName);
    const now = Date.now();
    const expected: string[] = [];
    for (let index = 0; index < 30; index++) {
      // Pairs share a timestamp: arrival decides.
      const text = `line ${String(index).padStart(2, "0")}`;
      await put([one, two, three][index % 3] as typeof one, [now + Math.floor(index / 2), text]);
      expected.push(text);
    }
    const seen: string[] = [];
    const ids = new Set<string>();
    let nextToken: string | undefined;
    do {
      const page: FilterLogEventsCommandOutput = await logs.send(
        new FilterLogEventsCommand({
          logGroupName: one.logGroupName,
          limit: 7,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      for (const event of page.events ?? []) {
        seen.push(event.message ?? "");
        ids.add(event.eventId ?? "");
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    deepEqual(seen, expected);
    equal(ids.size, 30);
  });

  it("matches terms, phrases, optional and excluded terms; letters' case counts", async () => {
    const to = await newStream();
    const now = Date.now();
    const lines = ["ERROR 500 server failed", "WARN 404 not found", "ERROR 404 not found", "info: [main] all well"];
    await put(to, ...lines.map((line, index): [number, string] => [now + index, line]));
    const filter = async (filterPattern: string) => {
      const found = await logs.send(new FilterLogEventsCommand({ logGroupName: to.logGroupName, filterPattern }));
      return found.events?.map((event) => lines.indexOf(event.message ?? ""));
    };
    deepEqual(await filter(""), [0, 1, 2, 3]);
    deepEqual(await filter("ERROR"), [0, 2]);
    deepEqual(await filter("error"), []);
    deepEqual(await filter("ERROR found"), [2]);
    deepEqual(await filter('"404 not"'), [1, 2]);
    deepEqual(await filter('"[main]"'), [3]);
    deepEqual(await filter("?WARN ?info"), [1, 3]);
    deepEqual(await filter("ERROR -404"), [0]);
    await rejects(filter('{ $.level = "ERROR" }'), /does not implement JSON filter patterns/);
    await rejects(filter("[date, level]"), /does not implement space-delimited filter patterns/);
    await rejects(filter("%ERR.*%"), /does not implement regular expressions/);
    await rejects(filter("[main"), /does not implement|Invalid/);
    await rejects(filter('"open'), { name: "InvalidParameterException" });
  });

  it("tells which events of a batch are too old or too new, and takes the rest", async () => {
    const to = await newStream();
    const now = Date.now();
    await rejects(put(to, [now, "later"], [now - 1, "earlier"]), /chronological/);
    await rejects(put(to, [now - 2 * DAY, "a"], [now, "b"]), /24 hours/);
    const old = await put(to, [now - 14 * DAY - 60_000, "too old"], [now - 14 * DAY + 60_000, "just so"]);
    deepEqual(old.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
    const future = await put(to, [now, "now"], [now + 3 * 3_600_000, "too new"]);
    deepEqual(future.rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 });
    const { events } = await logs.send(new GetLogEventsCommand({ ...to, startFromHead: true }));
    deepEqual(
      events?.map((event) => event.message),
      ["just so", "now"],
    );
  });

  it("describes groups and streams in pages, by prefix and by last event", async () => {
    for (const name of ["p/c", "p/a", "p/b"]) await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "p/", limit: 2 }));
    deepEqual(
      first.logGroups?.map((group) => group.logGroupName),
      ["p/a", "p/b"],
    );
    const second = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "p/", limit: 2, nextToken: first.nextToken }),
    );
    deepEqual([second.logGroups?.map((group) => group.logGroupName), second.nextToken], [["p/c"], undefined]);
    equal(first.logGroups?.[0]?.arn, "arn:aws:logs:us-east-1:000000000000:log-group:p/a:*");

    const now = Date.now();
    for (const [name, at] of [
      ["x", 2],
      ["y", 3],
      ["z", 1],
    ] as const) {
      await logs.send(new CreateLogStreamCommand({ logGroupName: "p/a", logStreamName: name }));
      await put({ logGroupName: "p/a", logStreamName: name }, [now + at, "line"]);
    }
    const seen: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page: DescribeLogStreamsCommandOutput = await logs.send(
        new DescribeLogStreamsCommand({
          logGroupName: "p/a",
          orderBy: "LastEventTime",
          descending: true,
          limit: 1,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      seen.push(...(page.logStreams ?? []).map((stream) => stream.logStreamName));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    deepEqual(seen, ["y", "x", "z"]);
    await rejects(
      logs.send(
        new DescribeLogStreamsCommand({ logGroupName: "p/a", orderBy: "LastEventTime", logStreamNamePrefix: "x" }),
      ),
      { name: "InvalidParameterException" },
    );
  });

  it("keeps tags", async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: "tagged", tags: { a: "1", b: "2" } }));
    const resourceArn = "arn:aws:logs:us-east-1:000000000000:log-group:tagged";
    await logs.send(new TagResourceCommand({ resourceArn, tags: { b: "3", c: "4" } }));
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { b: "3", c: "4" });
  });

  it("refuses by name what it does not have", async () => {
    const plain = new CloudWatchLogsClient({ ...lake.config, disableHostPrefix: true });
    await rejects(
      plain.send(
        new StartLiveTailCommand({ logGroupIdentifiers: ["arn:aws:logs:us-east-1:000000000000:log-group:tagged"] }),
      ),
      /StartLiveTail/,
    );
    await rejects(
      logs.send(new CreateLogGroupCommand({ logGroupName: "k", kmsKeyId: "arn:aws:kms:::key/1" })),
      /kmsKeyId/,
    );
    await rejects(logs.send(new CreateLogGroupCommand({ logGroupName: "what a name" })), {
      name: "InvalidParameterException",
    });
    await rejects(logs.send(new CreateLogGroupCommand({ logGroupName: "tagged" })), {
      name: "ResourceAlreadyExistsException",
    });
    await rejects(logs.send(new GetLogEventsCommand({ logGroupName: "none", logStreamName: "x" })), {
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
    await rejects(
      logs.send(new GetLogEventsCommand({ logGroupName: "tagged", logStreamName: "x", nextToken: "f/1" })),
      {
        message: "The specified log stream does not exist.",
      },
    );
    await rejects(logs.send(new PutRetentionPolicyCommand({ logGroupName: "tagged", retentionInDays: 2 })), {
      name: "InvalidParameterException",
    });
  });

  it("forgets a deleted stream's and group's events, also for a new one of the same name", async () => {
    const to = await newStream();
    await put(to, [Date.now(), "old"]);
    await logs.send(new DeleteLogStreamCommand(to));
    await logs.send(new CreateLogStreamCommand(to));
    deepEqual((await logs.send(new GetLogEventsCommand(to))).events, []);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: to.logGroupName }));
    await rejects(logs.send(new FilterLogEventsCommand({ logGroupName: to.logGroupName })), {
      name: "ResourceNotFoundException",
    });
  });

  it("has every acknowledged line after kill -9 amid writing", async () => {
    const to = await newStream();
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let index = 0; ; index++) {
        const text = `line ${index}`;
        await put(to, [Date.now(), text]);
        acknowledged.push(text);
      }
    })();
    while (acknowledged.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
    await lake.kill();
    await rejects(writing);
    lake = await lake.restart();
    logs = new CloudWatchLogsClient(lake.config);
    const { events } = await logs.send(new GetLogEventsCommand({ ...to, startFromHead: true }));
    const kept = events?.map((event) => event.message) ?? [];
    deepEqual(kept.slice(0, acknowledged.length), acknowledged);
    ok(kept.length <= acknowledged.length + 1);
  });

  it("stops showing events when their retention is over, by the lake's clock", async () => {
    const to = await newStream();
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: to.logGroupName, retentionInDays: 3 }));
    const now = Date.now();
    await put(to, [now, "passes"]);
    await lake.advance(2 * DAY);
    await put(to, [now + 2 * DAY, "stays"]);
    await lake.advance(DAY + 1000);
    const { events } = await logs.send(new GetLogEventsCommand({ ...to, startFromHead: true }));
    deepEqual(
      events?.map((event) => event.message),
      ["stays"],
    );
    const filtered = await logs.send(new FilterLogEventsCommand({ logGroupName: to.logGroupName }));
    deepEqual(
      filtered.events?.map((event) => event.message),
      ["stays"],
    );
    // Swept, too: what is stored shrinks.
    const bytes = async () =>
      (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: to.logGroupName }))).logGroups?.[0]
        ?.storedBytes;
    while ((await bytes()) !== "stays".length + 26) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
