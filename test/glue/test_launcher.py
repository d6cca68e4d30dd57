# The launcher: arguments as Glue passes them, files fetched, a script's own traceback with its last line first.
from pathlib import Path

from support.runs import Finished, Runner


def run(runner: Runner, folder: Path, text: str, **arguments: str) -> Finished:
    script = folder / "script.py"
    script.write_text(text)
    return runner.run(script, "a-job", {f"--{name}": value for name, value in arguments.items()})


def test_a_script_gets_its_arguments(runner: Runner, tmp_path: Path):
    text = """
import sys
from awsglue.utils import getResolvedOptions
args = getResolvedOptions(sys.argv, ["JOB_NAME", "greeting", "number"])
print(args["JOB_NAME"], args["JOB_RUN_ID"], args["greeting"], args["number"], args["TempDir"], args["job_bookmark_option"])
print(__name__)
"""
    done = run(runner, tmp_path, text, greeting="two words", number="-5", TempDir="s3://bucket/temp/")
    assert (done.code, done.errors) == (0, "")
    assert done.out == "a-job jr_0001 two words -5 s3://bucket/temp/ job-bookmark-disable\n__main__\n"


def test_a_script_that_throws_shows_its_own_traceback_last_line_first(runner: Runner, tmp_path: Path):
    text = "def work(n):\n    return 1 / n\n\nprint('before')\nwork(0)\n"
    done = run(runner, tmp_path, text)
    assert (done.code, done.out) == (1, "before\n")
    script = tmp_path / "script.py"
    assert done.errors.splitlines() == [
        "ZeroDivisionError: division by zero",
        f'  File "{script}", line 5, in <module>',
        "    work(0)",
        f'  File "{script}", line 2, in work',
        "    return 1 / n",
    ]
    assert (done.failure["error"], done.failure["line"]) == ("ZeroDivisionError: division by zero", 2)


def test_a_script_that_is_not_python(runner: Runner, tmp_path: Path):
    done = run(runner, tmp_path, "x = 1\nif x\n")
    assert done.code == 1
    assert done.errors.splitlines()[0] == "SyntaxError: expected ':'"
    assert done.failure["line"] == 2


def test_sys_exit(runner: Runner, tmp_path: Path):
    assert run(runner, tmp_path, "import sys\nsys.exit(0)\n").code == 0
    stopped = run(runner, tmp_path, "import sys\nsys.exit('no data')\n")
    assert (stopped.code, stopped.failure["error"]) == (1, "SystemExit: no data")


def test_extra_modules_are_importable(runner: Runner, tmp_path: Path):
    (tmp_path / "modules").mkdir()
    one, two = tmp_path / "modules" / "one.py", tmp_path / "modules" / "two.py"
    one.write_text("VALUE = 1\n")
    two.write_text("VALUE = 2\n")
    done = run(
        runner, tmp_path, "import one, two\nprint(one.VALUE + two.VALUE)\n", **{"extra-py-files": f"{one},{two}"}
    )
    assert (done.code, done.out) == (0, "3\n")


def test_what_has_no_effect_here_is_refused_by_name(runner: Runner, tmp_path: Path):
    done = run(runner, tmp_path, "print('ran')\n", **{"additional-python-modules": "pandas==2.2.2"})
    assert (done.code, done.out) == (1, "")
    assert "--additional-python-modules is not implemented" in done.failure["error"]


def test_a_script_that_is_not_there(runner: Runner, tmp_path: Path):
    done = runner.run(tmp_path / "missing.py", "a-job", {})
    assert done.code == 1
    assert done.failure["error"].endswith("missing.py does not exist")


def test_an_error_from_the_jvm_is_named_by_its_cause(runner: Runner, tmp_path: Path):
    text = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.conf.set("spark.sql.ansi.enabled", "true")
spark.range(3).selectExpr("1 / (id - 1)").collect()
"""
    done = run(runner, tmp_path, text)
    assert done.code == 1
    first, *rest = done.errors.splitlines()
    assert first.startswith("Py4JJavaError: ") and "SparkArithmeticException: [DIVIDE_BY_ZERO]" in first
    assert first == done.failure["error"]
    assert not any(line.lstrip().startswith("at ") for line in rest)
    assert done.failure["line"] == 5
