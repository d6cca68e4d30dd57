"""Hadoop's own S3A in Spark's JVM against the lake: one line of JSON with what it saw, for hadoop.test.ts to judge."""

import json
import os
import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.driver.extraClassPath", os.environ["JARS"])
    .config("spark.driver.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.sources.partitionOverwriteMode", "dynamic")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
jvm = spark.sparkContext._jvm
conf = spark.sparkContext._jsc.hadoopConfiguration()
for name, value in {
    "endpoint": os.environ["AWS_ENDPOINT_URL"],
    "endpoint.region": "us-east-1",
    "path.style.access": "true",
    "connection.ssl.enabled": "false",
    "access.key": os.environ["AWS_ACCESS_KEY_ID"],
    "secret.key": os.environ["AWS_SECRET_ACCESS_KEY"],
    "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
    "bucket.probe": "2",
    "multipart.size": "5M",
    "multipart.threshold": "5M",
    "multipart.purge": "true",
    "multipart.purge.age": "1",
    "attempts.maximum": "1",
}.items():
    conf.set(f"fs.s3a.{name}", value)

Path = jvm.org.apache.hadoop.fs.Path
root = "s3a://hadoop-real"
fs = Path(f"{root}/").getFileSystem(conf)
seen = {}


def write(name, data):
    out = fs.create(Path(f"{root}/{name}"))
    out.write(bytearray(data))
    out.close()


def read(name):
    source = fs.open(Path(f"{root}/{name}"))
    data = bytes(jvm.org.apache.commons.io.IOUtils.toByteArray(source))
    source.close()
    return data


def failure(action):
    try:
        action()
        return "none"
    except Exception as error:
        return error.java_exception.getClass().getSimpleName()


fs.mkdirs(Path(f"{root}/a/b"))
seen["made"] = fs.getFileStatus(Path(f"{root}/a/b")).isDirectory()
odd = "a/b/f é+%2F x"
write(odd, b"hello")
seen["odd name"] = read(odd) == b"hello"
big = os.urandom(17_000_000)
write("big", big)
seen["parts"] = read("big") == big
source = fs.open(Path(f"{root}/big"))
source.seek(9_999_999)
seen["seek"] = source.read() == big[9_999_999]
source.close()
seen["renamed"] = [
    fs.rename(Path(f"{root}/a"), Path(f"{root}/c")),
    fs.rename(Path(f"{root}/big"), Path(f"{root}/c/big")),
    fs.exists(Path(f"{root}/a")),
    read("c/b/f é+%2F x") == b"hello",
    read("c/big") == big,
]
for index in range(30):
    write(f"many/k{index:03}", b"x")
seen["listed"] = len(fs.listStatus(Path(f"{root}/many")))
seen["deleted"] = [fs.delete(Path(f"{root}/many"), True), fs.exists(Path(f"{root}/many"))]
seen["missing"] = [
    failure(lambda: fs.open(Path(f"{root}/none"))),
    failure(lambda: Path("s3a://no-such-bucket-here/").getFileSystem(conf).listStatus(Path("s3a://no-such-bucket-here/"))),
]
rows = spark.range(1000).selectExpr("id", "id % 3 as p")
rows.write.mode("overwrite").partitionBy("p").parquet(f"{root}/t/")
rows.filter("p = 1").limit(5).write.mode("overwrite").partitionBy("p").parquet(f"{root}/t/")
seen["table"] = [[row.p, row["count"]] for row in spark.read.parquet(f"{root}/t/").groupBy("p").count().orderBy("p").collect()]
spark.stop()
json.dump(seen, sys.stdout)
