# awsglue.utils.getResolvedOptions, without Spark.
import sys

import pytest
from support.runs import LAUNCHER

sys.path.insert(0, str(LAUNCHER.parent))

from awsglue.utils import GlueArgumentError, getResolvedOptions  # noqa: E402


def resolve(words: str, *options: str) -> dict:
    return getResolvedOptions(["script.py", *words.split()], list(options))


def test_asked_for_and_reserved_ones_come_back():
    found = resolve(
        "--JOB_NAME j --a 1 --other 2 --job-bookmark-option job-bookmark-enable --JOB_RUN_ID jr_1", "JOB_NAME", "a"
    )
    assert found["JOB_NAME"] == "j" and found["a"] == "1" and "other" not in found
    assert found["job_bookmark_option"] == "job-bookmark-enable" and found["JOB_RUN_ID"] == "jr_1"
    assert found["job_bookmark_from"] is None and "TempDir" not in found


def test_forms_of_values():
    assert resolve("--a=x=y --b -1 --c --d", "a", "b")["a"] == "x=y"
    assert resolve("--a=x=y --b -1 --c --d", "a", "b")["b"] == "-1"
    assert resolve("--TempDir s3://b/t", "TempDir")["TempDir"] == "s3://b/t"
    # The later one counts: a run's arguments follow the job's.
    assert resolve("--a 1 --a 2", "a")["a"] == "2"


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        ("--a 1", ("a", "b", "c"), "the following arguments are required: --b, --c"),
        ("", ("TempDir",), "the following arguments are required: --TempDir"),
        ("", ("JOB_RUN_ID",), "the following arguments are required: --JOB_RUN_ID"),
        ("--connection x", ("connection_name",), "the following arguments are required: --connection_name"),
        ("--job-bookmark-option on", (), "invalid choice: 'on'"),
        ("--job-bookmark-from jr_1", (), "must be given together"),
        ("--a", ("a",), "argument --a: expected one argument"),
    ],
)
def test_what_is_missing_or_wrong(words: str, options: tuple[str, ...], said: str):
    with pytest.raises(GlueArgumentError) as error:
        resolve(words, *options)
    assert said in str(error.value)
