# DynamicFrame and its transforms as the AWS Glue Developer Guide describes them: one run of scripts/frames.py, looked at from all sides.
import json
from pathlib import Path

import pytest
from support.endpoint import Endpoint
from support.runs import Finished, Runner

SCRIPT = Path(__file__).parent / "scripts" / "frames.py"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Finished:
    folder = tmp_path_factory.mktemp("frames")
    endpoint = Endpoint()
    done = Runner(endpoint, folder / "runs").run(SCRIPT, "frames", {"--folder": str(folder / "files")})
    endpoint.close()
    assert done.code == 0, done.errors
    return done


@pytest.fixture(scope="module")
def told(run: Finished) -> dict:
    return json.loads(run.out)


EXPECTED = {
    "ApplyMapping": (
        "struct<key:bigint,address:struct<zip:string>,plain:string,amount:string>",
        [
            {"key": 1, "address": {"zip": "75091"}, "plain": "x", "amount": "1.10"},
            {"key": 2, "address": {"zip": "75023"}, "plain": "y", "amount": "2.20"},
        ],
    ),
    "SelectFields": ("struct<id:int,old.name:string>", [{"id": 1, "old.name": "x"}, {"id": 2, "old.name": "y"}]),
    "DropFields": (
        "struct<id:int,place:struct<zip:string>>",
        [{"id": 1, "place": {"zip": "75091"}}, {"id": 2, "place": {"zip": "75023"}}],
    ),
    "RenameField": ("struct<id:int,new_name:string>", [{"id": 1, "new_name": "x"}, {"id": 2, "new_name": "y"}]),
    "Filter": ("struct<id:int>", [{"id": 2}]),
    "Map": (
        "struct<id:int,name:string,amount:decimal(12,2),day:date,old.name:string,twice:decimal(38,18)>",
        [
            {"id": 1, "name": "ONE", "amount": 1.10, "day": "1997-01-02", "old.name": "x", "twice": 2.2},
            {"id": 2, "name": "TWO", "amount": 2.20, "day": "1997-01-03", "old.name": "y", "twice": 4.4},
        ],
    ),
    "Join": (
        "struct<id:int,name:string,.id:int,german:string>",
        [{"id": 2, "name": "two", ".id": 2, "german": "zwei"}],
    ),
    "ResolveChoice": ("struct<id:int,amount:double>", [{"id": 1, "amount": 1.1}, {"id": 2, "amount": 2.2}]),
    "SplitFields a": ("struct<id:int>", [{"id": 1}, {"id": 2}]),
    "SplitFields b": ("struct<name:string>", [{"name": "one"}, {"name": "two"}]),
    "SplitRows in": ("struct<id:int>", [{"id": 2}]),
    "SplitRows out": ("struct<id:int>", [{"id": 1}]),
    "mergeDynamicFrame": (
        "struct<id:int,name:string>",
        [{"id": 1, "name": "one"}, {"id": 2, "name": "ZWEI"}, {"id": 3, "name": "DREI"}],
    ),
    "parquet": (
        "struct<id:int,name:string,amount:decimal(12,2),day:date>",
        [
            {"id": 1, "name": "one", "amount": 1.10, "day": "1997-01-02"},
            {"id": 2, "name": "two", "amount": 2.20, "day": "1997-01-03"},
        ],
    ),
    "csv": (
        "struct<id:string,name:string,amount:string,day:string>",
        [
            {"id": "1", "name": "one", "amount": "1.10", "day": "1997-01-02"},
            {"id": "2", "name": "two", "amount": "2.20", "day": "1997-01-03"},
        ],
    ),
    "sink": ("struct<id:int,name:string>", [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_result(told: dict, name: str):
    schema, rows = EXPECTED[name]
    assert told[name] == {"schema": schema, "rows": rows}


def test_formats_agree(told: dict):
    assert told["orc"] == told["parquet"] == told["glueparquet"]
    assert [row["id"] for row in told["json"]["rows"]] == [1, 2]


def test_information(told: dict):
    assert told["count"] == 2
    assert told["partitions"] == [3, 1]
    assert told["DropNullFields columns"] == ["id", "name", "amount", "day", "place", "old.name"]


def test_what_is_not_there_is_refused_by_name(told: dict):
    refused = {name.removeprefix("refused "): text for name, text in told.items() if name.startswith("refused ")}
    assert len(refused) == 7
    for name, words in {
        "relationalize": "DynamicFrame.relationalize is not implemented",
        "purge_s3_path": "GlueContext.purge_s3_path is not implemented",
        "threshold": "error thresholds (stageThreshold=3) is not implemented",
        "format": "reading format 'xml' is not implemented",
        "option": "the option 'groupFiles' is not implemented",
        "type": "connection_type 'kinesis' is not implemented",
        "database": "connection_type 'mysql' is not implemented",
    }.items():
        assert words in (refused[name] or ""), (name, refused[name])


def test_the_log_has_only_what_the_script_said(run: Finished):
    lines = run.errors.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == ["INFO GlueLogger: all told"], run.errors
