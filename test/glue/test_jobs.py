# The ETL jobs on real Spark against a real PostgreSQL: first run, increments, runs that die, rows that move.
import time
from decimal import Decimal
from pathlib import Path

import pytest
from support.lake import CATALOG, SECRET, Warehouse
from support.runs import Finished

CHANGES = (
    # 1,000 rows change: 700 their amount, 300 their date, some of these to days on which nothing was ordered before.
    "update orders set amount = amount + 0.01, quantity = quantity + 1 where order_id % 69 = 0 and order_id / 69 <= 700",
    "update orders set order_date = order_date + 400 where order_id % 69 = 1 and order_id / 69 < 300",
    # 1,000 are new.
    "insert into orders (order_id, customer_id, order_date, quantity, amount) "
    "select 1000000 + n, n, date '1997-02-01' + n % 40, 1, 9999999999.99 from generate_series(1, 1000) n",
)


def succeeded(run: Finished) -> Finished:
    assert run.code == 0, run.errors
    return run


def test_first_run_increment_killed_before_commit_and_again(warehouse: Warehouse):
    warehouse.use_sample()
    succeeded(warehouse.load())
    assert warehouse.postgres.rows("select count(*), sum(amount) from orders") == [(69659, Decimal("2500315.63"))]

    # The first run carries everything, one file a day.
    assert "69659 changed, 546 partitions written" in succeeded(warehouse.etl("orders")).out
    assert "23570 changed, 84 partitions written" in succeeded(warehouse.etl("customers")).out
    for table, days in (("orders", 546), ("customers", 84)):
        assert warehouse.in_lake(table) == warehouse.in_source(table)
        assert list(warehouse.partitions(table).values()) == [1] * days
        assert warehouse.misplaced(table) == []
    assert warehouse.schema("orders") == {
        "order_id": "BIGINT",
        "customer_id": "INTEGER",
        "order_date": "DATE",
        "quantity": "INTEGER",
        "amount": "DECIMAL(12,2)",
        "change_seq": "BIGINT",
        "year": "VARCHAR",
        "month": "VARCHAR",
        "day": "VARCHAR",
    }

    # 1,000 rows change, 1,000 are added; the run is killed between its write and job.commit().
    before = warehouse.endpoint.bookmarks["orders-etl"]
    warehouse.postgres.run(*CHANGES)
    changed = warehouse.postgres.rows(
        f"select count(*) from orders where change_seq > {before['changed_orders']['values'][0]}"
    )
    assert changed == [(2000,)]
    untouched = set(warehouse.files("orders"))
    run = warehouse.start("orders")
    warehouse.endpoint.before_commit = lambda _: run.kill() or True
    assert run.wait().code != 0
    warehouse.endpoint.before_commit = None
    assert warehouse.endpoint.bookmarks["orders-etl"] == before
    untouched &= set(warehouse.files("orders"))

    # It runs again: the same rows once more, nothing twice, days that were not touched left as they are.
    assert "2000 changed" in succeeded(warehouse.etl("orders")).out
    assert warehouse.in_lake("orders") == warehouse.in_source("orders")
    assert warehouse.misplaced("orders") == []
    assert set(warehouse.partitions("orders").values()) == {1}
    assert 0 < len(untouched) and untouched <= set(warehouse.files("orders"))

    # Nothing new: nothing is read, nothing written.
    files = warehouse.files("orders")
    assert "0 changed, 0 partitions written" in succeeded(warehouse.etl("orders")).out
    assert warehouse.files("orders") == files


ORDERS = "order_id,customer_id,order_date,quantity,amount\n"
CUSTOMERS = "customer_id,customer_segment,first_order_date\n1,one,1997-01-01\n"


def small(warehouse: Warehouse, orders: int, days: int) -> None:
    """Loads `orders` orders over `days` days."""
    lines = [f"{n},{n % 97},{day(n % days)},{n % 5},{n}.{n % 100:02}\n" for n in range(1, orders + 1)]
    warehouse.write_source("customers", CUSTOMERS)
    warehouse.write_source("orders", ORDERS + "".join(lines))
    succeeded(warehouse.load())


def day(number: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(number * 86400))


