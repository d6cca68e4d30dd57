# The rule of glue-scripts/jobs: a job imports awsglue, pyspark, boto3, the standard library and our own module, and calls only what
# is documented. Each name below comes with its page; a call of anything else is a violation.
import ast
import sys

GUIDE = "https://docs.aws.amazon.com/glue/latest/dg/"
SPARK = "https://spark.apache.org/docs/3.5.6/"
PYSPARK = f"{SPARK}api/python/reference/"
BOTO3 = "https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/"

OWN_MODULES = {"lake_upsert"}
IMPORTED_PACKAGES = {"awsglue", "pyspark", "boto3"}

# awsglue: what a script calls, and the parameters that the page names.
AWSGLUE = {
    "getResolvedOptions": (f"{GUIDE}aws-glue-api-crawler-pyspark-extensions-get-resolved-options.html", ()),
    "GlueContext": (f"{GUIDE}aws-glue-api-crawler-pyspark-extensions-glue-context.html", ()),
    "Job": (f"{GUIDE}monitor-continuations.html", ()),
    "job.init": (f"{GUIDE}monitor-continuations.html", ()),
    "job.commit": (f"{GUIDE}monitor-continuations.html", ()),
    "create_dynamic_frame.from_options": (
        f"{GUIDE}aws-glue-api-crawler-pyspark-extensions-dynamic-frame-reader.html",
        ("connection_type", "connection_options", "format", "format_options", "transformation_ctx"),
    ),
    "toDF": (f"{GUIDE}aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html", ()),
}
# Keys of connection_options.
CONNECTION_OPTIONS = {
    "useConnectionProperties": f"{GUIDE}aws-glue-programming-etl-connect-jdbc-home.html",
    "connectionName": f"{GUIDE}aws-glue-programming-etl-connect-jdbc-home.html",
    "dbtable": f"{GUIDE}aws-glue-programming-etl-connect-jdbc-home.html",
    "jobBookmarkKeys": f"{GUIDE}programming-etl-connect-bookmarks.html",
    "jobBookmarkKeysSortOrder": f"{GUIDE}programming-etl-connect-bookmarks.html",
}
# PySpark: the page of each is PYSPARK + folder + api + its full name.
SQL, CORE = "pyspark.sql/api/", "api/"
PYSPARK_CALLS = {
    SQL: (
        "pyspark.sql.DataFrame.groupBy",
        "pyspark.sql.DataFrame.collect",
        "pyspark.sql.DataFrame.distinct",
        "pyspark.sql.DataFrame.drop",
        "pyspark.sql.DataFrame.first",
        "pyspark.sql.DataFrame.inputFiles",
        "pyspark.sql.DataFrame.join",
        "pyspark.sql.DataFrame.persist",
        "pyspark.sql.DataFrame.repartition",
        "pyspark.sql.DataFrame.select",
        "pyspark.sql.DataFrame.unionByName",
        "pyspark.sql.DataFrame.unpersist",
        "pyspark.sql.DataFrame.where",
        "pyspark.sql.DataFrame.withColumn",
        "pyspark.sql.GroupedData.count",
        "pyspark.sql.Column.alias",
        "pyspark.sql.Column.cast",
        "pyspark.sql.Column.isNull",
        "pyspark.sql.Column.isin",
        "pyspark.sql.Column.over",
        "pyspark.sql.DataFrameReader.csv",
        "pyspark.sql.DataFrameReader.format",
        "pyspark.sql.DataFrameReader.load",
        "pyspark.sql.DataFrameReader.option",
        "pyspark.sql.DataFrameReader.options",
        "pyspark.sql.DataFrameReader.parquet",
        "pyspark.sql.DataFrameReader.schema",
        "pyspark.sql.DataFrameWriter.mode",
        "pyspark.sql.DataFrameWriter.option",
        "pyspark.sql.DataFrameWriter.partitionBy",
        "pyspark.sql.DataFrameWriter.save",
        "pyspark.sql.Window.orderBy",
        "pyspark.sql.Window.partitionBy",
        "pyspark.sql.functions.col",
        "pyspark.sql.functions.concat_ws",
        "pyspark.sql.functions.date_format",
        "pyspark.sql.functions.desc",
        "pyspark.sql.functions.lit",
        "pyspark.sql.functions.row_number",
        "pyspark.errors.PySparkException.getErrorClass",
        "pyspark.sql.conf.RuntimeConfig.set",
    ),
    CORE: ("pyspark.SparkContext.getOrCreate",),
}
# Options of Spark's data sources and settings, with their pages.
SPARK_OPTIONS = {
    "batchsize": f"{SPARK}sql-data-sources-jdbc.html",
    "compression": f"{SPARK}sql-data-sources-parquet.html",
    "dbtable": f"{SPARK}sql-data-sources-jdbc.html",
    "enforceSchema": f"{SPARK}sql-data-sources-csv.html",
    "header": f"{SPARK}sql-data-sources-csv.html",
    "mode": f"{SPARK}sql-data-sources-csv.html",
    "query": f"{SPARK}sql-data-sources-jdbc.html",
    "reWriteBatchedInserts": "https://jdbc.postgresql.org/documentation/use/",
    "sessionInitStatement": f"{SPARK}sql-data-sources-jdbc.html",
    "spark.sql.sources.partitionColumnTypeInference.enabled": f"{SPARK}sql-data-sources-parquet.html",
}
# boto3: client, operation, the parameters used.
BOTO3_CALLS = {
    ("glue", "get_connection"): ("Name",),
    ("glue", "get_table"): ("DatabaseName", "Name"),
    ("s3", "delete_objects"): ("Bucket", "Delete"),
    ("secretsmanager", "get_secret_value"): ("SecretId",),
}

