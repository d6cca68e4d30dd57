# Reading files, whole or only those that are new or changed since the bookmark (path, last modified, entity tag).
# Pages: aws-glue-programming-etl-connect-s3-home, aws-glue-programming-etl-format, monitor-continuations.
import fnmatch
import json
import os
from urllib.parse import urlparse

import boto3

from awsglue._refusals import not_implemented, refuse_unknown

S3_PAGE = "aws-glue-programming-etl-connect-s3-home"
FORMAT_PAGE = "aws-glue-programming-etl-format"
READ_OPTIONS = {"paths", "recurse", "exclusions", "isFailFast"}
# Glue's format option -> Spark's; the reader's and the writer's differ.
CSV_OPTIONS = {
    "separator": "sep",
    "quoteChar": "quote",
    "escaper": "escape",
    "multiLine": "multiLine",
    "withHeader": "header",
}
JSON_OPTIONS = {"multiLine": "multiLine"}
FORMATS = {"csv": CSV_OPTIONS, "json": JSON_OPTIONS, "parquet": {}, "orc": {}}


def read_files(glue_context, options: dict, format: str | None, format_options: dict, ctx: str, schema=None):
    """The DataFrame of the files below `paths`; without columns where no file is new."""
    refuse_unknown("connection_type s3", options, READ_OPTIONS, S3_PAGE)
    paths = options.get("paths") or []
    if isinstance(paths, str):
        paths = [paths]
    if not paths:
        raise ValueError("connection_options lack paths")
    spark_options = reader_options(format, format_options)
    if str(options.get("isFailFast", "false")).lower() == "true":
        spark_options["mode"] = "FAILFAST"
    recurse = str(options.get("recurse", "false")).lower() == "true"
    exclusions = options.get("exclusions", "[]")
    patterns = json.loads(exclusions) if isinstance(exclusions, str) else exclusions
    files = [file for path in paths for file in list_files(path, recurse) if not _excluded(file[0], patterns)]
    files = fresh_files(glue_context._bookmarks, ctx, files)
    if not files:
        return glue_context._empty()
    reader = glue_context.spark_session.read.format(format).options(**spark_options)
    if schema is not None:
        reader = reader.schema(schema)
    if len(paths) == 1:
        reader = reader.option("basePath", paths[0])  # so that key=value folders become columns
    return reader.load([file[0] for file in files])


def reader_options(format: str | None, format_options: dict) -> dict[str, str]:
    if format not in FORMATS:
        raise not_implemented(f"reading format {format!r}", FORMAT_PAGE)
    known = FORMATS[format]
    refuse_unknown(f"format {format}", format_options, set(known), FORMAT_PAGE)
    spark = {known[name]: _text(value) for name, value in format_options.items()}
    if spark.get("quote") == "-1":  # Glue's way to turn quoting off; Spark's is an empty string
        spark["quote"] = ""
    if format == "csv":
        spark.setdefault("escape", '"')  # RFC 4180, as Glue's page says
    return spark


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def fresh_files(bookmarks, ctx: str, files: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of `files` ([(path, stamp)]) that the bookmark does not hold with the same stamp."""
    if not bookmarks.follows(ctx):
        return files
    seen = (bookmarks.state(ctx) or {}).get("files", {})
    limit = bookmarks.limit(ctx)
    if limit is not None:
        reachable = limit.get("files", {})
        files = [file for file in files if reachable.get(file[0]) == file[1]]
    fresh = [file for file in files if seen.get(file[0]) != file[1]]
    bookmarks.advance(ctx, {"kind": "s3", "files": {**seen, **dict(fresh)}})
    return fresh


def list_files(path: str, recurse: bool) -> list[tuple[str, str]]:
    """[(path, stamp)] of data files; names that begin with . or _ are skipped, as Spark skips them."""
    place = urlparse(path)
    if place.scheme in ("s3", "s3a", "s3n"):
        return _list_objects(place.scheme, place.netloc, place.path.lstrip("/"), recurse)
    if place.scheme in ("", "file"):
        return _list_local(place.path, recurse)
    raise not_implemented(f"a path of scheme {place.scheme!r}", S3_PAGE)


def _list_objects(scheme: str, bucket: str, prefix: str, recurse: bool) -> list[tuple[str, str]]:
    found = []
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for item in page.get("Contents", []):
            key = item["Key"]
            if key != prefix and prefix and not prefix.endswith("/") and not key.startswith(prefix + "/"):
                continue  # lake/orders is not lake/orders_old
            if _is_data(key[len(prefix) :] if key != prefix else os.path.basename(key), recurse):
                stamp = f"{item['LastModified'].timestamp():.3f} {item['ETag'].strip(chr(34))}"
                found.append((f"{scheme}://{bucket}/{key}", stamp))
    return found


def _list_local(root: str, recurse: bool) -> list[tuple[str, str]]:
    names = (
        [root] if os.path.isfile(root) else [os.path.join(at, name) for at, _, names in os.walk(root) for name in names]
    )
    found = []
    for name in sorted(names):
        if _is_data(os.path.relpath(name, root) if name != root else os.path.basename(name), recurse):
            about = os.stat(name)
            found.append((f"file://{name}", f"{about.st_mtime:.6f} {about.st_size}"))
    return found


def _is_data(relative: str, recurse: bool) -> bool:
    parts = [part for part in relative.split("/") if part]
    if not parts or relative.endswith("/") or any(part[0] in "._" for part in parts):
        return False
    return recurse or len(parts) == 1 or all("=" in part for part in parts[:-1])


def _excluded(path: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(path, pattern.replace("**", "*")) for pattern in patterns)