def test_a_row_whose_date_changes_leaves_its_partition(warehouse: Warehouse):
    small(warehouse, orders=10, days=10)
    succeeded(warehouse.etl("orders"))
    assert len(warehouse.partitions("orders")) == 10

    # Order 3 was alone on 1970-01-04; it joins order 4. Order 5 goes where no one was.
    warehouse.postgres.run(
        "update orders set order_date = '1970-01-05' where order_id = 3",
        "update orders set order_date = '2002-12-31' where order_id = 5",
    )
    succeeded(warehouse.etl("orders"))
    assert warehouse.in_lake("orders") == warehouse.in_source("orders")
    assert warehouse.misplaced("orders") == []
    left = warehouse.partitions("orders")
    assert len(left) == 9
    assert "year=1970/month=01/day=04" not in left and "year=1970/month=01/day=06" not in left
    assert left["year=2002/month=12/day=31"] == 1

    # The database is made anew, its change sequence begins at 1: what is read from it counts, not the higher old numbers.
    warehouse.postgres.empty()
    warehouse.endpoint.bookmarks.clear()
    small(warehouse, orders=10, days=5)
    succeeded(warehouse.etl("orders"))
    assert warehouse.in_lake("orders") == warehouse.in_source("orders")
    assert len(warehouse.partitions("orders")) == 5


def test_runs_killed_while_they_write_lose_nothing(warehouse: Warehouse):
    small(warehouse, orders=3000, days=300)
    succeeded(warehouse.etl("orders"))
    before = warehouse.in_lake("orders")
    old = set(warehouse.files("orders"))
    warehouse.postgres.run(
        "update orders set amount = 0, order_date = order_date + (order_id % 7)::int where order_id % 3 = 0"
    )

    def fresh() -> int:
        return len(set(warehouse.files("orders")) - old)

    # Three runs die: when the first new file shows, half way, and when the old ones are being deleted.
    moments = (lambda: fresh() > 0, lambda: fresh() > 150, lambda: not old <= set(warehouse.files("orders")))
    kept_by_key = {row[0] for row in before}
    for moment in moments:
        run = warehouse.start("orders")
        while run.running() and not moment():
            time.sleep(0.001)
        assert run.running(), run.wait().errors
        run.kill()
        # Readers may see a row twice meanwhile; a row that vanished could never be brought back by the next run.
        assert {row[0] for row in warehouse.in_lake("orders")} == kept_by_key
    succeeded(warehouse.etl("orders"))
    assert warehouse.in_lake("orders") == warehouse.in_source("orders")
    assert warehouse.misplaced("orders") == []
    assert set(warehouse.partitions("orders").values()) == {1}
    assert not (warehouse.lake("orders") / "_temporary").exists()


def test_the_password_rotates_while_a_job_runs(warehouse: Warehouse):
    small(warehouse, orders=3000, days=300)
    run = warehouse.start("orders")
    temporary = warehouse.lake("orders") / "_temporary"
    while run.running() and not temporary.exists():
        time.sleep(0.002)
    warehouse.postgres.rotate("second-password")
    warehouse.endpoint.secrets[SECRET]["password"] = "second-password"
    succeeded(run.wait())
    warehouse.postgres.run("update orders set quantity = 9 where order_id = 1")
    succeeded(warehouse.etl("orders"))
    assert warehouse.in_lake("orders") == warehouse.in_source("orders")


@pytest.fixture
def one_order(warehouse: Warehouse) -> Warehouse:
    small(warehouse, orders=1, days=1)
    return warehouse


def test_a_row_without_a_date_fails_the_run_by_name(one_order: Warehouse):
    one_order.postgres.run("alter table orders alter order_date drop not null", "update orders set order_date = null")
    run = one_order.etl("orders")
    assert run.code == 1
    assert run.failure["error"] == "ValueError: order_id 1 has no order_date: it belongs to no partition"
    assert one_order.files("orders") == [] and "orders-etl" not in one_order.endpoint.bookmarks


def test_a_table_that_does_not_fit_fails_the_run_before_it_writes(one_order: Warehouse):
    columns = one_order.endpoint.tables[(CATALOG, "orders")]["StorageDescriptor"]["Columns"]
    columns[4]["Type"] = "double"
    run = one_order.etl("orders")
    assert run.code == 1
    assert run.failure["error"].startswith("ValueError: table lake_catalog.orders has columns")
    assert one_order.files("orders") == []


def test_a_file_outside_the_day_folders_is_not_mistaken_for_one(one_order: Warehouse):
    succeeded(one_order.etl("orders"))
    stray = one_order.lake("orders") / "stray.parquet"
    stray.write_bytes(Path(one_order.files("orders")[0]).read_bytes())
    one_order.postgres.run("update orders set quantity = 7")
    run = one_order.etl("orders")
    assert run.code == 1
    assert "stray.parquet lies in no year=/month=/day= folder" in run.failure["error"]
