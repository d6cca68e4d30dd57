# Runs a job script as the lake does: the launcher in a process group of its own, settings and keys in its environment.
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from .endpoint import TOKEN, Endpoint
from .engines import engine

ROOT = Path(__file__).resolve().parents[3]
JOBS = ROOT / "glue-scripts" / "jobs"
LAUNCHER = ROOT / "glue-scripts" / "runtime" / "boathouse_launch.py"
SPARK = {
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.driver.memory": "1g",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
}


@dataclass
class Finished:
    code: int
    out: str
    errors: str
    seconds: float
    failure: dict | None


class Runner:
    """Starts scripts against one endpoint, in run folders below `folder`."""

    def __init__(self, endpoint: Endpoint, folder: Path) -> None:
        self.endpoint, self.folder = endpoint, folder
        self._numbers = count(1)

    def start(self, script: Path, job: str, arguments: dict[str, str], **more: str) -> "Run":
        """`more`: further variables of the environment."""
        run_id = f"jr_{next(self._numbers):04}"
        place = self.folder / run_id
        place.mkdir(parents=True)
        installed = engine("spark")
        settings = {**SPARK, "spark.driver.extraClassPath": os.pathsep.join(installed["jars"])}
        settings["spark.local.dir"] = str(place / "spark")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "JAVA_HOME": installed["javaHome"],
            "AWS_ENDPOINT_URL": self.endpoint.url,
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "BOATHOUSE_RUN_URL": self.endpoint.run_url(job, run_id),
            "BOATHOUSE_RUN_TOKEN": TOKEN,
            "BOATHOUSE_RUN_FOLDER": str(place),
            "BOATHOUSE_FAILURE_FILE": str(place / "failure.json"),
            "BOATHOUSE_SPARK_CONF": json.dumps(settings),
            **more,
        }
        words = {"--JOB_NAME": job, "--JOB_RUN_ID": run_id, **arguments}
        command = [installed["python"], str(LAUNCHER), str(script), *[word for pair in words.items() for word in pair]]
        return Run(run_id, place, command, environment)

    def run(self, script: Path, job: str, arguments: dict[str, str], **more: str) -> Finished:
        return self.start(script, job, arguments, **more).wait()


class Run:
    def __init__(self, run_id: str, place: Path, command: list[str], environment: dict[str, str]) -> None:
        self.id, self.place = run_id, place
        self._began = time.monotonic()
        with open(place / "out", "w") as out, open(place / "errors", "w") as errors:
            self._process = subprocess.Popen(
                command, env=environment, stdout=out, stderr=errors, cwd=place, start_new_session=True
            )

    def wait(self, timeout: float = 300) -> Finished:
        try:
            code = self._process.wait(timeout)
        finally:
            self.kill()  # what is left of the group: a JVM that is shutting down
        failure = self.place / "failure.json"
        return Finished(
            code,
            (self.place / "out").read_text(),
            (self.place / "errors").read_text(),
            time.monotonic() - self._began,
            json.loads(failure.read_text()) if failure.exists() else None,
        )

    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to Python and the JVM at once, as a lost machine would."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait(30)
