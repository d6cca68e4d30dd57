# What a typical job does with DynamicFrames; prints one JSON object {name: result} for test_frames.py to look at.
import json
import sys
from datetime import date
from decimal import Decimal

from awsglue import DynamicFrame
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.transforms import (
    ApplyMapping,
    DropFields,
    DropNullFields,
    Filter,
    Join,
    Map,
    RenameField,
    ResolveChoice,
    SelectFields,
    SelectFromCollection,
    SplitFields,
    SplitRows,
)
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "folder"])
glue_context = GlueContext(SparkContext())
spark = glue_context.spark_session
job = Job(glue_context)
job.init(args["JOB_NAME"], args)

schema = "id int, name string, amount decimal(12,2), day date, place struct<zip:string,town:string>, `old.name` string, nothing string"
rows = [
    (1, "one", Decimal("1.10"), date(1997, 1, 2), ("75091", "Sherman"), "x", None),
    (2, "two", Decimal("2.20"), date(1997, 1, 3), ("75023", "Plano"), "y", None),
]
frame = DynamicFrame.fromDF(spark.createDataFrame(rows, schema), glue_context, "frame")
told: dict[str, object] = {}


def tell(name: str, of: DynamicFrame) -> None:
    data = of.toDF()
    told[name] = {
        "schema": data.schema.simpleString(),
        "rows": [json.loads(row) for row in data.orderBy(data.columns[0]).toJSON().collect()] if data.columns else [],
    }


mappings = [
    ("id", "int", "key", "long"),
    ("place.zip", "string", "address.zip", "string"),
    ("`old.name`", "string", "plain", "string"),
    ("amount", "decimal(12,2)", "amount", "string"),
]
tell("ApplyMapping", ApplyMapping.apply(frame=frame, mappings=mappings, transformation_ctx="m"))
tell("SelectFields", SelectFields.apply(frame, paths=["id", "`old.name`"]))
tell("DropFields", DropFields.apply(frame, paths=["name", "place.town", "`old.name`", "nothing", "amount", "day"]))
tell("DropNullFields", DropNullFields.apply(frame=frame).select_fields(["id"]))
told["DropNullFields columns"] = DropNullFields.apply(frame=frame).toDF().columns
tell("RenameField", RenameField.apply(frame, "`old.name`", "new_name").select_fields(["id", "new_name"]))
tell("Filter", Filter.apply(frame=frame, f=lambda record: record["place"]["town"] == "Plano").select_fields(["id"]))


def longer(record):
    record["name"] = record["name"].upper()
    record["twice"] = record["amount"] * 2
    del record["place"]
    del record["nothing"]
    return record


tell("Map", Map.apply(frame=frame, f=longer))
other = DynamicFrame.fromDF(spark.createDataFrame([(2, "zwei")], "id int, german string"), glue_context, "other")
tell("Join", Join.apply(frame.select_fields(["id", "name"]), other, "id", "id"))
cast = ResolveChoice.apply(
    frame.select_fields(["id", "amount"]), specs=[("amount", "cast:double"), ("id", "make_cols")]
)
tell("ResolveChoice", cast)
halves = SplitFields.apply(frame=frame.select_fields(["id", "name"]), paths=["id"], name1="a", name2="b")
tell("SplitFields a", SelectFromCollection.apply(halves, "a"))
tell("SplitFields b", SelectFromCollection.apply(halves, "b"))
parts = SplitRows.apply(frame.select_fields(["id"]), {"id": {">": 1, "<=": 2}}, "in", "out")
tell("SplitRows in", parts["in"])
tell("SplitRows out", parts["out"])
stage = DynamicFrame.fromDF(
    spark.createDataFrame([(2, "ZWEI"), (3, "DREI")], "id int, name string"), glue_context, "stage"
)
tell("mergeDynamicFrame", frame.select_fields(["id", "name"]).mergeDynamicFrame(stage, ["id"]))
told["count"] = frame.count()
told["partitions"] = [frame.repartition(3).getNumPartitions(), frame.repartition(3).coalesce(1).getNumPartitions()]

# Files out and in again.
flat = frame.select_fields(["id", "name", "amount", "day"])
for kind, options in (
    ("csv", {"separator": "|"}),
    ("json", {}),
    ("parquet", {}),
    ("orc", {}),
    ("glueparquet", {"compression": "snappy"}),
):
    path = f"{args['folder']}/{kind}"
    glue_context.write_dynamic_frame.from_options(
        frame=flat, connection_type="s3", connection_options={"path": path}, format=kind, format_options=options
    )
    read = {"separator": "|", "withHeader": True} if kind == "csv" else {}
    back = glue_context.create_dynamic_frame.from_options(
        connection_type="s3",
        connection_options={"paths": [path]},
        format="parquet" if kind == "glueparquet" else kind,
        format_options=read,
    )
    tell(kind, back)
sink = glue_context.getSink("s3", path=f"{args['folder']}/sink", partitionKeys=["name"])
sink.setFormat("parquet")
sink.writeFrame(flat)
source = glue_context.getSource("s3", paths=[f"{args['folder']}/sink"])
source.setFormat("parquet")
tell("sink", source.getFrame().select_fields(["id", "name"]))

refusals = {
    "relationalize": lambda: frame.relationalize("r", "s3://b/p"),
    "purge_s3_path": lambda: glue_context.purge_s3_path("s3://b/p"),
    "threshold": lambda: frame.drop_fields(["id"], stageThreshold=3),
    "format": lambda: glue_context.create_dynamic_frame.from_options("s3", {"paths": [args["folder"]]}, "xml"),
    "option": lambda: glue_context.create_dynamic_frame.from_options(
        "s3", {"paths": ["/x"], "groupFiles": "none"}, "csv"
    ),
    "type": lambda: glue_context.create_dynamic_frame.from_options("kinesis", {"streamARN": "x"}),
    "database": lambda: glue_context.create_dynamic_frame.from_options(
        "mysql", {"url": "jdbc:mysql://x/y", "dbtable": "t"}
    ),
}
for name, refused in refusals.items():
    try:
        refused()
        told[f"refused {name}"] = None
    except NotImplementedError as error:
        told[f"refused {name}"] = str(error)
glue_context.get_logger().info("all told")
job.commit()
print(json.dumps(told))
