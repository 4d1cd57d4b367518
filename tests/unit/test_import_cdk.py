"""Thirty repair orders of CDK Drive; the expected figures were counted in the file, not by the importer."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

from importer.convert import Outcome, convert
from importer.mapping import load_map
from importer.tables import open_table

SAMPLE = Path(__file__).parents[1] / "data/cdk_repair_orders.csv"


@cache
def imported() -> Outcome:
    mapping = load_map(Path("cdk_repair_orders"))
    return convert(mapping, open_table(SAMPLE, mapping.file))


def events(event_type: str) -> list[dict]:
    documents = (json.loads(made.body) for made in imported().events)
    return [document for document in documents if document["type"] == f"workshop.{event_type}"]


def event(event_type: str, order: str) -> dict:
    return next(document for document in events(event_type) if document["data"]["order_id"] == order)


def lines() -> list[dict]:
    return [line for invoice in events("invoice.issued") for line in invoice["data"]["lines"]]


def test_every_line_is_taken():
    assert (imported().rows, imported().rejects) == (62, [])


def test_thirty_orders_of_which_one_is_void_and_two_are_open():
    counts = Counter(json.loads(made.body)["type"].removeprefix("workshop.") for made in imported().events)
    assert counts == {
        "vehicle.checked_in": 30,
        "order.opened": 30,
        "order.cancelled": 1,
        "qc.passed": 27,
        "invoice.issued": 27,
        "order.closed": 27,
        "vehicle.delivered": 27,
        "rework.confirmed": 2,
    }


def test_eighteen_of_24_customers_orders_had_an_appointment():
    customers = [e["data"] for e in events("vehicle.checked_in") if not e["data"]["internal"]]
    assert (sum("appointment_id" in data for data in customers), len(customers)) == (18, 24)


def test_an_order_is_opened_at_the_local_time():
    assert event("order.opened", "612348")["time"] == "2025-03-05T07:05:00-06:00"


def test_the_first_promise_counts_where_there_were_two():
    assert event("order.opened", "612348")["data"]["promised_at"] == "2025-03-06T16:00:00-06:00"


def test_after_the_change_to_summer_time_the_offset_is_another():
    assert event("order.opened", "612355")["time"].endswith("-05:00")


def test_an_order_is_what_its_first_line_is():
    counts = Counter(e["data"]["work_type"] for e in events("order.opened"))
    assert counts == {"repair": 12, "maintenance": 9, "internal": 6, "body": 2, "warranty": 1}


def test_the_bill_has_every_line_with_its_payer():
    billed = event("invoice.issued", "612342")["data"]["lines"]
    assert [(line["line_id"], line["payer"], line["labour"]) for line in billed] == [
        ("A-1", "customer", 38.88),
        ("B-1", "warranty", 106.08),
    ]


def test_the_closed_orders_sold_46_hours_12():
    assert round(sum(line["labour_hours_sold"] for line in lines()), 2) == 46.2


def test_the_closed_orders_parts_cost_2439_80():
    assert round(sum(line["parts_cost"] for line in lines()), 2) == 2439.80


def test_a_comeback_names_the_order_that_did_not_last():
    pairs = [(e["data"]["rework_order_id"], e["data"]["order_id"]) for e in events("rework.confirmed")]
    assert pairs == [("612357", "612341"), ("612366", "612343")]


def test_the_void_order_is_neither_billed_nor_delivered():
    assert event("order.cancelled", "612353")["time"] == "2025-03-07T18:00:00-06:00"
    assert "612353" not in {e["data"]["order_id"] for e in events("vehicle.delivered")}
