"""The same through boto3, with nothing set but what `lake env` printed: resources, a job run watched, objects both ways, a query."""

import sys
import time
from pathlib import Path

import boto3

stack, work = sys.argv[1], Path(sys.argv[2])
cloudformation, glue, s3, athena = (boto3.client(name) for name in ("cloudformation", "glue", "s3", "athena"))

pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
assert len(resources) > 20, len(resources)
assert any("Recorded by the local lake" in resource.get("ResourceStatusReason", "") for resource in resources)
outputs = {o["OutputKey"]: o["OutputValue"] for o in cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]}

run = glue.start_job_run(JobName=outputs["OrdersJobName"])["JobRunId"]
while (state := glue.get_job_run(JobName=outputs["OrdersJobName"], RunId=run)["JobRun"]["JobRunState"]) not in {"SUCCEEDED", "FAILED", "ERROR"}:
    time.sleep(1)
assert state == "SUCCEEDED", state

body = bytes(range(256)) * 40_000
(work / "boto3.bin").write_bytes(body)
s3.upload_file(str(work / "boto3.bin"), outputs["DataBucketName"], "boto3/ü +&.bin")
s3.download_file(outputs["DataBucketName"], "boto3/ü +&.bin", str(work / "boto3.back"))
assert (work / "boto3.back").read_bytes() == body
s3.delete_object(Bucket=outputs["DataBucketName"], Key="boto3/ü +&.bin")

query = athena.start_query_execution(
    QueryString="SELECT year, count(*) AS orders FROM orders GROUP BY year ORDER BY year",
    WorkGroup=outputs["WorkGroupName"],
    QueryExecutionContext={"Database": outputs["GlueDatabaseName"]},
)["QueryExecutionId"]
while (state := athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]) in {"QUEUED", "RUNNING"}:
    time.sleep(0.2)
assert state == "SUCCEEDED", state
rows = [[cell.get("VarCharValue") for cell in row["Data"]] for row in athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]]
assert rows[0] == ["year", "orders"] and sum(int(count) for _, count in rows[1:]) == 69_659, rows
print("boto3 has done all of it")
