# Reads and writes through a Glue connection and through the catalog; prints one JSON object for test_connections.py.
import json
import sys
from decimal import Decimal

from awsglue import DynamicFrame
from awsglue.context import GlueContext
from awsglue.transforms import ResolveChoice
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "url", "user", "password"])
glue_context = GlueContext(SparkContext())
spark = glue_context.spark_session
told: dict[str, object] = {"extract_jdbc_conf": glue_context.extract_jdbc_conf("with-secret")}
rows = [(1, Decimal("9999999999.99"), "o'clock"), (2, Decimal("0.01"), None)]
frame = DynamicFrame.fromDF(spark.createDataFrame(rows, "id int, amount decimal(12,2), word string"), glue_context, "f")
named = {"useConnectionProperties": "true", "connectionName": "with-secret", "dbtable": "sink"}


def tell(name: str, data) -> None:
    found = [
        [str(value) if isinstance(value, Decimal) else value for value in row] for row in data.sort("id").collect()
    ]
    told[name] = {"schema": data.schema.simpleString(), "rows": found}


# Three ways into one table: each adds its rows.
glue_context.write_dynamic_frame.from_options(frame, "postgresql", named)
glue_context.write_dynamic_frame.from_jdbc_conf(frame, "with-secret", {"dbtable": "sink", "database": "lake"})
login = {"url": args["url"], "user": args["user"], "password": args["password"], "dbtable": "sink"}
glue_context.write_dynamic_frame.from_options(frame=frame, connection_type="postgresql", connection_options=login)
tell("sink", glue_context.create_data_frame.from_options("postgresql", named))
tell("catalog of the database", glue_context.create_dynamic_frame.from_catalog("db", "crawled").toDF())

# A catalog table of files.
with_month = DynamicFrame.fromDF(frame.toDF().selectExpr("*", "'02' as month"), glue_context, "m")
keys = {"partitionKeys": ["month"]}
glue_context.write_dynamic_frame.from_catalog(with_month, "db", "files", additional_options=keys)
tell("catalog of files", glue_context.create_data_frame.from_catalog(database="db", table_name="files"))
texts = DynamicFrame.fromDF(spark.sql("select '7' id, '1.5' amount, 'x' word, 8 other"), glue_context, "t")
cast = ResolveChoice.apply(texts, choice="match_catalog", database="db", table_name="files")
told["match_catalog"] = cast.schema().simpleString()

refusals = {
    "other database": lambda: glue_context.write_dynamic_frame.from_jdbc_conf(
        frame, "with-secret", {"dbtable": "sink", "database": "elsewhere"}
    ),
    "update catalog": lambda: glue_context.write_dynamic_frame.from_catalog(
        with_month, "db", "files", additional_options={"enableUpdateCatalog": True}
    ),
    "partition keys": lambda: glue_context.write_dynamic_frame.from_catalog(with_month, "db", "files"),
    "mysql": lambda: glue_context.extract_jdbc_conf("mysql"),
    "kafka": lambda: glue_context.extract_jdbc_conf("kafka"),
    "table": lambda: glue_context.create_dynamic_frame.from_options(
        "postgresql", {"useConnectionProperties": "true", "connectionName": "with-secret"}
    ),
    "fetchsize": lambda: glue_context.create_dynamic_frame.from_options("postgresql", {**named, "fetchsize": "10"}),
}
for name, refused in refusals.items():
    try:
        refused()
        told[name] = None
    except (NotImplementedError, ValueError) as error:
        told[name] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
