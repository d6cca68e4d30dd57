# The objects that a GlueContext hands out: create_dynamic_frame, create_data_frame, write_dynamic_frame, sources and sinks.
# Pages: aws-glue-api-crawler-pyspark-extensions-dynamic-frame-reader and -writer, aws-glue-api-pyspark-extensions (DataSource, DataSink).
from awsglue._refusals import RefusesByName

SINK_PAGE = "aws-glue-api-crawler-pyspark-extensions-glue-context"


class FrameReader:
    """`glueContext.create_dynamic_frame` (DynamicFrames) and `glueContext.create_data_frame` (DataFrames)."""

    def __init__(self, glue_context, as_data_frame: bool = False) -> None:
        self._context = glue_context
        self._as_data_frame = as_data_frame

    def _result(self, frame):
        return frame.toDF() if self._as_data_frame else frame

    def from_options(
        self, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx=""
    ):
        return self._result(
            self._context.create_dynamic_frame_from_options(
                connection_type, connection_options, format, format_options, transformation_ctx
            )
        )

    def from_catalog(
        self,
        database=None,
        table_name=None,
        redshift_tmp_dir="",
        transformation_ctx="",
        push_down_predicate="",
        additional_options=None,
        catalog_id=None,
        name_space=None,
    ):
        """The page calls the database `name_space`, its examples `database`: both are taken."""
        return self._result(
            self._context.create_dynamic_frame_from_catalog(
                database or name_space,
                table_name,
                redshift_tmp_dir,
                transformation_ctx,
                push_down_predicate,
                additional_options,
                catalog_id,
            )
        )

    def from_rdd(self, data, name, schema=None, sampleRatio=None):
        return self._result(self._context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio))


class FrameWriter:
    """`glueContext.write_dynamic_frame`."""

    def __init__(self, glue_context) -> None:
        self._context = glue_context

    def from_options(
        self, frame, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx=""
    ):
        return self._context.write_dynamic_frame_from_options(
            frame, connection_type, connection_options, format, format_options, transformation_ctx
        )

    def from_catalog(
        self,
        frame,
        database=None,
        table_name=None,
        redshift_tmp_dir="",
        transformation_ctx="",
        additional_options=None,
        catalog_id=None,
        name_space=None,
    ):
        return self._context.write_dynamic_frame_from_catalog(
            frame,
            database or name_space,
            table_name,
            redshift_tmp_dir,
            transformation_ctx,
            additional_options,
            catalog_id,
        )

    def from_jdbc_conf(
        self,
        frame,
        catalog_connection,
        connection_options=None,
        redshift_tmp_dir="",
        transformation_ctx="",
        catalog_id=None,
    ):
        return self._context.write_dynamic_frame_from_jdbc_conf(
            frame, catalog_connection, connection_options, redshift_tmp_dir, transformation_ctx, catalog_id
        )


class DataSource:
    """What `getSource` returns: set the format, get the frame."""

    def __init__(self, glue_context, connection_type, transformation_ctx, options) -> None:
        self._context, self._type, self._ctx, self._options = glue_context, connection_type, transformation_ctx, options
        self._format: tuple[str | None, dict] = (None, {})

    def setFormat(self, format, **options) -> None:
        self._format = (format, options)

    def getFrame(self):
        return self._context.create_dynamic_frame_from_options(self._type, self._options, *self._format, self._ctx)


class DataSink(RefusesByName):
    """What `getSink` returns: set the format, write a frame."""

    MISSING = dict.fromkeys(("setCatalogInfo", "writeDataFrame"), SINK_PAGE)

    def __init__(self, glue_context, connection_type, format, options) -> None:
        self._context, self._type, self._options = glue_context, connection_type, options
        self._format: tuple[str | None, dict] = (format, {})

    def setFormat(self, format, **options) -> None:
        self._format = (format, options)

    def writeFrame(self, dynamic_frame, info=""):
        return self._context.write_dynamic_frame_from_options(dynamic_frame, self._type, self._options, *self._format)
