# awsglue.context: GlueContext, the way into Glue from a script. Page: aws-glue-api-crawler-pyspark-extensions-glue-context.
import sys
from datetime import datetime, timezone

from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from awsglue._catalog import read_catalog
from awsglue._connection import named_connection, vendor_of
from awsglue._jdbc import read_jdbc
from awsglue._refusals import RefusesByName
from awsglue._run import Bookmarks
from awsglue._s3 import read_files
from awsglue._sources import DataSink, DataSource, FrameReader, FrameWriter
from awsglue._write import write, write_catalog, write_jdbc_conf
from awsglue.dynamicframe import DynamicFrame

PAGE = "aws-glue-api-crawler-pyspark-extensions-glue-context"


class GlueContext(RefusesByName):
    """Wraps a SparkContext. `spark_session`, the readers and writers below; the rest of the page is refused by name."""

    MISSING = dict.fromkeys(
        (
            "purge_table",
            "purge_s3_path",
            "transition_table",
            "transition_s3_path",
            "add_ingestion_time_columns",
            "forEachBatch",
            "create_sample_dynamic_frame_from_catalog",
            "create_sample_dynamic_frame_from_options",
            "write_data_frame",
            "write_data_frame_from_catalog",
            "write_data_frame_from_options",
            "start_transaction",
            "commit_transaction",
            "cancel_transaction",
        ),
        PAGE,
    )

    def __init__(self, sparkContext) -> None:
        self.spark_session = SparkSession(sparkContext)
        self._bookmarks = Bookmarks()
        self.create_dynamic_frame = FrameReader(self)
        self.create_data_frame = FrameReader(self, as_data_frame=True)
        self.write_dynamic_frame = FrameWriter(self)

    def _empty(self):
        """A DataFrame with neither rows nor columns: what no record at all describes."""
        return self.spark_session.createDataFrame([], StructType([]))

    # Reading
    def create_dynamic_frame_from_options(
        self, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx=""
    ) -> DynamicFrame:
        options = dict(connection_options or {})
        if connection_type in ("s3", "file"):
            data = read_files(self, options, format, format_options or {}, transformation_ctx)
        else:
            data = read_jdbc(self, connection_type, options, transformation_ctx)
        return DynamicFrame(data, self, transformation_ctx)

    def create_dynamic_frame_from_catalog(
        self,
        database,
        table_name,
        redshift_tmp_dir="",
        transformation_ctx="",
        push_down_predicate="",
        additional_options=None,
        catalog_id=None,
    ) -> DynamicFrame:
        options = dict(additional_options or {})
        data = read_catalog(self, database, table_name, transformation_ctx, push_down_predicate, options, catalog_id)
        return DynamicFrame(data, self, transformation_ctx)

    def create_dynamic_frame_from_rdd(self, data, name, schema=None, sample_ratio=None, transformation_ctx=""):
        return DynamicFrame(self.spark_session.createDataFrame(data, schema, sample_ratio), self, name)

    def create_data_frame_from_options(self, *args, **kwargs):
        return self.create_dynamic_frame_from_options(*args, **kwargs).toDF()

    def create_data_frame_from_catalog(self, *args, **kwargs):
        return self.create_dynamic_frame_from_catalog(*args, **kwargs).toDF()

    def getSource(self, connection_type, transformation_ctx="", **options) -> DataSource:
        return DataSource(self, connection_type, transformation_ctx, options)

    # Writing
    def write_dynamic_frame_from_options(
        self, frame, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx=""
    ):
        write(frame, connection_type, dict(connection_options or {}), format, dict(format_options or {}))
        return frame

    write_from_options = write_dynamic_frame_from_options

    def write_dynamic_frame_from_catalog(
        self,
        frame,
        database,
        table_name,
        redshift_tmp_dir="",
        transformation_ctx="",
        additional_options=None,
        catalog_id=None,
    ):
        write_catalog(frame, database, table_name, dict(additional_options or {}), catalog_id)
        return frame

    def write_dynamic_frame_from_jdbc_conf(
        self,
        frame,
        catalog_connection,
        connection_options=None,
        redshift_tmp_dir="",
        transformation_ctx="",
        catalog_id=None,
    ):
        write_jdbc_conf(frame, catalog_connection, dict(connection_options or {}), catalog_id)
        return frame

    write_from_jdbc_conf = write_dynamic_frame_from_jdbc_conf

    def getSink(self, connection_type, format=None, transformation_ctx="", **options) -> DataSink:
        return DataSink(self, connection_type, format, options)

    # The rest
    def extract_jdbc_conf(self, connection_name, catalog_id=None) -> dict[str, str]:
        """`user`, `password`, `vendor`, `url` (host and port only), `fullUrl` (as entered), and the TLS settings."""
        found = named_connection(connection_name, catalog_id)
        properties = found.properties
        return {
            "user": found.user,
            "password": found.password,
            "vendor": vendor_of(found.url),
            "url": "/".join(found.url.split("?")[0].split("/")[:3]),
            "fullUrl": found.url,
            "enforceSSL": properties.get("JDBC_ENFORCE_SSL", "false"),
            "customJDBCCert": properties.get("CUSTOM_JDBC_CERT", ""),
            "customJDBCCertString": properties.get("CUSTOM_JDBC_CERT_STRING", ""),
            "skipCustomJDBCCertValidation": properties.get("SKIP_CUSTOM_JDBC_CERT_VALIDATION", "false"),
        }

    def get_logger(self) -> "GlueLogger":
        """Page: monitor-continuous-logging-enable."""
        return GlueLogger()


class GlueLogger:
    """info, warn and error, one line each on stderr, as a worker's driver log has them."""

    def info(self, message: str) -> None:
        self._line("INFO", message)

    def warn(self, message: str) -> None:
        self._line("WARN", message)

    def error(self, message: str) -> None:
        self._line("ERROR", message)

    def _line(self, level: str, message: str) -> None:
        now = datetime.now(timezone.utc).isoformat(sep=" ", timespec="milliseconds")
        print(f"{now.replace('+00:00', '')} {level} GlueLogger: {message}", file=sys.stderr, flush=True)
