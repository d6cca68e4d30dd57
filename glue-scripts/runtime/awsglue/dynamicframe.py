# awsglue.dynamicframe: DynamicFrame over a Spark DataFrame. Page: aws-glue-api-crawler-pyspark-extensions-dynamic-frame.
# Every column of a DataFrame has one type, so that no frame here holds a choice type: what resolves choices finds none.
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from awsglue import _fields
from awsglue._refusals import RefusesByName, not_implemented

PAGE = "aws-glue-api-crawler-pyspark-extensions-dynamic-frame"


class DynamicFrame(RefusesByName):
    """Methods of the page above with its parameter names; those in MISSING are refused by name.

    `info`, `stageThreshold` and `totalThreshold` concern error records, which Spark does not keep: an error in a record
    fails the job. They are taken only at their defaults.
    """

    MISSING = dict.fromkeys(
        (
            "assertErrorThreshold",
            "errorsAsDynamicFrame",
            "errorsCount",
            "stageErrorsCount",
            "getSampleDynamicFrame",
            "relationalize",
            "simplify_ddb_json",
            "spigot",
            "unbox",
            "unnest",
            "unnest_ddb_json",
            "with_frame_schema",
        ),
        PAGE,
    )

    def __init__(self, jdf, glue_ctx, name: str = "") -> None:
        """`jdf`: a Spark DataFrame (on AWS a reference into the JVM; scripts use fromDF)."""
        self._data: DataFrame = jdf
        self.glue_ctx = glue_ctx
        self.name = name

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx, name: str) -> "DynamicFrame":
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options=None) -> DataFrame:
        if options:
            raise not_implemented("DynamicFrame.toDF with ResolveOption", PAGE)
        return self._data

    # Information
    def count(self) -> int:
        return self._data.count()

    def schema(self):
        return self._data.schema

    def printSchema(self) -> None:
        self._data.printSchema()

    def show(self, num_rows: int = 20) -> None:
        """One JSON record a line."""
        for record in self._data.limit(num_rows).toJSON().collect():
            print(record)

    def getNumPartitions(self) -> int:
        return self._data.rdd.getNumPartitions()

    def repartition(self, numPartitions: int, transformation_ctx="", **thresholds) -> "DynamicFrame":
        return self._with(self._data.repartition(numPartitions), transformation_ctx, thresholds)

    def coalesce(self, numPartitions: int, transformation_ctx="", **thresholds) -> "DynamicFrame":
        return self._with(self._data.coalesce(numPartitions), transformation_ctx, thresholds)

    # Columns
    def apply_mapping(self, mappings, case_sensitive=False, transformation_ctx="", **thresholds) -> "DynamicFrame":
        """Only the mapped fields come back. A dot is a step into a struct; back-ticks make it part of the name."""
        return self._with(_fields.apply_mapping(self._data, mappings), transformation_ctx, thresholds)

    def select_fields(self, paths, transformation_ctx="", **thresholds) -> "DynamicFrame":
        names = [_fields.top_level(path) for path in _fields.as_list(paths)]
        return self._with(self._data.select(*[_fields.quoted(name) for name in names]), transformation_ctx, thresholds)

    def drop_fields(self, paths, transformation_ctx="", **thresholds) -> "DynamicFrame":
        data = self._data
        for path in _fields.as_list(paths):
            data = _fields.drop(data, path)
        return self._with(data, transformation_ctx, thresholds)

    def rename_field(self, oldName, newName, transformation_ctx="", **thresholds) -> "DynamicFrame":
        old, new = _fields.top_level(oldName), _fields.top_level(newName)
        columns = [F.col(_fields.quoted(name)).alias(new if name == old else name) for name in self._data.columns]
        if old not in self._data.columns:
            raise ValueError(f"rename_field: there is no field {old!r} among {self._data.columns}")
        return self._with(self._data.select(*columns), transformation_ctx, thresholds)

    def resolveChoice(
        self,
        specs=None,
        choice="",
        database=None,
        table_name=None,
        transformation_ctx="",
        catalog_id=None,
        **thresholds,
    ) -> "DynamicFrame":
        """`cast:type` and `project:type` convert the named field; make_cols and make_struct find no choice to resolve."""
        if (specs is None) == (choice == ""):
            raise ValueError("resolveChoice takes specs or choice, one of the two")
        data = self._data
        for path, action in specs or []:
            kind, _, target = action.partition(":")
            if kind in ("cast", "project"):
                name = _fields.top_level(path)
                data = data.withColumn(name, F.col(_fields.quoted(name)).cast(_fields.spark_type(target)))
            elif kind not in ("make_cols", "make_struct"):
                raise ValueError(f"resolveChoice: unknown action {action!r}")
        if choice == "match_catalog":
            data = _fields.match_catalog(data, database, table_name, catalog_id)
        elif choice and not choice.startswith(("cast:", "project:")) and choice not in ("make_cols", "make_struct"):
            raise ValueError(f"resolveChoice: unknown choice {choice!r}")
        return self._with(data, transformation_ctx, thresholds)

    def split_fields(self, paths, name1, name2, transformation_ctx="", **thresholds) -> "DynamicFrameCollection":
        first = self.select_fields(paths, transformation_ctx, **thresholds)
        second = self.drop_fields(paths, transformation_ctx, **thresholds)
        return DynamicFrameCollection({name1: first, name2: second}, self.glue_ctx)

    # Rows
    def filter(self, f, transformation_ctx="", **thresholds) -> "DynamicFrame":
        """`f` takes a record (a dict) and says whether to keep it."""
        kept = self._data.rdd.filter(lambda row: f(row.asDict(recursive=True)))
        data = self.glue_ctx.spark_session.createDataFrame(kept, self._data.schema, verifySchema=False)
        return self._with(data, transformation_ctx, thresholds)

    def map(self, f, transformation_ctx="", **thresholds) -> "DynamicFrame":
        """`f` takes a record (a dict) and returns one. Fields that were there keep their type; new ones have theirs inferred."""
        return self._with(
            _fields.map_records(self.glue_ctx.spark_session, self._data, f), transformation_ctx, thresholds
        )

    def split_rows(
        self, comparison_dict, name1, name2, transformation_ctx="", **thresholds
    ) -> "DynamicFrameCollection":
        condition = _fields.comparison(comparison_dict)
        first = self._with(self._data.where(condition), transformation_ctx, thresholds)
        second = self._with(self._data.where(~F.coalesce(condition, F.lit(False))), transformation_ctx, thresholds)
        return DynamicFrameCollection({name1: first, name2: second}, self.glue_ctx)

    # Frames
    def join(self, paths1, paths2, frame2, transformation_ctx="", **thresholds) -> "DynamicFrame":
        """Equality join; of two fields with one name the second frame's gets a period before it."""
        data = _fields.join(self._data, frame2.toDF(), _fields.as_list(paths1), _fields.as_list(paths2))
        return self._with(data, transformation_ctx, thresholds)

    def union(self, frame2, transformation_ctx="", **thresholds) -> "DynamicFrame":
        data = self._data.unionByName(frame2.toDF(), allowMissingColumns=True)
        return self._with(data, transformation_ctx, thresholds)

    def mergeDynamicFrame(
        self, stage_dynamic_frame, primary_keys, transformation_ctx="", options=None, **thresholds
    ) -> "DynamicFrame":
        """Rows of the staging frame replace those with the same keys; duplicates stay duplicates."""
        stage = stage_dynamic_frame.toDF()
        kept = self._data.join(stage.select(*primary_keys), list(primary_keys), "left_anti")
        return self._with(kept.unionByName(stage, allowMissingColumns=True), transformation_ctx, thresholds)

    def write(self, connection_type, connection_options=None, format=None, format_options=None, accumulator_size=0):
        return self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options, format, format_options
        )

    def _with(self, data: DataFrame, ctx: str, thresholds: dict) -> "DynamicFrame":
        for name, value in thresholds.items():
            if name not in ("info", "stageThreshold", "totalThreshold", "callSite"):
                raise TypeError(f"unexpected argument {name!r}")
            if name.endswith("Threshold") and value:
                raise not_implemented(f"DynamicFrame error thresholds ({name}={value})", PAGE)
        return DynamicFrame(data, self.glue_ctx, ctx or self.name)


class DynamicFrameCollection:
    """Frames by name. Page: aws-glue-api-crawler-pyspark-extensions-dynamic-frame-collection."""

    def __init__(self, dynamic_frames: dict[str, DynamicFrame], glue_ctx) -> None:
        self._frames = dynamic_frames
        self.glue_ctx = glue_ctx

    def keys(self):
        return self._frames.keys()

    def values(self):
        return self._frames.values()

    def select(self, key: str, default=None) -> DynamicFrame:
        return self._frames.get(key, default)

    def map(self, callable, transformation_ctx="") -> "DynamicFrameCollection":
        return DynamicFrameCollection(
            {key: callable(frame, transformation_ctx) for key, frame in self._frames.items()}, self.glue_ctx
        )

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._frames[key]