# The page of everything that a job may call or set.
PAGES = {
    **{name: page for name, (page, _) in AWSGLUE.items()},
    **{name: f"{PYSPARK}{folder}{name}.html" for folder, names in PYSPARK_CALLS.items() for name in names},
    **{f"{client}.{call}": f"{BOTO3}{client}/client/{call}.html" for client, call in BOTO3_CALLS},
    **CONNECTION_OPTIONS,
    **SPARK_OPTIONS,
}

_BUILTIN = {
    name for kind in (str, list, dict, set, tuple, bytes, int) for name in dir(kind) if not name.startswith("_")
}
_SPARK_NAMES = {name.rsplit(".", 1)[1] for names in PYSPARK_CALLS.values() for name in names}
_BOTO3_NAMES = {operation: parameters for (_, operation), parameters in BOTO3_CALLS.items()}


def violations(source: str) -> list[str]:
    """What in a job's source breaks the rule, each as `line N: ...`."""
    tree = ast.parse(source)
    checker = _Checker()
    checker.visit(tree)
    return checker.found


class _Checker(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[str] = []
        self.modules: dict[str, str] = {}

    def _say(self, node: ast.AST, text: str) -> None:
        self.found.append(f"line {node.lineno}: {text}")

    def _imported(self, node: ast.AST, module: str, alias: str | None) -> None:
        package = module.split(".")[0]
        if package not in IMPORTED_PACKAGES | OWN_MODULES and package not in sys.stdlib_module_names:
            self._say(node, f"imports {module}")
        if package == "importlib":
            self._say(node, "imports importlib: what is imported must be seen here")
        if alias is not None:
            self.modules[alias] = module

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self._imported(node, name.name, name.asname or name.name.split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        self._imported(node, module, None)
        for name in node.names:
            if name.name == "*" or name.name.startswith("_"):
                self._say(node, f"imports {name.name} from {module}")
            self.modules[name.asname or name.name] = f"{module}.{name.name}"

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr.startswith("_"):
            self._say(node, f"uses {node.attr}, which is not documented")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and "fs.s3" in node.value:
            self._say(node, f"sets {node.value}: the S3 connector is Glue's affair")

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            if node.func.id in ("eval", "exec", "getattr", "setattr", "__import__", "compile"):
                self._say(node, f"calls {node.func.id}: what is called must be seen here")
            origin = self.modules.get(node.func.id, "")
            if origin.startswith("awsglue.") and node.func.id not in AWSGLUE:
                self._say(node, f"calls {origin}, which is on no page")
        elif isinstance(node.func, ast.Attribute):
            self._method(node, node.func)
        self.generic_visit(node)

    def _method(self, node: ast.Call, function: ast.Attribute) -> None:
        root = function.value
        module = self.modules.get(root.id, "") if isinstance(root, ast.Name) else ""
        if module.split(".")[0] in sys.stdlib_module_names | OWN_MODULES:
            return
        if module == "boto3":
            if function.attr != "client" or not (node.args and isinstance(node.args[0], ast.Constant)):
                self._say(node, f"calls boto3.{function.attr}")
            elif node.args[0].value not in {client for client, _ in BOTO3_CALLS}:
                self._say(node, f"uses the boto3 client {node.args[0].value}")
            return
        name = function.attr
        owner = root.attr if isinstance(root, ast.Attribute) else root.id if isinstance(root, ast.Name) else ""
        for glue in (f"{owner}.{name}", name):
            if glue in AWSGLUE:
                self._parameters(node, glue, AWSGLUE[glue][1])
                return
        if name in _BOTO3_NAMES:
            self._parameters(node, name, _BOTO3_NAMES[name])
        elif name in ("option", "set") and name in _SPARK_NAMES:
            key = node.args[0] if node.args else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value not in SPARK_OPTIONS:
                self._say(node, f"sets the Spark option {key.value}")
        elif name not in _SPARK_NAMES and name not in _BUILTIN and not self._of_standard_library(name):
            self._say(node, f"calls .{name}(), which is on no page")

    def _of_standard_library(self, name: str) -> bool:
        """Methods of what the standard library returns (a match, a parse result)."""
        return name in {"groups", "group", "search", "geturl"}

    def _parameters(self, node: ast.Call, name: str, documented: tuple[str, ...]) -> None:
        for keyword in node.keywords:
            if documented and keyword.arg not in documented:
                self._say(node, f"passes {keyword.arg} to {name}")
            if keyword.arg == "connection_options" and isinstance(keyword.value, ast.Dict):
                for key in keyword.value.keys:
                    if not isinstance(key, ast.Constant) or key.value not in CONNECTION_OPTIONS:
                        self._say(node, f"passes the connection option {ast.unparse(key) if key else '**'}")
