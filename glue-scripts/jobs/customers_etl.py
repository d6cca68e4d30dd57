# Carries changed customers from PostgreSQL to the lake: reads by the bookmark on change_seq, upserts by customer_id into day partitions.
# Arguments: --connection_name, --database and --table (the Glue table), --target (its location), the job bookmark enabled.
import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from lake_upsert import check_table, upsert
from pyspark.context import SparkContext

COLUMNS = {
    "customer_id": "int",
    "customer_segment": "string",
    "first_order_date": "date",
    "change_seq": "bigint",
}


def main() -> None:
    args = getResolvedOptions(sys.argv, ["JOB_NAME", "connection_name", "database", "table", "target"])
    check_table(args["database"], args["table"], COLUMNS)
    glue_context = GlueContext(SparkContext.getOrCreate())
    job = Job(glue_context)
    job.init(args["JOB_NAME"], args)
    changed = glue_context.create_dynamic_frame.from_options(
        connection_type="postgresql",
        connection_options={
            "useConnectionProperties": "true",
            "connectionName": args["connection_name"],
            "dbtable": "public.customers",
            "jobBookmarkKeys": ["change_seq"],
            "jobBookmarkKeysSortOrder": "asc",
        },
        transformation_ctx="changed_customers",
    )
    rows = changed.toDF()
    done = upsert(glue_context.spark_session, rows, args["target"], COLUMNS, key="customer_id", date="first_order_date")
    job.commit()
    print(
        f"customers: {done['rows']} changed, {done['partitions']} partitions written, {done['deleted']} files replaced"
    )


main()
