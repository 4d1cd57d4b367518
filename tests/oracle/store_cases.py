"""The cases of the store itself: duty days, stock values, audits; and what vehicles come back."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.calendar import OracleStore, local_day, year_before
from tests.oracle.orders import Order
from tests.oracle.table import Case, Row, cents, named

__all__ = ["active_and_loyal", "audit_cases", "duty_cases", "returned", "stock_cases"]

_HEAD_COUNTS = {
    "vehicles_per_advisor_day": "advisors",
    "vehicles_per_bay_day": "reception_bays",
    "vehicles_per_technician_day": "technicians",
    "body_vehicles_per_technician_day": "body_technicians",
    "paint_vehicles_per_technician_day": "painters",
    "wash_vehicles_per_washer_day": "washers",
}


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def duty_cases(rows: list[Row], now: datetime, zone: ZoneInfo, store: OracleStore) -> Iterator[Case]:
    """The day's heads, at its duty moment, on every day from the first one named."""
    reports = {row.data.day: row.data for row in named(rows, "store.staffed")}
    if not reports:
        return
    for day in _days(min(reports), local_day(now, zone)):
        if day in reports or store.opening(day) is not None:
            heads = reports[max(named_day for named_day in reports if named_day <= day)]
            at = store.duty_moment(day, zone)
            for kpi, field in _HEAD_COUNTS.items():
                yield Case(kpi, at, 0, getattr(heads, field))


def stock_cases(rows: list[Row], now: datetime, zone: ZoneInfo, store: OracleStore) -> Iterator[Case]:
    """The value of the parts in stock at the duty moment of every day from the first valuation."""
    valuations = named(rows, "store.inventory_valued")
    if not valuations:
        return
    for day in _days(local_day(valuations[0].time, zone), local_day(now, zone)):
        at = store.duty_moment(day, zone)
        known = [row for row in valuations if row.time <= at]
        if known:
            yield Case("inventory_turns", at, 0, cents(known[-1].data.parts))


def audit_cases(rows: list[Row]) -> Iterator[Case]:
    """One case per audited record."""
    for row in named(rows, "store.record_audited"):
        yield Case("record_accuracy_rate", row.time, int(row.data.accurate), 1)


def _visits(orders: list[Order]) -> dict[str, list[Order]]:
    visits: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        if order.check_in is not None:
            visits[order.check_in.data.vehicle_id].append(order)
    return visits


def _time(order: Order) -> datetime:
    assert order.check_in is not None
    return order.check_in.time


def active_and_loyal(orders: list[Order], start: datetime) -> tuple[int, int]:
    """Return how many vehicles came since the start, and how many of them are loyal."""
    active = loyal = 0
    for visits in _visits(orders).values():
        inside = [order for order in visits if _time(order) >= start]
        active += bool(inside)
        loyal += len(inside) >= 2 and any(_is_self_paid(order) for order in inside)
    return active, loyal


def _is_self_paid(order: Order) -> bool:
    return not order.is_cancelled and any(line.payer == "customer" for _, line in order.invoice_lines())


def returned(orders: list[Order], start: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Return how many vehicles came back within a year, and how many came, since the start."""
    came = back = 0
    for visits in _visits(orders).values():
        times = [_time(order) for order in visits]
        inside = [at for at in times if at >= start]
        came += bool(inside)
        back += any(year_before(at, zone) <= other < at for at in inside for other in times)
    return back, came
