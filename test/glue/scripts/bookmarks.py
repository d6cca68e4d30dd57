# Reads one table and some files through sources that keep bookmarks in different ways; prints {transformation_ctx: [ids]}.
import json
import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "connection", "files", "commit"])
glue_context = GlueContext(SparkContext())
job = Job(glue_context)
job.init(args["JOB_NAME"], args)
read: dict[str, list[int]] = {}

TABLE = {
    "ascending": {"jobBookmarkKeys": ["seq"], "jobBookmarkKeysSortOrder": "asc"},
    "descending": {"jobBookmarkKeys": ["down"], "jobBookmarkKeysSortOrder": "desc"},
    "compound": {"jobBookmarkKeys": ["at", "seq"]},
    "in parallel": {"jobBookmarkKeys": ["seq"], "hashexpression": "id", "hashpartitions": "3"},
    "by hash": {"jobBookmarkKeys": ["seq"], "hashfield": "word"},
    "primary key": {},
}


def ids(frame) -> list[int]:
    data = frame.toDF()
    return sorted(row["id"] for row in data.select("id").collect()) if data.columns else []


def table(name: str, options: dict, ctx: str):
    connection = {"useConnectionProperties": "true", "connectionName": args["connection"], "dbtable": name}
    return glue_context.create_dynamic_frame.from_options(
        "postgresql", {**connection, **options}, transformation_ctx=ctx
    )


for ctx, options in TABLE.items():
    read[ctx] = ids(table("things", options, ctx))
read["key with gaps"] = ids(table("gaps", {}, "key with gaps"))
read["without context"] = ids(table("things", TABLE["ascending"], ""))
files = glue_context.create_dynamic_frame.from_options(
    "s3", {"paths": [args["files"]], "recurse": True}, "json", transformation_ctx="files"
)
read["files"] = ids(files)
read["catalog"] = ids(
    glue_context.create_dynamic_frame.from_catalog(
        database="db", table_name="parted", push_down_predicate="month >= '02'", transformation_ctx="catalog"
    )
)
if args["commit"] == "yes":
    job.commit()
print(json.dumps(read))
