# The project's three jobs on one database and one lake folder, and what lies in both, read without Spark.
import glob
import gzip
import re
from pathlib import Path

import duckdb

from .endpoint import Endpoint
from .postgres import USER, Postgres
from .runs import JOBS, ROOT, Finished, Run, Runner

SAMPLES = ROOT / "resources" / "samples"
CONNECTION, SECRET, CATALOG = "the-database", "rds!db-secret", "lake_catalog"
COLUMNS = {
    "orders": {
        "order_id": "bigint",
        "customer_id": "int",
        "order_date": "date",
        "quantity": "int",
        "amount": "decimal(12,2)",
        "change_seq": "bigint",
    },
    "customers": {
        "customer_id": "int",
        "customer_segment": "string",
        "first_order_date": "date",
        "change_seq": "bigint",
    },
}
DATES = {"orders": "order_date", "customers": "first_order_date"}


class Warehouse:
    def __init__(self, postgres: Postgres, endpoint: Endpoint, runner: Runner, folder: Path) -> None:
        self.postgres, self.endpoint, self.runner, self.folder = postgres, endpoint, runner, folder
        self.source = folder / "source"
        properties = {"JDBC_CONNECTION_URL": postgres.url, "SECRET_ID": SECRET}
        endpoint.connections[CONNECTION] = {
            "Name": CONNECTION,
            "ConnectionType": "JDBC",
            "ConnectionProperties": properties,
        }
        endpoint.secrets[SECRET] = {"username": USER, "password": postgres.password}
        for table in COLUMNS:
            endpoint.tables[(CATALOG, table)] = self._catalog_table(table)

    def lake(self, table: str) -> Path:
        return self.folder / "lake" / table

    def _catalog_table(self, table: str) -> dict:
        columns = [{"Name": name, "Type": kind} for name, kind in COLUMNS[table].items()]
        return {
            "Name": table,
            "DatabaseName": CATALOG,
            "StorageDescriptor": {
                "Columns": columns,
                "Location": f"file://{self.lake(table)}/",
                "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
            },
            "PartitionKeys": [{"Name": name, "Type": "string"} for name in ("year", "month", "day")],
        }

    # The jobs
    def use_sample(self) -> None:
        for table in COLUMNS:
            self.write_source(table, gzip.decompress((SAMPLES / f"{table}.csv.gz").read_bytes()).decode())

    def write_source(self, table: str, text: str, name: str = "part-1") -> None:
        folder = self.source / table
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))

    def load(self) -> Finished:
        arguments = {"--connection_name": CONNECTION, "--source": f"file://{self.source}/"}
        return self.runner.run(JOBS / "load_source.py", "load-source", arguments)

    def start(self, table: str, **more: str) -> Run:
        arguments = {
            "--connection_name": CONNECTION,
            "--database": CATALOG,
            "--table": table,
            "--target": f"file://{self.lake(table)}/",
            "--job-bookmark-option": "job-bookmark-enable",
            "--extra-py-files": str(JOBS / "lake_upsert.py"),
            **{f"--{name}": value for name, value in more.items()},
        }
        return self.runner.start(JOBS / f"{table}_etl.py", f"{table}-etl", arguments)

    def etl(self, table: str, **more: str) -> Finished:
        return self.start(table, **more).wait()

    # What is there
    def in_source(self, table: str) -> list[tuple]:
        return sorted(self.postgres.rows(f"select {', '.join(COLUMNS[table])} from {table}"))

    def in_lake(self, table: str) -> list[tuple]:
        """Rows of all data files, by key; what a reader sees that takes each Parquet file below the table."""
        if not self.files(table):
            return []
        columns = ", ".join(COLUMNS[table])
        return sorted(duckdb.sql(f"select {columns} from {self._files_sql(table)}").fetchall())

    def misplaced(self, table: str) -> list[tuple]:
        """Rows whose folder is not that of their date."""
        date = DATES[table]
        return duckdb.sql(
            f"select * from {self._files_sql(table)} where strftime({date}, '%Y-%m-%d') <> concat_ws('-', year, month, day)"
        ).fetchall()

    def schema(self, table: str) -> dict[str, str]:
        """Types as the Parquet files have them, with the partition keys of the folders."""
        found = duckdb.sql(f"describe select * from {self._files_sql(table)}").fetchall()
        return {row[0]: row[1] for row in found}

    def files(self, table: str) -> list[Path]:
        """Data files; not what a run under way keeps in _temporary, which no reader sees."""
        return sorted(Path(name) for name in glob.glob(f"{self.lake(table)}/year=*/month=*/day=*/*.parquet"))

    def partitions(self, table: str) -> dict[str, int]:
        """{year=.../month=.../day=...: number of files}."""
        counts: dict[str, int] = {}
        for file in self.files(table):
            place = str(file.parent.relative_to(self.lake(table)))
            assert re.fullmatch(r"year=\d{4}/month=\d{2}/day=\d{2}", place), place  # 02, never 2
            counts[place] = counts.get(place, 0) + 1
        return counts

    def _files_sql(self, table: str) -> str:
        pattern = self.lake(table) / "*/*/*/*.parquet"
        return f"read_parquet('{pattern}', hive_partitioning = true, hive_types_autocast = false)"
