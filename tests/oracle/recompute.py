"""Every KPI of one store, recomputed from the whole table of its events; written from docs/counting-rules.md alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from models.events import Envelope
from tests.oracle.appointments import appointment_cases
from tests.oracle.calendar import OracleStore, window_start
from tests.oracle.delivery_cases import delivery_cases, problem_cases
from tests.oracle.order_cases import check_in_cases, parts_cases, reception_cases, workshop_cases
from tests.oracle.orders import Order
from tests.oracle.store_cases import active_and_loyal, audit_cases, duty_cases, returned, stock_cases
from tests.oracle.table import Case, Row, group, seconds, visible_rows
from tests.oracle.technicians import Span, available_spans, clocked_spans

__all__ = ["WINDOWS", "OracleStore", "recompute", "vehicles_in_workshop"]

_R = "today 7d 30d"
_M = "today mtd 30d"

WINDOWS: dict[str, tuple[str, ...]] = {
    kpi: tuple(windows.split())
    for kpi, windows in {
        "booking_rate": _R,
        "reminder_rate": _R,
        "punctuality_rate": _R,
        "menu_price_rate": _R,
        "inspection_sheet_rate": _R,
        "interactive_inspection_rate": _R,
        "vehicles_per_advisor_day": f"{_R} mtd",
        "vehicles_per_bay_day": f"{_R} mtd",
        "parts_fill_rate": _R,
        "pre_pick_rate": _R,
        "parts_lead_time": "7d 30d",
        "parts_cost": _M,
        "inventory_turns": "30d 12m",
        "first_time_fix_rate": "7d 30d",
        "comeback_rate": "30d",
        "on_time_completion_rate": f"1h {_R}",
        "final_inspection_rate": _R,
        "on_time_delivery_rate": _R,
        "utilisation_rate": f"1h {_R}",
        "efficiency_rate": _R,
        "performance_index": _R,
        "vehicles_per_technician_day": f"{_R} mtd",
        "body_vehicles_per_technician_day": f"{_R} mtd",
        "paint_vehicles_per_technician_day": f"{_R} mtd",
        "wash_vehicles_per_washer_day": f"{_R} mtd",
        "cycle_time": _R,
        "waiting_time": _R,
        "service_orders": f"1h {_R} mtd",
        "service_conversion_rate": _R,
        "repair_completion_rate": "7d 30d",
        "delivery_explanation_rate": _R,
        "follow_up_rate": "7d 30d",
        "satisfaction_rate": "7d 30d",
        "problem_resolution_rate": "7d 30d",
        "complaint_rate": "30d",
        "active_vehicles": "12m",
        "loyalty_rate": "12m",
        "return_rate": "30d",
        "record_accuracy_rate": "30d",
    }.items()
}
"""Every KPI recomputed here and its windows; the gauge `vehicles_in_workshop` stands apart."""

Sums = tuple[int, int]


def recompute(
    events: Iterable[Envelope], now: datetime, zone: ZoneInfo, store: OracleStore
) -> dict[tuple[str, str], Sums]:
    """Return numerator and denominator of every KPI and window: counts, seconds, cents."""
    rows = visible_rows(events, now)
    orders = _orders(rows)
    cases = list(_all_cases(rows, orders, now, zone, store))
    clocked, available = clocked_spans(rows, now), available_spans(rows, now)
    sums = {}
    for kpi, windows in WINDOWS.items():
        for window in windows:
            start = window_start(window, now, zone)
            counted = _counted([case for case in cases if case.kpi == kpi], start, now)
            spread = _spread(kpi, clocked, available, start)
            vehicles = _vehicles(kpi, orders, start, zone)
            parts = (counted, spread, vehicles)
            sums[kpi, window] = sum(part[0] for part in parts), sum(part[1] for part in parts)
    return sums


def vehicles_in_workshop(events: Iterable[Envelope], now: datetime) -> int:
    """Return how many orders are checked in and neither delivered nor cancelled."""
    orders = _orders(visible_rows(events, now))
    return sum(order.check_in is not None and order.delivered is None and not order.is_cancelled for order in orders)


def _orders(rows: list[Row]) -> list[Order]:
    mine = group(rows, lambda row: getattr(row.data, "order_id", None))
    return [Order(order) for order in mine.values()]


def _all_cases(
    rows: list[Row], orders: list[Order], now: datetime, zone: ZoneInfo, store: OracleStore
) -> Iterator[Case]:
    yield from chain(
        appointment_cases(rows, store.tolerance_minutes),
        duty_cases(rows, now, zone, store),
        stock_cases(rows, now, zone, store),
        audit_cases(rows),
        problem_cases(rows),
    )
    for order in orders:
        yield from check_in_cases(order)
        if not order.is_cancelled:
            yield from reception_cases(order, now)
            yield from parts_cases(order)
            yield from workshop_cases(order, now)
            yield from delivery_cases(order, zone, store)


def _counted(cases: list[Case], start: datetime, now: datetime) -> Sums:
    inside = [case for case in cases if start <= case.at < now]
    return sum(case.numerator for case in inside), sum(case.denominator for case in inside)


def _spread(kpi: str, clocked: list[Span], available: list[Span], start: datetime) -> Sums:
    if kpi == "utilisation_rate":
        return _seconds_since(clocked, start), _seconds_since(available, start)
    if kpi == "efficiency_rate":
        return 0, _seconds_since(clocked, start)
    if kpi == "performance_index":
        return 0, _seconds_since(available, start)
    return 0, 0


def _seconds_since(spans: list[Span], start: datetime) -> int:
    return sum(seconds(max(begin, start), end) for begin, end in spans if end > start)


def _vehicles(kpi: str, orders: list[Order], start: datetime, zone: ZoneInfo) -> Sums:
    if kpi == "return_rate":
        return returned(orders, start, zone)
    active, loyal = active_and_loyal(orders, start)
    return {"active_vehicles": (active, 0), "loyalty_rate": (loyal, active)}.get(kpi, (0, 0))
