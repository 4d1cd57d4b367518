"""Imported exports give the KPIs one counts in them by hand."""

import datetime as dt
import os
from functools import cache
from pathlib import Path

import pytest

from importer.convert import convert
from importer.mapping import load_map
from importer.tables import open_table
from models.events import parse_event
from models.instants import HOUR, Instant, instant
from models.ledger import StoreLedger
from models.stores import Stores

ROOT = Path(__file__).parents[2]
LEVY = Path(os.environ.get("BAYPULSE_LEVY_CSV", ROOT / "production_levy.csv"))
WINDOW = 720 * HOUR  # the span of 30d

real_log = pytest.mark.skipif(
    not LEVY.is_file(),
    reason=f"the real log is not part of the project and not at {LEVY}: set BAYPULSE_LEVY_CSV to its path",
)


def ledger(map_name: str, path: Path, store: str, zone: str) -> StoreLedger:
    mapping = load_map(Path(map_name))
    stores = Stores.from_dict({"stores": [{"id": store, "name": store, "timezone": zone}]})
    found = stores.get(store)
    assert found is not None
    imported = StoreLedger(found)
    refused = [imported.absorb(parse_event(m.body)) for m in convert(mapping, open_table(path, mapping.file)).events]
    assert set(refused) == {None}
    return imported


def clocked_hours(path: Path, begin: Instant, windows: int) -> float:
    """The clocked hours of 30-day windows that follow on one another, added up."""
    imported = ledger("levy_job_shop", path, "levy", "UTC")
    total = 0
    for number in range(1, windows + 1):
        imported.settle(begin + number * WINDOW)
        total += next(r.denominator for r in imported.readings() if r[:2] == ("efficiency_rate", "30d"))
    return total / 3600


@cache
def cdk() -> dict[tuple[str, str], tuple[int, int]]:
    imported = ledger("cdk_repair_orders", ROOT / "tests/data/cdk_repair_orders.csv", "S0001", "America/Chicago")
    imported.settle(instant(dt.datetime(2025, 3, 20, 12, tzinfo=dt.UTC)))
    return {(r.kpi, r.window): (r.numerator, r.denominator) for r in imported.readings()}


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator"),
    [
        ("booking_rate", 18, 24),  # 24 of 30 orders are a customer's, 18 of them have an appointment
        ("service_orders", 29, 0),  # 30 less the void one
        ("on_time_delivery_rate", 11, 29),  # closed at 18:00 of a day not after the first promise
        ("comeback_rate", 2, 27),
        ("parts_cost", 243980, 0),  # cents
        ("efficiency_rate", 166320, 0),  # 46.2 h sold; the extract has no punches
    ],
)
def test_repair_orders_of_cdk_drive_give_the_kpis_counted_in_them(kpi, numerator, denominator):
    assert cdk()[kpi, "30d"] == (numerator, denominator)


def test_the_sample_shops_clocked_hours_are_the_union_of_its_punches():
    begin = instant(dt.datetime(2012, 1, 29, tzinfo=dt.UTC))
    assert clocked_hours(ROOT / "tests/data/job_shop.csv", begin, 1) == 20.75


@real_log
def test_the_real_shops_clocked_hours_are_the_union_of_its_punches():
    begin = instant(dt.datetime(2012, 1, 1, tzinfo=dt.UTC))
    assert round(clocked_hours(LEVY, begin, 4)) == 11042
