# The loader, and the change sequence that it gives the source: twice makes nothing twice, numbers show up in their order.
import threading

from support.lake import Warehouse
from support.runs import Finished

CUSTOMERS = "customer_id,customer_segment,first_order_date\n1,one,1997-01-01\n2,two,1997-01-02\n"
ORDERS = "order_id,customer_id,order_date,quantity,amount\n"
FIRST = "1,1,1997-01-01,1,0.10\n2,1,1997-01-01,2,9999999999.99\n3,2,1997-03-01,3,0.00\n"


def load(warehouse: Warehouse, orders: str, customers: str = CUSTOMERS) -> Finished:
    warehouse.write_source("customers", customers)
    warehouse.write_source("orders", orders)
    return warehouse.load()


def sequence_of(warehouse: Warehouse) -> dict[int, int]:
    return dict(warehouse.postgres.rows("select order_id, change_seq from orders"))


def test_loading_again_changes_only_what_changed(warehouse: Warehouse):
    assert load(warehouse, ORDERS + FIRST).code == 0
    first = sequence_of(warehouse)
    customers = warehouse.in_source("customers")
    assert len(first) == 3

    assert load(warehouse, ORDERS + FIRST).code == 0
    assert sequence_of(warehouse) == first

    # One row changes, one is new, and one line stands there twice.
    changed = FIRST.replace("2,1,1997-01-01,2,9999999999.99", "2,1,1997-01-01,2,5.00") + "4,2,1998-01-01,1,1.00\n" * 2
    assert load(warehouse, ORDERS + changed).code == 0
    now = sequence_of(warehouse)
    assert [key for key in first if now[key] != first[key]] == [2]
    assert set(now) == {1, 2, 3, 4}
    assert min(now[2], now[4]) > max(first.values())
    assert warehouse.in_source("customers") == customers
    # Nothing of the loading is left behind.
    tables = warehouse.postgres.rows("select tablename from pg_tables where schemaname = 'public' order by 1")
    assert tables == [("customers",), ("orders",)]


def test_a_load_that_fails_leaves_the_database_as_it_was(warehouse: Warehouse):
    assert load(warehouse, ORDERS + FIRST).code == 0
    before = warehouse.in_source("orders"), warehouse.in_source("customers")
    more_customers = CUSTOMERS + "3,three,1997-01-03\n"

    contradicting = load(warehouse, ORDERS + FIRST + "9,1,1997-01-01,1,1.00\n9,1,1997-01-01,1,2.00\n", more_customers)
    assert contradicting.code == 1
    assert "cannot affect row a second time" in contradicting.failure["error"]
    assert (warehouse.in_source("orders"), warehouse.in_source("customers")) == before

    malformed = load(warehouse, ORDERS + FIRST + "ten,1,1997-01-01,1,1.00\n", more_customers)
    assert malformed.code == 1
    assert "ten" in malformed.errors
    assert (warehouse.in_source("orders"), warehouse.in_source("customers")) == before

    renamed = load(warehouse, ORDERS.replace("amount", "price") + FIRST, more_customers)
    assert renamed.code == 1
    assert "price" in renamed.errors
    assert (warehouse.in_source("orders"), warehouse.in_source("customers")) == before


def test_change_seq_is_set_by_the_database_alone(warehouse: Warehouse):
    assert load(warehouse, ORDERS + FIRST).code == 0
    before = sequence_of(warehouse)
    warehouse.postgres.run("update orders set quantity = quantity")
    assert sequence_of(warehouse) == before
    warehouse.postgres.run("insert into orders values (10, 1, '1997-01-01', 1, 1, 1)")
    assert sequence_of(warehouse)[10] > max(before.values())
    warehouse.postgres.run("update orders set change_seq = 1 where order_id = 1")
    assert sequence_of(warehouse)[1] > sequence_of(warehouse)[10]


def test_a_slow_transaction_cannot_show_a_number_below_one_already_read(warehouse: Warehouse):
    assert load(warehouse, ORDERS + FIRST).code == 0
    with warehouse.postgres.connect() as slow:
        slow.run("begin")
        slow.run("update orders set quantity = 50 where order_id = 1")

        def quick() -> None:
            warehouse.postgres.run("update customers set customer_segment = 'new' where customer_id = 2")

        other = threading.Thread(target=quick)
        other.start()
        # The other writer waits: what a job would read now ends below both numbers.
        other.join(1)
        assert other.is_alive()
        slow.run("commit")
    other.join(30)
    first = warehouse.postgres.rows("select change_seq from orders where order_id = 1")[0][0]
    second = warehouse.postgres.rows("select change_seq from customers where customer_id = 2")[0][0]
    assert first < second
