"""The cases one repair order gives to the KPIs of reception, parts and workshop."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.oracle.orders import Order
from tests.oracle.table import Case, cents, hours_as_seconds, named, seconds

__all__ = ["check_in_cases", "parts_cases", "reception_cases", "workshop_cases"]


def check_in_cases(order: Order) -> Iterator[Case]:
    """Cases of the check-in alone: they stand even where the order is cancelled."""
    if order.check_in is None:
        return
    at = order.check_in.time
    if not order.is_internal:
        yield Case("booking_rate", at, int(order.check_in.data.appointment_id is not None), 1)
    yield Case("vehicles_per_advisor_day", at, 1, 0)
    yield Case("vehicles_per_bay_day", at, 1, 0)


def reception_cases(order: Order, now: datetime) -> Iterator[Case]:
    """Cases of the opened order: quote, inspection, orders counted, completion."""
    if order.inspection is not None:
        yield Case("inspection_sheet_rate", order.inspection.time, int(order.inspection.data.sheet_used), 1)
    if order.opened is not None:
        at, lines = order.opened.time, order.quote_lines()
        yield Case("menu_price_rate", at, int(bool(lines) and all(line.menu_price for line in lines)), 1)
        yield Case("service_orders", at, 1, 0)
        yield Case("repair_completion_rate", at, int(order.ready(now) is not None), 1)
        if not order.is_internal:
            together = order.inspection is not None and order.inspection.data.customer_present
            yield Case("interactive_inspection_rate", at, int(together), 1)
    if named(order.rows, "quote.given"):
        if order.answer is not None and order.answer.kind == "quote.approved":
            yield Case("service_conversion_rate", order.answer.time, 1, 1)
        elif order.closed is not None:
            yield Case("service_conversion_rate", order.closed, 0, 1)


def parts_cases(order: Order) -> Iterator[Case]:
    """Cases of the parts requested and of the parts sold."""
    for part in order.parts():
        available = part.requested.data.available
        yield Case("parts_fill_rate", part.requested.time, int(available), 1)
        if not available and part.arrived is not None and part.arrived >= part.requested.time:
            yield Case("parts_lead_time", part.arrived, seconds(part.requested.time, part.arrived), 1)
    start = order.start
    if start is not None:
        needed = [part for part in order.parts() if part.requested.time <= start]
        picked = all(part.picked is not None and part.picked <= start for part in needed)
        yield Case("pre_pick_rate", start, int(picked), 1)
    if order.closed is not None:
        cost = sum(cents(line.parts_cost) for _, line in order.invoice_lines())
        yield Case("parts_cost", order.closed, cost, 0)
        yield Case("inventory_turns", order.closed, cost * 365, 0)


def workshop_cases(order: Order, now: datetime) -> Iterator[Case]:
    """Cases of the promise, of the times in the shop and of the hours sold."""
    yield from _promise_cases(order, now)
    ready, start = order.ready(now), order.start
    if order.check_in is not None:
        received = order.check_in.time
        if ready is not None and received <= ready:
            yield Case("cycle_time", ready, seconds(received, ready), 1)
        if start is not None and received <= start:
            yield Case("waiting_time", start, seconds(received, start), 1)
    for at, line in order.invoice_lines():
        sold = hours_as_seconds(line.labour_hours_sold)
        yield Case("efficiency_rate", at, sold, 0)
        yield Case("performance_index", at, sold, 0)


def _promise_cases(order: Order, now: datetime) -> Iterator[Case]:
    if order.promise is None:
        return
    due = order.promise - timedelta(minutes=30)
    yield _by("on_time_completion_rate", order.qc_passed(min(due, now)), due)
    ready = order.ready(min(order.promise, now))
    yield _by("final_inspection_rate", ready, order.promise)
    yield _by("on_time_delivery_rate", ready, order.promise)


def _by(kpi: str, done: datetime | None, due: datetime) -> Case:
    return Case(kpi, due, 0, 1) if done is None else Case(kpi, done, 1, 1)
