# Reading a table by JDBC, whole or as what is new since the bookmark.
# Pages: programming-etl-connect-bookmarks, monitor-continuations, run-jdbc-parallel-read-job.
from awsglue._connection import DRIVER, JDBC_PAGE, JdbcConnection, connection_from_options
from awsglue._refusals import refuse_unknown

CONNECTION_OPTIONS = {"useConnectionProperties", "connectionName", "url", "user", "password"}
READ_OPTIONS = CONNECTION_OPTIONS | {
    "dbtable",
    "jobBookmarkKeys",
    "jobBookmarkKeysSortOrder",
    "hashfield",
    "hashexpression",
    "hashpartitions",
    "redshiftTmpDir",  # optional and without effect for other databases than Redshift (page JDBC_PAGE)
}
NUMBERS = {"int2", "int4", "int8", "numeric", "float4", "float8", "serial", "bigserial"}


def read_jdbc(glue_context, connection_type: str, options: dict, ctx: str):
    """The DataFrame of `dbtable`. An increment with no row comes back without columns: DynamicFrame records describe
    themselves, so that no record means no schema (page aws-glue-api-crawler-pyspark-extensions-dynamic-frame)."""
    connection = connection_from_options(connection_type, options)
    refuse_unknown(f"create_dynamic_frame of {connection_type}", options, READ_OPTIONS, JDBC_PAGE)
    if "dbtable" not in options:
        raise ValueError("connection_options lack dbtable")
    table = options["dbtable"]
    condition = "true"
    bookmarks = glue_context._bookmarks
    if bookmarks.follows(ctx):
        with _Session(glue_context, connection) as session:
            keys, order = _bookmark_keys(session, table, options)
            if keys:
                condition, state, empty = _increment(session, table, keys, order, bookmarks, ctx)
                if state is not None:
                    bookmarks.advance(ctx, state)
                if empty:
                    return glue_context._empty()
    source = f"(select * from {table} where {condition}) as source"
    reader = glue_context.spark_session.read
    predicates = _predicates(options)
    if predicates is None:
        return reader.format("jdbc").options(**connection.options(), dbtable=source).load()
    login = {"user": connection.user, "password": connection.password, "driver": DRIVER}
    return reader.jdbc(connection.url, source, predicates=predicates, properties=login)


def _predicates(options: dict) -> list[str] | None:
    """Queries that run side by side: by a number (hashexpression) or by the hash of any column (hashfield)."""
    if "hashexpression" in options:
        number = f"({options['hashexpression']})::numeric"
    elif "hashfield" in options:
        number = f"hashtext(({options['hashfield']})::text)::numeric"
    else:
        return None
    count = int(options.get("hashpartitions", 7))
    return [f"coalesce(abs({number}) % {count}, 0) = {part}" for part in range(count)]


def _bookmark_keys(session: "_Session", table: str, options: dict) -> tuple[list[str], str]:
    order = options.get("jobBookmarkKeysSortOrder", "asc")
    if order not in ("asc", "desc"):
        raise ValueError(f"jobBookmarkKeysSortOrder is asc or desc, not {order!r}")
    keys = options.get("jobBookmarkKeys")
    if keys is not None:
        for key in keys:
            if key != key.lower():
                raise ValueError(f"job bookmark keys that depend on case are not supported by AWS Glue: {key}")
        return list(keys), order
    # The primary key, "provided that it is sequentially increasing or decreasing (with no gaps)" (monitor-continuations).
    rows = session.query(
        "select a.attname, t.typname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and "
        "a.attnum = any(i.indkey) join pg_type t on t.oid = a.atttypid "
        f"where i.indisprimary and i.indrelid = {_literal(table)}::regclass",
    )
    if len(rows) != 1 or rows[0][1] not in ("int2", "int4", "int8"):
        return [], order
    key = rows[0][0]
    ((gaps,),) = session.query(f"select coalesce(max({key}) - min({key}) + 1 - count(*), 0) from {table}")
    return ([key], order) if int(gaps) == 0 else ([], order)


def _increment(session, table, keys, order, bookmarks, ctx) -> tuple[str, dict | None, bool]:
    """(condition, new state, whether nothing is new). Bounded above too, so that a row that changes while the job runs
    is left whole to the next run."""
    new, old = (">", "<=") if order == "asc" else ("<", ">=")
    lower, limit = bookmarks.state(ctx), bookmarks.limit(ctx)
    for state in (lower, limit):
        if state is not None and (state.get("keys"), state.get("order")) != (keys, order):
            raise ValueError(
                f"the bookmark of {ctx!r} was kept by {state.get('keys')} {state.get('order')}, the script now says "
                f"{keys} {order}: reset the job bookmark"
            )
    bounds = [f"({', '.join(keys)}) {new} ({_values(lower)})"] if lower is not None else []
    if limit is not None:
        bounds.append(f"({', '.join(keys)}) {old} ({_values(limit)})")
    where = " and ".join(bounds) or "true"
    direction = "desc" if order == "asc" else "asc"
    ordering = ", ".join(f"{key} {direction} nulls last" for key in keys)
    # Named otherwise than the columns: "order by change_seq" would order the texts.
    texts = ", ".join(f"{key}::text as value_{number}" for number, key in enumerate(keys))
    last = session.query(f"select {texts} from {table} where {where} order by {ordering} limit 1")
    if not last:
        return where, lower, True
    types = session.types(f"select {', '.join(keys)} from {table} limit 0")
    state = {"kind": "jdbc", "keys": keys, "order": order, "values": list(last[0]), "types": types}
    return f"{where} and ({', '.join(keys)}) {old} ({_values(state)})", state, False


def _values(state: dict) -> str:
    """Values are kept as texts (a bigint does not fit a JSON number); a number goes into SQL bare, all else quoted."""
    pairs = zip(state["values"], state["types"], strict=True)
    return ", ".join(str(value) if kind in NUMBERS else f"{_literal(value)}::{kind}" for value, kind in pairs)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class _Session:
    """A database session through the same JDBC driver that Spark uses (no other driver is on a Glue worker)."""

    def __init__(self, glue_context, connection: JdbcConnection) -> None:
        jvm = glue_context.spark_session.sparkContext._jvm
        jvm.java.lang.Class.forName(DRIVER)
        login = jvm.java.util.Properties()
        login.setProperty("user", connection.user)
        login.setProperty("password", connection.password)
        self._session = jvm.java.sql.DriverManager.getConnection(connection.url, login)

    def __enter__(self) -> "_Session":
        return self

    def __exit__(self, *_) -> None:
        self._session.close()

    def query(self, sql: str) -> list[tuple[str, ...]]:
        """Rows of texts."""
        rows = self._session.createStatement().executeQuery(sql)
        width = rows.getMetaData().getColumnCount()
        found = []
        while rows.next():
            found.append(tuple(rows.getString(column + 1) for column in range(width)))
        return found

    def types(self, sql: str) -> list[str]:
        columns = self._session.createStatement().executeQuery(sql).getMetaData()
        return [columns.getColumnTypeName(column + 1) for column in range(columns.getColumnCount())]
