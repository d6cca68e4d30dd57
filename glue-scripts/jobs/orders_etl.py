# Carries changed orders from PostgreSQL to the lake: reads by the bookmark on change_seq, upserts by order_id into day partitions.
# Arguments: --connection_name, --database and --table (the Glue table), --target (its location), the job bookmark enabled.
import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from lake_upsert import check_table, upsert
from pyspark.context import SparkContext

COLUMNS = {
    "order_id": "bigint",
    "customer_id": "int",
    "order_date": "date",
    "quantity": "int",
    "amount": "decimal(12,2)",
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
            "dbtable": "public.orders",
            "jobBookmarkKeys": ["change_seq"],
            "jobBookmarkKeysSortOrder": "asc",
        },
        transformation_ctx="changed_orders",
    )
    done = upsert(
        glue_context.spark_session, changed.toDF(), args["target"], COLUMNS, key="order_id", date="order_date"
    )
    job.commit()
    print(f"orders: {done['rows']} changed, {done['partitions']} partitions written, {done['deleted']} files replaced")


main()
