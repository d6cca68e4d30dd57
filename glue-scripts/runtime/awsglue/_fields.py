# What DynamicFrame's methods do to the columns and rows of a DataFrame: names with dots and back-ticks, types, mappings.
# Pages: aws-glue-api-crawler-pyspark-transforms-ApplyMapping and its neighbours.
from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType, FractionalType, IntegralType, StructField, StructType

from awsglue._catalog import catalog_table
from awsglue._refusals import not_implemented

MAPPING_PAGE = "aws-glue-api-crawler-pyspark-transforms-ApplyMapping"
# Names of Glue's types that are not Spark's.
TYPES = {"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint", "decimal": "decimal(10,2)"}


def as_list(paths) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)


def steps(path: str) -> list[str]:
    """'a.b' -> ['a', 'b'];  '`a.b`' -> ['a.b'];  'a.`b.c`' -> ['a', 'b.c']."""
    found, inside, current = [], False, ""
    for character in path:
        if character == "`":
            inside = not inside
        elif character == "." and not inside:
            found.append(current)
            current = ""
        else:
            current += character
    if inside:
        raise ValueError(f"a back-tick is not closed in {path!r}")
    return [*found, current]


def top_level(path: str) -> str:
    names = steps(path)
    if len(names) > 1:
        raise not_implemented(f"the nested path {path!r} here", MAPPING_PAGE)
    return names[0]


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def column(path: str):
    return F.col(".".join(quoted(step) for step in steps(path)))


def spark_type(name: str) -> str:
    lower = name.strip().lower()
    return TYPES.get(lower, lower)


def apply_mapping(data, mappings):
    """Mappings are (source, source type, target, target type), (source, target type) or (source, target, target type)."""
    tree: dict = {}
    for mapping in mappings:
        if len(mapping) == 4:
            source, source_type, target, target_type = mapping
        elif len(mapping) == 3:
            source, target, target_type = mapping
            source_type = None
        elif len(mapping) == 2:
            source, target_type = mapping
            target, source_type = source, None
        else:
            raise ValueError(f"apply_mapping: {mapping!r} has {len(mapping)} parts")
        value = column(source)
        if source_type is not None:
            value = value.cast(spark_type(source_type))
        *parents, last = steps(target)
        at = tree
        for parent in parents:
            at = at.setdefault(parent, {})
        at[last] = value.cast(spark_type(target_type))
    return data.select(*[_built(name, value) for name, value in tree.items()])


def _built(name: str, value):
    if isinstance(value, dict):
        return F.struct(*[_built(inner, part) for inner, part in value.items()]).alias(name)
    return value.alias(name)


def drop(data, path: str):
    names = steps(path)
    if names[0] not in data.columns:
        return data  # as DataFrame.drop: a field that is not there needs no dropping
    if len(names) == 1:
        return data.select(*[F.col(quoted(name)) for name in data.columns if name != names[0]])
    inner = ".".join(quoted(step) for step in names[1:])
    return data.withColumn(names[0], F.col(quoted(names[0])).dropFields(inner))


def match_catalog(data, database, table_name, catalog_id):
    """Casts columns to the catalog table's types."""
    if not database or not table_name:
        raise ValueError("match_catalog needs database and table_name")
    table = catalog_table(database, table_name, catalog_id)
    types = {one["Name"]: one["Type"] for one in table["StorageDescriptor"]["Columns"] + table.get("PartitionKeys", [])}
    columns = [F.col(quoted(name)).cast(types[name]) if name in types else F.col(quoted(name)) for name in data.columns]
    return data.select(*[value.alias(name) for value, name in zip(columns, data.columns, strict=True)])


def map_records(session, data, f):
    """Infers the schema of what `f` returns from all records; a field that kept its name and kind keeps its type."""
    mapped = data.rdd.map(lambda row: f(row.asDict(recursive=True))).cache()
    if mapped.isEmpty():
        return session.createDataFrame([], data.schema)
    names: list[str] = list(dict.fromkeys(mapped.flatMap(lambda record: list(record)).distinct().collect()))
    names.sort(key=lambda name: (data.columns.index(name) if name in data.columns else len(data.columns), name))
    inferred = session.createDataFrame(mapped.map(lambda record: {n: record.get(n) for n in names}), samplingRatio=1.0)
    types = {field.name: field.dataType for field in inferred.schema}
    before = {field.name: field.dataType for field in data.schema}
    fields = [StructField(name, _kept(before.get(name), types[name])) for name in names]
    rows = mapped.map(lambda record: tuple(record.get(name) for name in names))
    return session.createDataFrame(rows, StructType(fields), verifySchema=False)


def _kept(before, after):
    if before is None or type(before) is type(after):
        return after if before is None else before
    same = any(isinstance(before, kind) and isinstance(after, kind) for kind in (IntegralType, DecimalType))
    widened = isinstance(before, FractionalType) and isinstance(after, FractionalType)
    return before if same or (widened and not isinstance(before, DecimalType)) else after


def comparison(comparison_dict: dict):
    """{'age': {'>': 10, '<': 20}} -> age > 10 and age < 20."""
    condition = F.lit(True)
    operators = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        ">": lambda a, b: a > b,
        "<": lambda a, b: a < b,
        ">=": lambda a, b: a >= b,
        "<=": lambda a, b: a <= b,
    }
    for path, tests in comparison_dict.items():
        for operator, value in tests.items():
            if operator not in operators:
                raise ValueError(f"split_rows: unknown comparator {operator!r}")
            condition = condition & operators[operator](column(path), F.lit(value))
    return condition


def join(left, right, keys1: list[str], keys2: list[str]):
    if len(keys1) != len(keys2):
        raise ValueError(f"join: {len(keys1)} keys on one side, {len(keys2)} on the other")
    names = {name: f".{name}" if name in left.columns else name for name in right.columns}
    renamed = right.select(*[F.col(quoted(name)).alias(new) for name, new in names.items()])
    condition = F.lit(True)
    for key1, key2 in zip(keys1, keys2, strict=True):
        condition = condition & (left[quoted(top_level(key1))] == renamed[quoted(names[top_level(key2)])])
    return left.join(renamed, condition, "inner")
