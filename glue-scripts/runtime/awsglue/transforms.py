# awsglue.transforms: the transform classes with apply(), each one method of DynamicFrame.
# Page: aws-glue-programming-python-transforms (a page for each class).
from pyspark.sql.types import NullType

from awsglue._refusals import not_implemented
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection

PAGE = "aws-glue-programming-python-transforms"
__all__ = [
    "ApplyMapping",
    "DropFields",
    "DropNullFields",
    "Filter",
    "FlatMap",
    "GlueTransform",
    "Join",
    "Map",
    "MapToCollection",
    "RenameField",
    "ResolveChoice",
    "SelectFields",
    "SelectFromCollection",
    "SplitFields",
    "SplitRows",
]


class GlueTransform:
    """Base: `X.apply(...)` and `X()(...)` are the same call."""

    @classmethod
    def apply(cls, *args, **kwargs):
        return cls()(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        return cls.__name__


class ApplyMapping(GlueTransform):
    def __call__(self, frame, mappings, case_sensitive=False, transformation_ctx="", **thresholds):
        return frame.apply_mapping(mappings, case_sensitive, transformation_ctx, **thresholds)


class SelectFields(GlueTransform):
    def __call__(self, frame, paths, transformation_ctx="", **thresholds):
        return frame.select_fields(paths, transformation_ctx, **thresholds)


class DropFields(GlueTransform):
    def __call__(self, frame, paths, transformation_ctx="", **thresholds):
        return frame.drop_fields(paths, transformation_ctx, **thresholds)


class DropNullFields(GlueTransform):
    """Drops fields of NullType, and those that are null in every record."""

    def __call__(self, frame, transformation_ctx="", **thresholds):
        fields = frame.schema().fields
        if not fields:
            return frame
        data = frame.toDF()
        counts = data.selectExpr(*[f"count(`{field.name.replace('`', '``')}`)" for field in fields]).first()
        empty = [
            field.name
            for field, n in zip(fields, counts, strict=True)
            if n == 0 or isinstance(field.dataType, NullType)
        ]
        return frame.drop_fields([f"`{name}`" for name in empty], transformation_ctx, **thresholds)


class RenameField(GlueTransform):
    def __call__(self, frame, old_name, new_name, transformation_ctx="", **thresholds):
        return frame.rename_field(old_name, new_name, transformation_ctx, **thresholds)


class Filter(GlueTransform):
    def __call__(self, frame, f, transformation_ctx="", **thresholds):
        return frame.filter(f, transformation_ctx, **thresholds)


class Map(GlueTransform):
    def __call__(self, frame, f, transformation_ctx="", **thresholds):
        return frame.map(f, transformation_ctx, **thresholds)


class Join(GlueTransform):
    def __call__(self, frame1, frame2, keys1, keys2, transformation_ctx=""):
        return frame1.join(keys1, keys2, frame2, transformation_ctx)


class ResolveChoice(GlueTransform):
    def __call__(
        self,
        frame,
        specs=None,
        choice="",
        database=None,
        table_name=None,
        transformation_ctx="",
        catalog_id=None,
        **thresholds,
    ):
        return frame.resolveChoice(specs, choice, database, table_name, transformation_ctx, catalog_id, **thresholds)


class SplitFields(GlueTransform):
    def __call__(self, frame, paths, name1=None, name2=None, transformation_ctx="", **thresholds):
        return frame.split_fields(
            paths, name1 or f"{frame.name}1", name2 or f"{frame.name}2", transformation_ctx, **thresholds
        )


class SplitRows(GlueTransform):
    def __call__(self, frame, comparison_dict, name1="frame1", name2="frame2", transformation_ctx="", **thresholds):
        return frame.split_rows(comparison_dict, name1, name2, transformation_ctx, **thresholds)


class SelectFromCollection(GlueTransform):
    def __call__(self, dfc: DynamicFrameCollection, key: str, transformation_ctx="") -> DynamicFrame:
        return dfc.select(key)


class MapToCollection(GlueTransform):
    def __call__(self, dfc, callable, transformation_ctx=""):
        return dfc.map(callable, transformation_ctx)


class FlatMap(GlueTransform):
    """Applies a transform to each frame of a collection: `base_transform(frame, **base_kwargs)`."""

    def __call__(self, dfc, BaseTransform, frame_name, transformation_ctx="", **base_kwargs):
        frames = {key: BaseTransform.apply(**{frame_name: dfc[key]}, **base_kwargs) for key in dfc.keys()}
        return DynamicFrameCollection(frames, dfc.glue_ctx)


def __getattr__(name: str):
    missing = (
        "ErrorsAsDynamicFrame",
        "EvaluateDataQuality",
        "FillMissingValues",
        "FindIncrementalMatches",
        "FindMatches",
    )
    if name in (*missing, "Relationalize", "Spigot", "Unbox", "UnnestFrame", "mergeDynamicFrame"):
        raise not_implemented(f"awsglue.transforms.{name}", PAGE)
    raise AttributeError(f"module 'awsglue.transforms' has no attribute {name!r}")
