# What a run asks of the lake, over HTTP on loopback: its bookmark, and the five AWS calls that the jobs and the runtime make.
# The lake itself is tested in test/lake; here its state stands in the test, so that a test can look into it and cut in.
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "the-token-of-this-run"


class Endpoint:
    def __init__(self) -> None:
        self.connections: dict[str, dict] = {}
        self.secrets: dict[str, dict] = {}
        self.tables: dict[tuple[str, str], dict] = {}
        self.partitions: dict[tuple[str, str], list[dict]] = {}
        self.bookmarks: dict[str, dict] = {}
        # State as each run left it, for GetJobBookmark by run.
        self.history: dict[str, dict] = {}
        self.before_commit: Callable[[str], bool] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def call(self, target: str, asked: dict) -> dict | None:
        """The answer to an AWS JSON request; None where the thing asked for is not there."""
        if target.endswith(".GetConnection"):
            found = self.connections.get(asked["Name"])
            return found and {"Connection": found}
        if target.endswith(".GetTable"):
            found = self.tables.get((asked["DatabaseName"], asked["Name"]))
            return found and {"Table": found}
        if target.endswith(".GetPartitions"):
            return {"Partitions": self.partitions.get((asked["DatabaseName"], asked["TableName"]), [])}
        if target.endswith(".GetSecretValue"):
            found = self.secrets.get(asked["SecretId"])
            return found and {"ARN": asked["SecretId"], "SecretString": json.dumps(found)}
        if target.endswith(".GetJobBookmark"):
            found = self.history.get(asked["RunId"])
            return found and {"JobBookmarkEntry": {"JobName": asked["JobName"], "JobBookmark": json.dumps(found)}}
        raise AssertionError(f"a job called {target}, which this endpoint does not know")

    def run_url(self, job: str, run: str) -> str:
        return f"{self.url}/_lake/runs/{job}/{run}"


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = endpoint.call(self.headers["x-amz-target"], json.loads(self._body()))
            if answer is None:
                self._answer(400, {"__type": "EntityNotFoundException", "Message": "not there"})
            else:
                self._answer(200, answer)

        def do_GET(self) -> None:
            job, _ = self._run()
            self._answer(200, {"version": 0, "state": endpoint.bookmarks.get(job, {})})

        def do_PUT(self) -> None:
            job, run = self._run()
            asked = json.loads(self._body())
            if endpoint.before_commit is not None and endpoint.before_commit(run):
                self.close_connection = True  # the run was killed: nobody hears an answer, nothing is saved
                return
            endpoint.bookmarks[job] = asked["state"]
            endpoint.history[run] = asked["state"]
            self._answer(200, {})

        def _run(self) -> tuple[str, str]:
            assert self.headers["authorization"] == f"Bearer {TOKEN}", "a run without its token"
            *_, job, run, what = self.path.split("/")
            assert what == "bookmark"
            return job, run

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("content-length", 0)))

        def _answer(self, status: int, body: dict) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_) -> None:
            pass

    return Handler
