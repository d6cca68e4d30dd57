#!/usr/bin/env python3
# Makes customers.csv.gz and orders.csv.gz from CDNOW's master file, by the rules that README.md states.
"""Usage: make_samples.py CDNOW_master.txt[.gz] [FOLDER]

Writes both files into FOLDER (this folder where none is given). The same input gives the same CSV, byte for byte; the gzip
around it is the same too, wherever Python is built with the classic zlib.
"""

import gzip
import io
import sys
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple

# Lower bounds, in dollars, of the first order of a customer.
SEGMENTS = [("large", Decimal("40.00")), ("medium", Decimal("15.00")), ("small", Decimal("0.00"))]


class Order(NamedTuple):
    order_id: int
    customer_id: int
    order_date: str
    quantity: int
    amount: Decimal


def read_orders(path: Path) -> list[Order]:
    """The file's orders, numbered from 1 in the order of its lines; its first line is a header."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("ascii")
    lines = [line.split() for line in text.splitlines()[1:] if line.strip()]
    return [
        Order(number, int(customer), f"{date[:4]}-{date[4:6]}-{date[6:]}", int(quantity), Decimal(amount))
        for number, (customer, date, quantity, amount) in enumerate(lines, start=1)
    ]


def segment_of(amount: Decimal) -> str:
    return next(name for name, least in SEGMENTS if amount >= least)


def first_orders(orders: list[Order]) -> list[Order]:
    """Each customer's first order, by date and then by line, in the order of the customers' ids."""
    first: dict[int, Order] = {}
    for order in orders:
        known = first.get(order.customer_id)
        if known is None or (order.order_date, order.order_id) < (known.order_date, known.order_id):
            first[order.customer_id] = order
    return [first[customer] for customer in sorted(first)]


def write(path: Path, header: str, rows: list[str]) -> None:
    """A gzip without name or time, so that the same rows always make the same file."""
    buffer: BinaryIO = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as out:
        out.write("".join(f"{line}\n" for line in [header, *rows]).encode("ascii"))
    path.write_bytes(buffer.getvalue())


def main(source: str, folder: str = str(Path(__file__).parent)) -> None:
    orders = read_orders(Path(source))
    write(
        Path(folder, "customers.csv.gz"),
        "customer_id,customer_segment,first_order_date",
        [f"{o.customer_id},{segment_of(o.amount)},{o.order_date}" for o in first_orders(orders)],
    )
    write(
        Path(folder, "orders.csv.gz"),
        "order_id,customer_id,order_date,quantity,amount",
        [f"{o.order_id},{o.customer_id},{o.order_date},{o.quantity},{o.amount}" for o in orders],
    )


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
