# The run as the lake knows it: its bookmark read at job.init, saved at job.commit, through the lake's private route.
import json
import os
import urllib.error
import urllib.request

import boto3

OFF, ENABLE, PAUSE = "job-bookmark-disable", "job-bookmark-enable", "job-bookmark-pause"
PAGE = "monitor-continuations"


class Bookmarks:
    """Bookmark state of one run: `{transformation_ctx: state}`. What sources add is saved only by `commit`.

    `state(ctx)` is what was processed up to (None: everything is new); `limit(ctx)` is set only where a paused run names
    an end (`--job-bookmark-to`): what lies beyond it is left out.
    """

    def __init__(self) -> None:
        self.option = OFF
        self._before: dict[str, dict] = {}
        self._limits: dict[str, dict] = {}
        self._after: dict[str, dict] = {}

    def start(self, job_name: str, args: dict) -> None:
        """Reads the state. `args` is what getResolvedOptions gave: it holds the bookmark option (page above)."""
        self.option = args.get("job_bookmark_option") or OFF
        if self.option == OFF:
            return
        until, beyond = args.get("job_bookmark_from"), args.get("job_bookmark_to")
        if self.option == PAUSE and until and beyond:
            self._before = _state_of_run(job_name, until)
            self._limits = _state_of_run(job_name, beyond)
        else:
            self._before = _request("GET")["state"]

    def follows(self, ctx: str) -> bool:
        """False where this source is read whole: bookmarks off, or no transformation_ctx was passed (page above)."""
        return self.option != OFF and ctx != ""

    def state(self, ctx: str) -> dict | None:
        return self._before.get(ctx)

    def limit(self, ctx: str) -> dict | None:
        return self._limits.get(ctx)

    def advance(self, ctx: str, state: dict) -> None:
        self._after[ctx] = state

    def commit(self) -> None:
        """Saves all states at once. A paused run leaves the bookmark as it was; a disabled one has none."""
        if self.option == ENABLE:
            _request("PUT", {"state": {**self._before, **self._after}})
            self._before = {**self._before, **self._after}


def _request(method: str, body: dict | None = None) -> dict:
    url = os.environ.get("BOATHOUSE_RUN_URL")
    if not url:
        raise RuntimeError(
            "job bookmarks are on, but BOATHOUSE_RUN_URL is not set: this script was not started by a lake"
        )
    request = urllib.request.Request(
        f"{url}/bookmark",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "authorization": f"Bearer {os.environ.get('BOATHOUSE_RUN_TOKEN', '')}",
            "content-type": "application/json",
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the lake is on loopback
    try:
        with opener.open(request, timeout=60) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        detail = error.read().decode(errors="replace")
        raise RuntimeError(f"the lake refused to {method} this run's bookmark: {error.code} {detail}") from error
    return json.loads(text) if text else {}


def _state_of_run(job_name: str, run_id: str) -> dict:
    """The state that a run left, by the public GetJobBookmark (its JobBookmark is a JSON text)."""
    entry = boto3.client("glue").get_job_bookmark(JobName=job_name, RunId=run_id)["JobBookmarkEntry"]
    return json.loads(entry.get("JobBookmark") or "{}")
