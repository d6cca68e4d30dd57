# Job bookmarks of the local awsglue: by JDBC keys of all kinds and by file, saved at commit alone, paused, disabled, changed.
import json
import os
from pathlib import Path

import pytest
from support.endpoint import Endpoint
from support.postgres import USER, Postgres
from support.runs import Finished, Runner

SCRIPT = Path(__file__).parent / "scripts" / "bookmarks.py"
JDBC = ("ascending", "descending", "compound", "in parallel", "by hash", "primary key")


class Site:
    """A table, a folder of files and a catalog table that grow together, and a job that reads them."""

    def __init__(self, postgres: Postgres, endpoint: Endpoint, runner: Runner, folder: Path) -> None:
        self.postgres, self.endpoint, self.runner, self.folder = postgres, endpoint, runner, folder
        login = {"JDBC_CONNECTION_URL": postgres.url, "USERNAME": USER, "PASSWORD": postgres.password}
        endpoint.connections["c"] = {"Name": "c", "ConnectionType": "JDBC", "ConnectionProperties": login}
        columns = "(id int primary key, seq bigint, down int, at timestamp, word text)"
        postgres.run(f"create table things {columns}", "create table gaps (id int primary key)")
        serde = {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"}
        endpoint.tables[("db", "parted")] = {
            "Name": "parted",
            "StorageDescriptor": {
                "Columns": [{"Name": "id", "Type": "int"}],
                "Location": f"file://{folder}/parted/",
                "SerdeInfo": serde,
            },
            "PartitionKeys": [{"Name": "month", "Type": "string"}],
        }
        endpoint.partitions[("db", "parted")] = [
            {"Values": [month], "StorageDescriptor": {"Location": f"file://{folder}/parted/month={month}/"}}
            for month in ("01", "02", "03")
        ]

    def add(self, first: int, last: int) -> None:
        self.postgres.run(
            # seq passes 9, 10 and 99, 100, where an order of texts goes wrong; four rows share each moment.
            f"insert into things select n, n * 7, -n * 3, timestamp '1997-01-01' + n / 4 * interval '1 h', 'it''s ' || n "
            f"from generate_series({first}, {last}) n",
            f"insert into gaps select n * 2 from generate_series({first}, {last}) n",
        )
        for number in range(first, last + 1):
            self.file("files", f"{number % 2}/{number}.json", number)
            self.file(f"parted/month=0{number % 3 + 1}", f"{number}.json", number)

    def file(self, place: str, name: str, number: int) -> Path:
        path = self.folder / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"id": number}) + "\n")
        return path

    def run(self, option: str = "job-bookmark-enable", commit: str = "yes", **more: str) -> Finished:
        arguments = {"--connection": "c", "--files": f"file://{self.folder}/files/", "--commit": commit}
        arguments["--job-bookmark-option"] = option
        return self.runner.run(
            SCRIPT, "bookmarks", {**arguments, **{f"--{name}": value for name, value in more.items()}}
        )

    def read(self, option: str = "job-bookmark-enable", commit: str = "yes", **more: str) -> dict[str, list[int]]:
        done = self.run(option, commit, **more)
        assert done.code == 0, done.errors
        return json.loads(done.out)


@pytest.fixture
def site(postgres: Postgres, endpoint: Endpoint, runner: Runner, tmp_path: Path) -> Site:
    return Site(postgres, endpoint, runner, tmp_path / "store")


def expect(read: dict[str, list[int]], first: int, last: int, everything: int) -> None:
    """All bookmarked sources read first..last; those that cannot keep a bookmark read 1..everything."""
    new = list(range(first, last + 1))
    for ctx in (*JDBC, "files"):
        assert read[ctx] == new, ctx
    assert read["catalog"] == [number for number in new if number % 3 != 0]  # months 02 and 03
    assert read["without context"] == list(range(1, everything + 1))
    assert read["key with gaps"] == [2 * number for number in range(1, everything + 1)]


def test_runs_one_after_the_other(site: Site):
    site.add(1, 12)
    expect(site.read(), 1, 12, everything=12)
    first = dict(site.endpoint.bookmarks["bookmarks"])
    assert first["ascending"] == {"kind": "jdbc", "keys": ["seq"], "order": "asc", "values": ["84"], "types": ["int8"]}
    assert "without context" not in first and "key with gaps" not in first

    expect(site.read(), 13, 12, everything=12)  # nothing new

    site.add(13, 20)
    # A run that does not come to job.commit() saves nothing; the next one reads the same.
    expect(site.read(commit="no"), 13, 20, everything=20)
    assert site.endpoint.bookmarks["bookmarks"] == first
    # A paused one reads what is new and leaves the bookmark; a disabled one reads all.
    expect(site.read("job-bookmark-pause"), 13, 20, everything=20)
    assert site.endpoint.bookmarks["bookmarks"] == first
    expect(site.read("job-bookmark-disable"), 1, 20, everything=20)
    assert site.endpoint.bookmarks["bookmarks"] == first
    expect(site.read(), 13, 20, everything=20)

    # Paused between two runs: what was read after the first, up to the second, though there is more by now.
    site.add(21, 22)
    runs = sorted(site.endpoint.history)
    between = {"job-bookmark-from": runs[0], "job-bookmark-to": runs[-1]}
    expect(site.read("job-bookmark-pause", **between), 13, 20, everything=22)

    # A file that changed is read again; a table is read by its keys, whatever happened below them.
    changed = site.file("files", "1/1.json", 1)
    os.utime(changed, (2_000_000_000, 2_000_000_000))
    site.postgres.run("update things set word = 'changed' where id = 1")
    read = site.read()
    assert read["files"] == [1, 21, 22]
    assert read["ascending"] == [21, 22]


def test_other_keys_than_the_bookmark_was_kept_by_are_refused(site: Site):
    site.add(1, 2)
    site.endpoint.bookmarks["bookmarks"] = {
        "ascending": {"kind": "jdbc", "keys": ["at"], "order": "asc", "values": ["x"], "types": ["text"]}
    }
    done = site.run()
    assert done.code == 1
    assert "reset the job bookmark" in done.failure["error"]


def test_a_lake_that_refuses_fails_the_run(site: Site):
    site.add(1, 2)
    site.endpoint.close()
    done = site.run()
    assert done.code == 1
    assert "Connection refused" in done.failure["error"]
