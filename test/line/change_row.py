"""Changes one order's amount in the stack's source database."""

import json
import ssl
import sys

import boto3
import pg8000.native

stack = boto3.client("cloudformation").describe_stacks(StackName=sys.argv[1])["Stacks"][0]
outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
secret = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=outputs["DatabaseSecretArn"])["SecretString"])
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with pg8000.native.Connection(
    secret["username"],
    host=outputs["DatabaseEndpoint"],
    port=int(outputs["DatabasePort"]),
    database="lake",
    password=secret["password"],
    ssl_context=context,
) as connection:
    connection.run("UPDATE orders SET amount = amount + 1 WHERE order_id = 4711")
    assert connection.row_count == 1, connection.row_count
