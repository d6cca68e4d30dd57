"""What boto3 does with the lake's S3: one line of JSON with what it saw, for clients.test.ts to judge."""

import hashlib
import io
import json
import os
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
bucket = "boto"
seen = {}

s3.create_bucket(Bucket=bucket)
data = os.urandom(20_000_000)
keys = ["plain", "a b+c%2F", "ünïcödé/日本", "folder/", "folder/x", "../up", "line\nfeed", "semi;colon"]
for key in keys:
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={"k": "v"})
seen["keys"] = sorted(item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]) == sorted(keys)
seen["bodies"] = all(s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode() for key in keys)
seen["folders"] = [item["Prefix"] for item in s3.list_objects_v2(Bucket=bucket, Delimiter="/")["CommonPrefixes"]]
seen["pages"] = sum(1 for _ in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3}))
seen["old pages"] = [
    item["Key"] for page in s3.get_paginator("list_objects").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1}) for item in page["Contents"]
] == sorted(keys, key=lambda key: key.encode())

# The transfer manager: parts, in threads, checksums as botocore chooses them.
s3.upload_fileobj(io.BytesIO(data), bucket, "big")
back = io.BytesIO()
s3.download_fileobj(bucket, "big", back)
seen["transfer"] = hashlib.sha256(back.getvalue()).digest() == hashlib.sha256(data).digest()
seen["parts"] = s3.head_object(Bucket=bucket, Key="big")["ETag"].strip('"').rpartition("-")[2]
s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "big copy")
seen["copied"] = s3.get_object(Bucket=bucket, Key="big copy", Range="bytes=10000000-10000009")["Body"].read() == data[10000000:10000010]

# A stream of unknown seekability, hence a trailing checksum in unsigned chunks.
for algorithm in ["CRC32", "SHA1", "SHA256"]:
    s3.put_object(Bucket=bucket, Key="sum", Body=io.BytesIO(data[:100_000]), ChecksumAlgorithm=algorithm)
    head = s3.head_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")
    seen[algorithm] = head[f"Checksum{algorithm}"] != "" and s3.get_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")["Body"].read() == data[:100_000]

for name, client in {"presigned": s3, "presigned v4": boto3.client("s3", config=Config(signature_version="s3v4"))}.items():
    url = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "pre signed/ü", "ContentType": "text/plain"})
    urllib.request.urlopen(urllib.request.Request(url, data=b"presigned", method="PUT", headers={"Content-Type": "text/plain"}))
    url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "pre signed/ü", "ResponseContentType": "text/csv"})
    answer = urllib.request.urlopen(url)
    seen[name] = [answer.read().decode(), answer.headers["content-type"]]
    try:
        urllib.request.urlopen(url.replace("pre", "pro"))
        seen[name].append("opened")
    except urllib.error.HTTPError as error:
        seen[name].append(error.code)

def code(call, **arguments):
    try:
        call(**arguments)
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]

seen["errors"] = [
    code(s3.get_object, Bucket=bucket, Key="none"),
    code(s3.head_object, Bucket=bucket, Key="none"),
    code(s3.put_object, Bucket="no-such-bucket-here", Key="k", Body=data[:3_000_000]),
    code(s3.get_object, Bucket=bucket, Key="plain", IfMatch="other"),
    code(s3.get_object, Bucket=bucket, Key="plain", Range="bytes=100-"),
    code(s3.delete_bucket, Bucket=bucket),
    code(s3.create_bucket, Bucket="No_Good_Name"),
]

boto3.resource("s3").BucketVersioning(bucket).enable()
s3.put_object(Bucket=bucket, Key="plain", Body=b"two")
s3.delete_object(Bucket=bucket, Key="plain")
seen["versions"] = len(s3.list_object_versions(Bucket=bucket, Prefix="plain")["Versions"])
whole = boto3.resource("s3").Bucket(bucket)
whole.object_versions.delete()
whole.delete()
seen["left"] = [item["Name"] for item in s3.list_buckets()["Buckets"] if item["Name"] == bucket]
print(json.dumps(seen))
