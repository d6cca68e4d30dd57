# Makes the archive of loaded classes that halves the start of a run (JDK's AppCDS): `python boathouse_archive.py <jar> ...`, once an engine.
# The jars are those that runs get by spark.driver.extraClassPath. A run without the archive, or with one that does not fit, only starts slower.
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from boathouse_jvm import SparkJvm, archive_file  # noqa: E402
from boathouse_spark import spark_folder  # noqa: E402


def main(jars: list[str]) -> None:
    target = archive_file()
    folder = tempfile.mkdtemp(prefix="boathouse-archive-")
    draft = Path(f"{target}.{os.getpid()}.part")
    settings = {
        "spark.master": "local[2]",
        "spark.driver.extraClassPath": os.pathsep.join(jars),
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        # A bucket that is not there, asked once: the S3 connector's classes belong to the archive.
        **{f"spark.hadoop.fs.s3a.{name}": value for name, value in S3A.items()},
    }
    try:
        spark_folder(folder, settings)
        jvm = SparkJvm(
            folder, settings, [f"-XX:ArchiveClassesAtExit={draft}", "-Xlog:disable", "-Xlog:all=error:stderr"]
        )
        jvm.connect()
        exercise(folder)
        jvm.process.stdin.close()
        jvm.process.wait(120)
        os.replace(draft, target)
        print(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        draft.unlink(missing_ok=True)


S3A = {
    "endpoint": "127.0.0.1:1",
    "endpoint.region": "us-east-1",
    "path.style.access": "true",
    "connection.ssl.enabled": "false",
    "access.key": "a",
    "secret.key": "b",
    "aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
    "bucket.probe": "0",
    "attempts.maximum": "1",
    "retry.limit": "0",
    "retry.throttle.limit": "0",
}


def exercise(folder: str) -> None:
    """Does once what jobs do, so that the classes for it are loaded."""
    from pyspark.context import SparkContext
    from pyspark.sql import SparkSession, Window
    from pyspark.sql import functions as F

    context = SparkContext()
    context.setLogLevel("OFF")  # two of the attempts below are meant to fail
    spark = SparkSession(context)
    rows = spark.range(2000).select(
        F.col("id"),
        F.col("id").cast("decimal(12,2)").alias("amount"),
        F.date_add(F.lit("1997-01-01").cast("date"), F.col("id").cast("int") % 3).alias("d"),
    )
    parted = rows.withColumn("day", F.date_format("d", "dd")).persist()
    parted.groupBy("day").count().collect()
    target = f"{folder}/table"
    for mode in ("overwrite", "append"):
        parted.repartition(2, "day").write.mode(mode).partitionBy("day").parquet(target)
    lake = spark.read.schema("id bigint, amount decimal(12,2), d date, day string").parquet(target)
    lake.inputFiles()
    lake.join(parted.select("id"), "id", "left_semi").select("day").distinct().collect()
    latest = Window.partitionBy("id").orderBy(F.desc("amount"))
    merged = lake.where(F.col("day").isin(["01", "02"])).unionByName(parted)
    merged.withColumn("n", F.row_number().over(latest)).where("n = 1").write.mode("overwrite").csv(f"{folder}/csv")
    spark.read.schema("id bigint, amount decimal(12,2), d date, day string, n int").csv(f"{folder}/csv").count()
    for attempt in (
        lambda: (
            spark.read.format("jdbc")
            .options(url="jdbc:postgresql://127.0.0.1:1/x", query="select 1", driver="org.postgresql.Driver")
            .load()
        ),
        lambda: spark.read.schema("id bigint").parquet("s3a://none/table"),
    ):
        try:
            attempt()
        except Exception:
            continue  # nothing answers there: what counts is that the classes are loaded
    context.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
