"""The cases a delivered order, its calls and the customers' problems give."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tests.oracle.calendar import OracleStore, end_of_follow_up
from tests.oracle.orders import Order
from tests.oracle.table import Case, Row, group, named

__all__ = ["delivery_cases", "problem_cases"]


def delivery_cases(order: Order, zone: ZoneInfo, store: OracleStore) -> Iterator[Case]:
    """Cases of the delivery and of the calls after it; calls count for satisfaction without a delivery too."""
    calls = [row for row in named(order.rows, "callback.made") if _reached(row)]
    for call in calls:
        yield Case("satisfaction_rate", call.time, int(call.data.satisfied is True), 1)
    if order.delivered is None:
        return
    at, handover = order.delivered.time, order.delivered.data
    rework = order.has_rework()
    yield Case("first_time_fix_rate", at, int(not rework), 1)
    yield Case("comeback_rate", at, int(rework), 1)
    yield Case("delivery_explanation_rate", at, int(handover.bill_explained and handover.advice_given), 1)
    yield Case("complaint_rate", at, int(bool(named(order.rows, "complaint.received"))), 1)
    yield from _worker_day_cases(order, order.delivered)
    if not order.is_internal:
        due = end_of_follow_up(at, store.follow_up_days, zone)
        times = [call.time for call in calls if at <= call.time <= due]
        yield Case("follow_up_rate", times[0], 1, 1) if times else Case("follow_up_rate", due, 0, 1)


def _worker_day_cases(order: Order, delivered: Row) -> Iterator[Case]:
    yield Case("vehicles_per_technician_day", delivered.time, 1, 0)
    work = order.opened.data.work_type if order.opened is not None else None
    if work in {"body", "paint"}:
        yield Case(f"{work}_vehicles_per_technician_day", delivered.time, 1, 0)
    if named(order.rows, "vehicle.washed"):
        yield Case("wash_vehicles_per_washer_day", delivered.time, 1, 0)


def _reached(call: Row) -> bool:
    return call.data.reached and call.data.channel in {"phone", "in_person"}


def problem_cases(rows: list[Row]) -> Iterator[Case]:
    """One case per problem raised."""
    kinds = ("problem.raised", "problem.fault_fixed", "problem.resolved")
    for problem in group(named(rows, *kinds), lambda row: row.data.problem_id).values():
        raised = named(problem, "problem.raised")
        if raised:
            faults = {fault for row in raised for fault in row.data.faults}
            fixed = {row.data.fault for row in named(problem, "problem.fault_fixed")}
            answers = named(problem, "problem.resolved")
            solved = faults <= fixed and bool(answers) and answers[-1].data.satisfied
            yield Case("problem_resolution_rate", raised[0].time, int(solved), 1)
