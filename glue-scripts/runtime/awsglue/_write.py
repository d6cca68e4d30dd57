# Writing a frame: files, a table by JDBC, a catalog table. Glue's sinks add, they never replace.
# Pages: aws-glue-api-crawler-pyspark-extensions-dynamic-frame-writer, aws-glue-programming-etl-partitions.
from awsglue._catalog import catalog_table, table_format
from awsglue._connection import JDBC_PAGE, connection_from_options, named_connection
from awsglue._jdbc import CONNECTION_OPTIONS
from awsglue._refusals import not_implemented, refuse_unknown
from awsglue._s3 import FORMAT_PAGE, S3_PAGE

WRITER_PAGE = "aws-glue-api-crawler-pyspark-extensions-dynamic-frame-writer"
PARQUET = {
    "compression": "compression",
    "useGlueParquetWriter": None,
    "blockSize": "parquet.block.size",
    "pageSize": "parquet.page.size",
}
FORMATS = {
    "csv": {"separator": "sep", "quoteChar": "quote", "escaper": "escape", "writeHeader": "header"},
    "json": {},
    "orc": {},
    "parquet": PARQUET,
    "glueparquet": PARQUET,  # Glue's own writer of the same format
}


def write(frame, connection_type: str, options: dict, format: str | None, format_options: dict) -> None:
    if connection_type == "s3":
        _write_files(frame, options, format, format_options)
        return
    refuse_unknown(
        "write_dynamic_frame for JDBC", options, CONNECTION_OPTIONS | {"dbtable", "redshiftTmpDir"}, JDBC_PAGE
    )
    _write_table(frame, connection_from_options(connection_type, options), options)


def write_jdbc_conf(frame, catalog_connection: str, options: dict, catalog_id: str | None) -> None:
    refuse_unknown("write_dynamic_frame.from_jdbc_conf", options, {"dbtable", "database"}, WRITER_PAGE)
    connection = named_connection(catalog_connection, catalog_id)
    database = connection.url.split("?")[0].rsplit("/", 1)[-1]
    if options.get("database", database) != database:
        raise not_implemented(
            f"another database ({options['database']}) than the connection's ({database})", WRITER_PAGE
        )
    _write_table(frame, connection, options)


def write_catalog(frame, database: str, table_name: str, options: dict, catalog_id: str | None) -> None:
    refuse_unknown("write_dynamic_frame.from_catalog", options, {"partitionKeys"}, WRITER_PAGE)
    table = catalog_table(database, table_name, catalog_id)
    if "connectionName" in table.get("Parameters", {}):
        raise not_implemented("writing a catalog table behind a JDBC connection", WRITER_PAGE)
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    if list(options.get("partitionKeys", [])) != keys:
        raise ValueError(f"additional_options need partitionKeys {keys}, the partition keys of {database}.{table_name}")
    format_name, spark_options = table_format(table)
    writer = frame.toDF().write.format(format_name).mode("append").options(**spark_options)
    (writer.partitionBy(*keys) if keys else writer).save(table["StorageDescriptor"]["Location"])


def _write_files(frame, options: dict, format: str | None, format_options: dict) -> None:
    refuse_unknown("connection_type s3 (writing)", options, {"path", "partitionKeys", "compression"}, S3_PAGE)
    if format not in FORMATS:
        raise not_implemented(f"writing format {format!r}", FORMAT_PAGE)
    known = FORMATS[format]
    refuse_unknown(f"format {format} (writing)", format_options, set(known), FORMAT_PAGE)
    spark = {known[name]: _text(value) for name, value in format_options.items() if known[name] is not None}
    if format == "csv":
        spark.setdefault("header", "true")  # writeHeader's default
        spark.setdefault("escape", '"')
        if spark.get("quote") == "-1":
            spark["quote"] = "\u0000"  # Spark's way to write without quotes
    if "compression" in options:
        spark["compression"] = options["compression"]
    writer = frame.toDF().write.format("parquet" if format == "glueparquet" else format).mode("append").options(**spark)
    keys = options.get("partitionKeys", [])
    (writer.partitionBy(*keys) if keys else writer).save(options["path"])


def _write_table(frame, connection, options: dict) -> None:
    if "dbtable" not in options:
        raise ValueError("connection_options lack dbtable")
    frame.toDF().write.format("jdbc").options(**connection.options(), dbtable=options["dbtable"]).mode("append").save()


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
