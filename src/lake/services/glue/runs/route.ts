// The private route of a run, /_lake/runs/<run id>/bookmark: where job.init reads and job.commit hands over the bookmark.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../../../exchange.ts";
import { ServiceError } from "../../../fault.ts";
import type { PrivateRoute } from "../../../lake.ts";
import { type Bookmarks, versionMismatch } from "./bookmarks.ts";
import type { LiveRun } from "./live.ts";
import type { RunManager } from "./manager.ts";

export function runRoute(runs: RunManager, bookmarks: Bookmarks): PrivateRoute {
  return async (request: IncomingMessage, response: ServerResponse, rest: string) => {
    const [id = "", what = ""] = rest.split("/");
    const run = runs.find(id);
    if (run === undefined || request.headers.authorization !== `Bearer ${run.token}`) {
      throw new ServiceError("AccessDenied", "The route belongs to a run in flight and takes its token.", {
        status: 403,
      });
    }
    if (what !== "bookmark") throw new ServiceError("NotFound", `A run has no route ${what}.`, { status: 404 });
    if (request.method === "GET") return answer(response, read(run, bookmarks));
    if (request.method === "PUT") {
      const { state } = JSON.parse((await readBody(request)).toString("utf8")) as { state: Record<string, unknown> };
      const version = run.bookmarkVersion ?? bookmarks.current(run.job.Name).version;
      bookmarks.checkVersion(run.job.Name, version);
      const other = runs.ofJob(run.job.Name).find((one) => one !== run && one.stored.committed !== undefined);
      if (other !== undefined) throw versionMismatch(run.job.Name, `run ${other.id} has committed it`);
      await run.commit(state, version);
      return answer(response, {});
    }
    throw new ServiceError("MethodNotAllowed", "A bookmark is read with GET and saved with PUT.", { status: 405 });
  };
}

function read(run: LiveRun, bookmarks: Bookmarks): object {
  const { version, state } = bookmarks.current(run.job.Name);
  run.bookmarkVersion ??= version;
  return { version, state };
}

function answer(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
