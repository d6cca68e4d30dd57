# Job scripts import and call only what AWS, Spark and boto3 document: read from their syntax trees, against a list with pages.
import json
import re
import subprocess

import pytest
from support.documented import BOTO3_CALLS, PAGES, PYSPARK_CALLS, violations
from support.engines import engine
from support.runs import JOBS

SCRIPTS = sorted(JOBS.glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_job(script):
    assert violations(script.read_text()) == []


def test_there_are_scripts():
    assert {script.name for script in SCRIPTS} == {
        "customers_etl.py",
        "lake_upsert.py",
        "load_source.py",
        "orders_etl.py",
    }


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import pandas", "imports pandas"),
        ("import requests as r", "imports requests"),
        ("from psycopg2 import connect", "imports psycopg2"),
        ("import importlib", "imports importlib"),
        ("from awsglue.utils import *", "imports *"),
        ("from pyspark.sql.types import _parse_datatype_string", "imports _parse_datatype_string"),
        ("from awsglue.gluetypes import ChoiceType\nChoiceType()", "awsglue.gluetypes.ChoiceType"),
        ("glue_context.spark_session._jvm.java.lang.System.exit(1)", "_jvm"),
        ("spark.sparkContext._jsc.hadoopConfiguration()", "_jsc"),
        ("frame.toPandas()", ".toPandas()"),
        ("glue_context.purge_s3_path('s3://b/p')", ".purge_s3_path()"),
        ("spark.conf.set('spark.hadoop.fs.s3a.endpoint', 'x')", "fs.s3"),
        ("spark.conf.set('spark.sql.shuffle.partitions', '1')", "spark.sql.shuffle.partitions"),
        ("rows.write.option('parquet.enable.dictionary', 'false')", "parquet.enable.dictionary"),
        ("import boto3\nboto3.resource('s3')", "boto3.resource"),
        ("import boto3\nboto3.client('ec2')", "boto3 client ec2"),
        ("import boto3\nboto3.client('glue').delete_table(Name='x')", ".delete_table()"),
        ("import boto3\nboto3.client('glue').get_table(Database='x', Name='y')", "Database to get_table"),
        ("g.create_dynamic_frame.from_options(connection_type='postgresql', connection='x')", "connection to"),
        ("g.create_dynamic_frame.from_options(connection_options={'hashkey': 'x'})", "'hashkey'"),
        ("g.create_dynamic_frame.from_jdbc('x')", ".from_jdbc()"),
        ("getattr(frame, 'to' + 'Pandas')()", "getattr"),
        ("__import__('pandas')", "__import__"),
    ],
)
def test_what_must_fail(source: str, said: str):
    assert any(said in one for one in violations(source)), violations(source)


def test_each_has_its_page():
    assert {"getResolvedOptions", "glue.get_table", "pyspark.sql.DataFrame.inputFiles", "jobBookmarkKeys"} <= PAGES.keys()
    for name, page in PAGES.items():
        assert re.fullmatch(r"https://[a-z0-9.]+/\S+(\.html|/)", page), (name, page)


def test_the_list_is_true_of_the_pinned_versions():
    """Each PySpark name exists in the engine's PySpark, each boto3 operation takes the parameters named."""
    script = """
import functools, importlib, json, sys
import botocore.session
names, calls = json.load(sys.stdin)
wrong = []
for name in names:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
            break
        except ImportError:
            continue
    try:
        functools.reduce(getattr, parts[cut:], found)
    except AttributeError:
        wrong.append(name)
for client, operation, parameters in calls:
    model = botocore.session.get_session().get_service_model(client)
    shape = model.operation_model("".join(word.capitalize() for word in operation.split("_"))).input_shape
    wrong += [f"{client}.{operation}({one})" for one in parameters if one not in shape.members]
print(json.dumps(wrong))
"""
    names = [name for group in PYSPARK_CALLS.values() for name in group]
    calls = [(client, operation, parameters) for (client, operation), parameters in BOTO3_CALLS.items()]
    asked = json.dumps([names, calls])
    answer = subprocess.run(
        [engine("spark")["python"], "-c", script], input=asked, capture_output=True, text=True, check=True
    )
    assert json.loads(answer.stdout) == []
