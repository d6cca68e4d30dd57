# The archive of loaded classes: made once, mapped by the JVM of a run; one that does not fit is passed over without a word.
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.engines import engine
from support.runs import LAUNCHER, Runner

SCRIPT = """
import sys
from pyspark.context import SparkContext
from pyspark.sql import SparkSession
spark = SparkSession(SparkContext())
archive = sys.argv[sys.argv.index("--archive") + 1]
jvm = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
mapped = sys.platform == "linux" and archive in open(f"/proc/{jvm}/maps").read()
print(spark.range(5).count(), mapped)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


def test_a_run_uses_the_archive(runner: Runner, tmp_path: Path, script: Path):
    installed = engine("spark")
    archive = tmp_path / "classes.jsa"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "JAVA_HOME": installed["javaHome"],
        "BOATHOUSE_SPARK_ARCHIVE": str(archive),
    }
    command = [installed["python"], str(LAUNCHER.parent / "boathouse_archive.py"), *installed["jars"]]
    made = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (made.returncode, made.stdout.strip(), made.stderr) == (0, str(archive), "")
    assert [path.name for path in tmp_path.iterdir() if "classes" in path.name] == ["classes.jsa"]

    done = runner.run(script, "a-job", {"--archive": str(archive)}, BOATHOUSE_SPARK_ARCHIVE=str(archive))
    assert (done.code, done.errors) == (0, "")
    assert done.out == f"5 {sys.platform == 'linux'}\n"


def test_a_broken_archive_changes_nothing(runner: Runner, tmp_path: Path, script: Path):
    archive = tmp_path / "classes.jsa"
    archive.write_bytes(b"not an archive" * 1000)
    done = runner.run(script, "a-job", {"--archive": str(archive)}, BOATHOUSE_SPARK_ARCHIVE=str(archive))
    assert (done.code, done.out, done.errors) == (0, "5 False\n", "")
