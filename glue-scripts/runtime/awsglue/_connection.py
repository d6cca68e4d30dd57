# A Glue connection as a JDBC URL and a login, read at run time: glue.get_connection, then Secrets Manager for SECRET_ID.
# Pages: aws-glue-programming-etl-connect-jdbc-home, connection-properties-secrets-manager.
import json
from dataclasses import dataclass

import boto3

from awsglue._refusals import not_implemented

JDBC_PAGE = "aws-glue-programming-etl-connect-jdbc-home"
# connectionType values of that page; only PostgreSQL has an engine here.
ELSEWHERE = ("sqlserver", "mysql", "oracle", "redshift")
DRIVER = "org.postgresql.Driver"


@dataclass(frozen=True)
class JdbcConnection:
    url: str
    user: str
    password: str
    properties: dict[str, str]

    def options(self) -> dict[str, str]:
        """Options for Spark's JDBC data source."""
        return {"url": self.url, "user": self.user, "password": self.password, "driver": DRIVER}


def named_connection(name: str, catalog_id: str | None = None) -> JdbcConnection:
    """The connection `name` of the Data Catalog. A secret's password is read anew each time: it rotates."""
    where = {"CatalogId": catalog_id} if catalog_id else {}
    found = boto3.client("glue").get_connection(Name=name, **where)["Connection"]
    kind = found.get("ConnectionType")
    if kind != "JDBC":
        raise not_implemented(f"a connection of type {kind} ({name})", JDBC_PAGE)
    properties = found["ConnectionProperties"]
    secret_id = properties.get("SECRET_ID")
    if secret_id:
        secret = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
        user, password = secret["username"], secret["password"]
    else:
        user, password = properties["USERNAME"], properties["PASSWORD"]
    url = properties["JDBC_CONNECTION_URL"]
    vendor_of(url)
    return JdbcConnection(url, user, password, properties)


def connection_from_options(connection_type: str, options: dict) -> JdbcConnection:
    """`useConnectionProperties` and `connectionName`, or `url`, `user`, `password`, as connection options of a job."""
    if connection_type != "postgresql":
        raise not_implemented(f"connection_type {connection_type!r}", JDBC_PAGE)
    if str(options.get("useConnectionProperties", "false")).lower() == "true":
        if "connectionName" not in options:
            raise ValueError("useConnectionProperties needs connectionName")
        return named_connection(options["connectionName"])
    missing = [key for key in ("url", "user", "password") if key not in options]
    if missing:
        raise ValueError(
            f"connection_options lack {', '.join(missing)} (or useConnectionProperties and connectionName)"
        )
    vendor_of(options["url"])
    return JdbcConnection(options["url"], options["user"], options["password"], {})


def vendor_of(url: str) -> str:
    vendor = url.split(":")[1] if url.startswith("jdbc:") and url.count(":") > 1 else ""
    if vendor != "postgresql":
        raise not_implemented(f"a JDBC connection to {vendor or url!r}", JDBC_PAGE)
    return vendor
