# Reading and writing by Data Catalog table: its location, format, columns and partitions.
# Pages: aws-glue-api-crawler-pyspark-extensions-dynamic-frame-reader, aws-glue-programming-etl-partitions.
import boto3
from pyspark.sql.types import StructField, StructType, _parse_datatype_string

from awsglue._jdbc import read_jdbc
from awsglue._refusals import not_implemented, refuse_unknown
from awsglue._s3 import fresh_files, list_files

READER_PAGE = "aws-glue-api-crawler-pyspark-extensions-dynamic-frame-reader"
JDBC_OPTIONS = {"jobBookmarkKeys", "jobBookmarkKeysSortOrder", "hashfield", "hashexpression", "hashpartitions"}
SERDES = {
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": "parquet",
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde": "orc",
    "org.openx.data.jsonserde.JsonSerDe": "json",
    "org.apache.hive.hcatalog.data.JsonSerDe": "json",
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe": "csv",
    "org.apache.hadoop.hive.serde2.OpenCSVSerde": "csv",
}


def catalog_table(database: str, table_name: str, catalog_id: str | None) -> dict:
    where = {"CatalogId": catalog_id} if catalog_id else {}
    return boto3.client("glue").get_table(DatabaseName=database, Name=table_name, **where)["Table"]


def table_schema(table: dict) -> StructType:
    """Columns, then partition keys, in Spark's types (Hive's names are Spark's)."""
    columns = table["StorageDescriptor"]["Columns"] + table.get("PartitionKeys", [])
    return StructType([StructField(one["Name"], _parse_datatype_string(one["Type"])) for one in columns])


def table_format(table: dict) -> tuple[str, dict[str, str]]:
    """(Spark's format, its options)."""
    serde = table["StorageDescriptor"].get("SerdeInfo", {})
    library = serde.get("SerializationLibrary")
    if library not in SERDES:
        raise not_implemented(f"a table with SerDe {library}", READER_PAGE)
    options = {}
    if SERDES[library] == "csv":
        parameters = serde.get("Parameters", {})
        options["sep"] = parameters.get("separatorChar", parameters.get("field.delim", ","))
        options["header"] = "true" if table.get("Parameters", {}).get("skip.header.line.count") == "1" else "false"
    return SERDES[library], options


def read_catalog(glue_context, database, table_name, ctx, predicate, additional_options, catalog_id):
    table = catalog_table(database, table_name, catalog_id)
    parameters = table.get("Parameters", {})
    if "connectionName" in parameters:  # a table that a crawler found through a JDBC connection
        options = {"useConnectionProperties": "true", "connectionName": parameters["connectionName"]}
        # The location is database.schema.table; the database is in the connection's URL.
        options["dbtable"] = ".".join(table["StorageDescriptor"]["Location"].split(".")[-2:])
        return read_jdbc(glue_context, parameters["classification"], {**options, **additional_options}, ctx)
    refuse_unknown("from_catalog of files", additional_options, set(), READER_PAGE)
    location = table["StorageDescriptor"]["Location"]
    if table.get("PartitionKeys"):
        places = _partition_places(glue_context, database, table, predicate, catalog_id)
    elif predicate:
        raise ValueError(f"push_down_predicate on {database}.{table_name}, which has no partition keys")
    else:
        places = [location]
    files = [file for place in places for file in list_files(place, recurse=True)]
    files = fresh_files(glue_context._bookmarks, ctx, files)
    if not files:
        return glue_context._empty()
    format_name, options = table_format(table)
    reader = glue_context.spark_session.read.format(format_name).options(**options).schema(table_schema(table))
    return reader.option("basePath", location).load([file[0] for file in files])


def _partition_places(glue_context, database, table, predicate, catalog_id) -> list[str]:
    """Locations of the partitions for which the predicate ("any Boolean expression supported by Spark SQL") holds."""
    where = {"CatalogId": catalog_id} if catalog_id else {}
    pages = boto3.client("glue").get_paginator("get_partitions")
    found = [
        (*partition["Values"], partition["StorageDescriptor"]["Location"])
        for page in pages.paginate(DatabaseName=database, TableName=table["Name"], **where)
        for partition in page["Partitions"]
    ]
    root = table["StorageDescriptor"]["Location"].rstrip("/") + "/"
    for row in found:
        if not row[-1].startswith(root):
            raise not_implemented(f"a partition outside its table's location ({row[-1]})", READER_PAGE)
    if not predicate or not found:
        return [row[-1] for row in found]
    names = [key["Name"] for key in table["PartitionKeys"]]
    texts = glue_context.spark_session.createDataFrame(
        found, ", ".join(f"`{name}` string" for name in [*names, "_place"])
    )
    typed = texts.selectExpr(
        *[f"cast(`{key['Name']}` as {key['Type']}) `{key['Name']}`" for key in table["PartitionKeys"]], "_place"
    )
    return [row["_place"] for row in typed.where(predicate).select("_place").collect()]
