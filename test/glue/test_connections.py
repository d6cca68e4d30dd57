# The local awsglue on connections, secrets and catalog tables: one run of scripts/connections.py.
import json
from pathlib import Path

from support.endpoint import Endpoint
from support.postgres import DATABASE, USER, Postgres
from support.runs import Runner

SCRIPT = Path(__file__).parent / "scripts" / "connections.py"
ROW_SCHEMA = "struct<id:int,amount:decimal(12,2),word:string"


def test_connections_and_catalog(postgres: Postgres, endpoint: Endpoint, runner: Runner, tmp_path: Path):
    postgres.run("create table sink (id int, amount numeric(12,2), word text)")
    endpoint.secrets["s"] = {"username": USER, "password": postgres.password}
    properties = {"JDBC_CONNECTION_URL": postgres.url, "SECRET_ID": "s", "JDBC_ENFORCE_SSL": "false"}
    elsewhere = {"JDBC_CONNECTION_URL": "jdbc:mysql://h:3306/d", "USERNAME": "u", "PASSWORD": "p"}
    endpoint.connections.update(
        {
            "with-secret": {"ConnectionType": "JDBC", "ConnectionProperties": properties},
            "mysql": {"ConnectionType": "JDBC", "ConnectionProperties": elsewhere},
            "kafka": {"ConnectionType": "KAFKA", "ConnectionProperties": {}},
        }
    )
    columns = [
        {"Name": "id", "Type": "int"},
        {"Name": "amount", "Type": "decimal(12,2)"},
        {"Name": "word", "Type": "string"},
    ]
    parquet = {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}
    place = f"file://{tmp_path}/files"
    endpoint.tables[("db", "files")] = {
        "Name": "files",
        "StorageDescriptor": {"Columns": columns, "Location": place, "SerdeInfo": parquet},
        "PartitionKeys": [{"Name": "month", "Type": "string"}],
    }
    endpoint.partitions[("db", "files")] = [{"Values": ["02"], "StorageDescriptor": {"Location": f"{place}/month=02"}}]
    endpoint.tables[("db", "crawled")] = {
        "Name": "crawled",
        "StorageDescriptor": {"Columns": columns, "Location": f"{DATABASE}.public.sink"},
        "Parameters": {"classification": "postgresql", "connectionName": "with-secret"},
    }

    login = {"--url": postgres.url, "--user": USER, "--password": postgres.password}
    done = runner.run(SCRIPT, "connections", login)
    assert done.code == 0, done.errors
    told = json.loads(done.out)

    rows = [[1, "9999999999.99", "o'clock"], [2, "0.01", None]]
    assert told["extract_jdbc_conf"] == {
        "user": USER,
        "password": postgres.password,
        "vendor": "postgresql",
        "url": f"jdbc:postgresql://127.0.0.1:{postgres.port}",
        "fullUrl": postgres.url,
        "enforceSSL": "false",
        "customJDBCCert": "",
        "customJDBCCertString": "",
        "skipCustomJDBCCertValidation": "false",
    }
    thrice = {"schema": f"{ROW_SCHEMA}>", "rows": [row for row in rows for _ in range(3)]}
    assert told["sink"] == told["catalog of the database"] == thrice
    assert told["catalog of files"] == {"schema": f"{ROW_SCHEMA},month:string>", "rows": [[*row, "02"] for row in rows]}
    assert told["match_catalog"] == f"{ROW_SCHEMA},other:int>"
    for name, words in {
        "other database": "NotImplementedError: another database (elsewhere)",
        "update catalog": "the option 'enableUpdateCatalog' is not implemented",
        "partition keys": "ValueError: additional_options need partitionKeys ['month']",
        "mysql": "NotImplementedError: a JDBC connection to 'mysql' is not implemented",
        "kafka": "NotImplementedError: a connection of type KAFKA (kafka) is not implemented",
        "table": "ValueError: connection_options lack dbtable",
        "fetchsize": "the option 'fetchsize' is not implemented",
    }.items():
        assert words in (told[name] or ""), (name, told[name])
