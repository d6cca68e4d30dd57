// CloudWatch Logs as people follow it: with boto3 the way `aws logs tail --follow` does it, and with the AWS CLI.
import { deepEqual, match, rejects } from "node:assert/strict";
import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { type Clients, clientsOf } from "../clients.ts";
import { startTestLake, type TestLake } from "../harness.ts";

describe("CloudWatch Logs through other clients", () => {
  let lake: TestLake;
  let clients: Clients;

  before(async () => {
    lake = await startTestLake();
    clients = clientsOf(lake);
  });
  after(() => lake.stop());

  it("the AWS CLI makes a group, writes a line and reads it back", async () => {
    const { aws } = clients;
    const group = ["--log-group-name", "/boathouse/cli"];
    const stream = [...group, "--log-stream-name", "run"];
    await aws("logs", "create-log-group", ...group, "--tags", "team=t");
    await aws("logs", "put-retention-policy", ...group, "--retention-in-days", "7");
    await aws("logs", "create-log-stream", ...stream);
    await aws("logs", "put-log-events", ...stream, "--log-events", `timestamp=${Date.now()},message=hello`);
    const read = await aws("logs", "get-log-events", ...stream, "--query", "events[].message", "--output", "json");
    deepEqual(JSON.parse(read), ["hello"]);
    const described = await aws("logs", "describe-log-groups", "--query", "logGroups[].[logGroupName,retentionInDays]");
    deepEqual(JSON.parse(described), [["/boathouse/cli", 7]]);
    await rejects(aws("logs", "get-log-events", ...group, "--log-stream-name", "none"), /ResourceNotFoundException/);
  });

  // `aws logs tail` is a command of version 2 of the CLI, which PyPI does not have: these are its calls.
  it("what `aws logs tail --follow` calls sees every line once, in order, while lines are written", async () => {
    const logs = new CloudWatchLogsClient(lake.config);
    const { aws } = clients;
    await aws("logs", "create-log-group", "--log-group-name", "/boathouse/tail");
    const streams = ["a", "b"];
    for (const name of streams) {
      await aws("logs", "create-log-stream", "--log-group-name", "/boathouse/tail", "--log-stream-name", name);
    }
    const following = clients.python(`
import boto3, json, time
logs = boto3.client("logs")
start, seen, lines = 0, set(), []
until = time.time() + 60
while "line 199" not in lines and time.time() < until:
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName="/boathouse/tail", interleaved=True, startTime=start):
        for event in page["events"]:
            if event["eventId"] not in seen:
                seen.add(event["eventId"])
                lines.append(event["message"])
                start = max(start, event["timestamp"])
print(json.dumps(lines))
`);
    const began = Date.now();
    for (let index = 0; index < 200; index++) {
      await logs.send(
        new PutLogEventsCommand({
          logGroupName: "/boathouse/tail",
          logStreamName: streams[index % 2],
          logEvents: [{ timestamp: began + index, message: `line ${index}` }],
        }),
      );
    }
    deepEqual(
      await following,
      Array.from({ length: 200 }, (_, index) => `line ${index}`),
    );
  });

  it("boto3 finds by term and reads from the head to the token that comes back", async () => {
    const answer = await clients.python(`
import boto3, json
logs = boto3.client("logs")
found = logs.filter_log_events(logGroupName="/boathouse/tail", filterPattern='"line 19"', logStreamNamePrefix="b")
token, count = None, 0
while True:
    more = {} if token is None else {"nextToken": token}
    page = logs.get_log_events(logGroupName="/boathouse/tail", logStreamName="a", startFromHead=True, limit=30, **more)
    count += len(page["events"])
    if page["nextForwardToken"] == token: break
    token = page["nextForwardToken"]
streams = logs.describe_log_streams(logGroupName="/boathouse/tail", orderBy="LastEventTime", descending=True)["logStreams"]
print(json.dumps([[e["message"] for e in found["events"]], count, [s["logStreamName"] for s in streams], streams[0]["arn"]]))
`);
    const [found, count, names, arn] = answer as [string[], number, string[], string];
    deepEqual(found, ["line 19", "line 191", "line 193", "line 195", "line 197", "line 199"]);
    deepEqual([count, names], [100, ["b", "a"]]);
    match(arn, /:log-group:\/boathouse\/tail:log-stream:b$/);
  });
});
