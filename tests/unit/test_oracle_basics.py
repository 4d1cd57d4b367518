"""The recomputation itself against answers worked out by hand; the store is in Shanghai, times are local."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.events import Envelope, make_event
from tests.oracle.calendar import window_start
from tests.oracle.recompute import OracleStore, recompute, vehicles_in_workshop

SHANGHAI = ZoneInfo("Asia/Shanghai")
STORE = OracleStore()


def at(text: str) -> datetime:
    """`"04 10:00"` is ten o'clock on 4 March 2026."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=SHANGHAI)


def event(kind: str, when: str, name: str = "", /, **data: Any) -> Envelope:
    """One event of order o1; two of the same kind and time need names."""
    if kind.split(".", maxsplit=1)[0] not in {"appointment", "store", "technician", "problem", "event"}:
        data.setdefault("order_id", "o1")
    fields = {"source": "dms", "id": name or f"{kind} {when}", "type": f"workshop.{kind}", "storeid": "S1"}
    return make_event({**fields, "time": at(when).isoformat(), "data": data})


def value(events: list[Envelope], now: str, kpi: str, window: str, store: OracleStore = STORE) -> tuple[int, int]:
    return recompute(events, at(now).astimezone(UTC), SHANGHAI, store)[kpi, window]


def iso(text: str) -> str:
    return at(text).isoformat()


def opened(when: str, **data: Any) -> Envelope:
    return event("order.opened", when, work_type="repair", **data)


def clock(kind: str, when: str, **data: Any) -> Envelope:
    return event(f"technician.{kind}", when, technician_id="t1", **data)


PROMISED = [opened("04 09:00", promised_at=iso("04 17:00"))]


@pytest.mark.parametrize(
    ("checks", "now", "expected"),
    [
        ([], "04 16:30", (0, 0)),
        ([], "04 16:30:00.000001", (0, 1)),
        ([("passed", "04 16:30")], "04 16:31", (1, 1)),
        ([("passed", "04 16:30:00.000001")], "04 16:31", (0, 1)),
        ([("passed", "04 15:00"), ("failed", "04 15:30")], "04 16:00", (0, 0)),
        ([("passed", "04 15:00"), ("failed", "04 16:45")], "04 17:30", (1, 1)),
        ([("passed", "04 15:00"), ("failed", "04 15:30"), ("passed", "04 16:00")], "05 00:00", (1, 1)),
    ],
)
def test_a_repair_is_on_time_when_quality_control_has_passed_half_an_hour_before_the_promise(checks, now, expected):
    events = PROMISED + [event(f"qc.{result}", when) for result, when in checks]
    assert value(events, now, "on_time_completion_rate", "7d") == expected


@pytest.mark.parametrize(
    ("bill", "expected"), [("04 17:00", (1, 1)), ("04 17:00:00.000001", (0, 1)), ("04 08:00", (1, 1))]
)
def test_a_vehicle_is_ready_in_time_when_passed_and_billed_by_the_promise(bill, expected):
    events = [*PROMISED, event("qc.passed", "04 16:59"), event("invoice.issued", bill, lines=[])]
    assert value(events, "04 18:00", "on_time_delivery_rate", "today") == expected


def test_the_first_promise_judges_whatever_is_promised_later():
    later = event("order.promise_changed", "04 10:00", promised_at=iso("06 17:00"))
    assert value([*PROMISED, later], "05 09:00", "final_inspection_rate", "7d") == (0, 1)


@pytest.mark.parametrize(
    ("callback", "now", "expected"),
    [
        (None, "08 00:00", (0, 0)),
        (None, "08 00:00:00.000001", (0, 1)),
        (("08 00:00", "phone", True), "08 00:01", (1, 1)),
        (("08 00:00:00.000001", "phone", True), "08 00:01", (0, 1)),
        (("05 10:00", "voicemail", True), "08 00:01", (0, 1)),
        (("05 10:00", "in_person", False), "08 00:01", (0, 1)),
        (("04 11:59", "phone", True), "08 00:01", (0, 1)),
    ],
)
def test_a_follow_up_call_counts_until_the_end_of_the_third_day_after_delivery(callback, now, expected):
    events = [event("vehicle.delivered", "04 12:00")]
    if callback:
        when, channel, reached = callback
        events.append(event("callback.made", when, channel=channel, reached=reached))
    assert value(events, now, "follow_up_rate", "7d") == expected


@pytest.mark.parametrize(
    ("reminded", "cancelled", "expected"),
    [
        (None, None, (0, 1)),
        ("03 10:00", None, (1, 1)),
        ("03 09:59", None, (0, 1)),
        ("03 22:00", None, (1, 1)),
        ("03 22:00:00.000001", None, (0, 1)),
        ("03 12:00", "03 21:59", (0, 0)),
        ("03 12:00", "03 22:00", (1, 1)),
    ],
)
def test_a_reminder_counts_from_24_to_12_hours_before_the_slot(reminded, cancelled, expected):
    events = [event("appointment.booked", "03 10:00", appointment_id="a1", slot=iso("04 10:00"))]
    for kind, when in (("reminded", reminded), ("cancelled", cancelled)):
        events += [event(f"appointment.{kind}", when, appointment_id="a1")] if when else []
    assert value(events, "04 09:00", "reminder_rate", "7d") == expected


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        (None, (0, 1)),
        ("04 09:54:59", (0, 1)),
        ("04 09:55", (1, 1)),
        ("04 10:10", (1, 1)),
        ("04 10:10:00.5", (0, 1)),
    ],
)
def test_a_customer_is_punctual_from_five_minutes_before_the_slot_to_the_end_of_the_tolerance(arrival, expected):
    events = [event("appointment.booked", "01 10:00", appointment_id="a1", slot=iso("04 10:00"))]
    if arrival:
        events.append(event("vehicle.checked_in", arrival, vehicle_id="v", appointment_id="a1"))
    store = OracleStore(tolerance_minutes=10)
    assert value(events, "04 12:00", "punctuality_rate", "today", store) == expected


@pytest.mark.parametrize(
    ("punches", "now", "expected_seconds"),
    [
        (
            [("on", "08:00", "o1"), ("on", "09:00", "o2"), ("off", "10:00", "o1"), ("off", "11:00", "o2")],
            "13:00",
            10_800,
        ),
        ([("on", "08:00", "o1"), ("on", "08:30", "o1"), ("off", "09:00", "o1")], "13:00", 3_600),
        ([("on", "08:00", "o1"), ("off", "07:00", "o1")], "08:10", 600),
        ([("on", "08:00:00.9", "o1"), ("off", "08:00:01.1", "o1")], "13:00", 1),
        ([("on", "08:00", "o1")], "21:00", 43_200),
    ],
)
def test_clocked_seconds_are_the_union_of_a_technicians_punches(punches, now, expected_seconds):
    events = [clock(f"clocked_{kind}", f"04 {time}", order_id=order) for kind, time, order in punches]
    assert value(events, f"04 {now}", "efficiency_rate", "today") == (0, expected_seconds)


def test_an_open_punch_ends_with_the_shift_until_a_correction_says_otherwise():
    forgotten = [clock("clocked_on", "04 08:00", punch_id="p"), clock("shift_ended", "04 12:00")]
    correction = clock("punch_corrected", "04 15:00", punch_id="p", on=iso("04 08:00"), off=iso("04 09:00"))
    events = [*forgotten, correction]
    seen = [value(events, f"04 {now}", "efficiency_rate", "today")[1] for now in ("14:00", "16:00")]
    assert seen == [4 * 3600, 3600]


def test_breaks_are_taken_off_the_attendance_they_begin_in():
    shifts = [clock("shift_started", "04 08:00"), clock("shift_ended", "04 17:00")]
    breaks = [clock("break_started", "04 12:00"), clock("break_ended", "04 12:30"), clock("break_started", "04 16:00")]
    assert value(shifts + breaks, "04 20:00", "performance_index", "today") == (0, (8 * 2 - 1) * 1800)


def test_a_punch_over_midnight_is_split_between_the_days():
    events = [clock("shift_started", "03 22:00"), clock("clocked_on", "03 23:00"), clock("clocked_off", "04 02:00")]
    assert value(events, "04 03:00", "utilisation_rate", "today") == (2 * 3600, 3 * 3600)


def test_head_counts_hold_until_the_next_report_and_skip_closed_days():
    hours = {weekday: [("08:30", "17:30")] for weekday in range(5)}  # 7 and 8 March 2026 are a weekend
    store = OracleStore(hours=hours, holidays=frozenset({date(2026, 3, 4)}))
    reports = [event("store.staffed", "02 07:00", day="2026-03-02", advisors=2)]
    reports += [event("store.staffed", "06 07:00", day="2026-03-07", advisors=1)]
    # Monday 2, Tuesday 2, Wednesday a holiday, Thursday 2, Friday 2, Saturday named 1, Monday 1 from 08:30
    seen = [value(reports, now, "vehicles_per_advisor_day", "mtd", store) for now in ("09 08:30", "09 08:31")]
    assert seen == [(0, 9), (0, 10)]


def test_a_part_counts_once_by_its_first_request_and_its_wait_ends_when_it_arrives():
    part = {"part_no": "p"}
    events = [
        event("part.requested", "04 08:00", available=False, **part),
        event("part.arrived", "05 08:00:01", **part),
    ]
    events += [event("part.requested", "04 09:00", available=True, **part)]
    assert value(events, "05 09:00", "parts_fill_rate", "7d") == (0, 1)
    assert value(events, "05 09:00", "parts_lead_time", "7d") == (86_401, 1)


def test_parts_are_picked_in_time_when_they_lie_ready_before_work_starts():
    part, order = {"part_no": "p"}, {"order_id": "o1"}
    events = [event("part.requested", "04 08:00", available=True, **part), event("part.picked", "04 09:00", **part)]
    late = [*events, clock("clocked_on", "04 08:59", **order)]
    on_time = [*events, clock("clocked_on", "04 09:00", **order)]
    assert [value(these, "04 10:00", "pre_pick_rate", "today") for these in (late, on_time)] == [(0, 1), (1, 1)]


@pytest.mark.parametrize(("rework", "fixed"), [("2026-04-03T12:00:00+08:00", 0), ("2026-04-03T12:00:01+08:00", 1)])
def test_a_rework_within_thirty_days_takes_the_first_time_fix_away(rework, fixed):
    delivered = event("vehicle.delivered", "04 12:00")
    fields = {"source": "dms", "id": "r", "type": "workshop.rework.confirmed", "storeid": "S1"}
    back = make_event({**fields, "time": rework, "data": {"order_id": "o1"}})
    now = datetime(2026, 4, 3, 12, 30, tzinfo=SHANGHAI)
    assert recompute([delivered, back], now, SHANGHAI, STORE)["first_time_fix_rate", "30d"] == (fixed, 1)


def test_a_bill_sent_again_replaces_its_lines_and_their_hour():
    line = {"line_id": "l", "work_type": "repair", "labour": 0, "parts": 0, "parts_cost": 10}
    first = event("invoice.issued", "03 10:00", lines=[{**line, "labour_hours_sold": 1}])
    again = event("invoice.issued", "04 10:00", lines=[{**line, "labour_hours_sold": 1.5}])
    assert value([first, again], "04 09:00", "efficiency_rate", "7d") == (3600, 0)
    assert value([first, again], "04 11:00", "efficiency_rate", "7d") == (5400, 0)
    closed = event("order.closed", "04 10:30")
    assert value([first, again, closed], "04 11:00", "inventory_turns", "30d") == (1000 * 365, 0)


def test_a_vehicle_is_loyal_with_two_visits_of_which_it_paid_one():
    line = {"work_type": "repair", "labour_hours_sold": 1, "labour": 0, "parts": 0, "parts_cost": 0}
    events = [
        event("vehicle.checked_in", "01 10:00", order_id="o1", vehicle_id="v1"),
        event("vehicle.checked_in", "03 10:00", order_id="o2", vehicle_id="v1"),
        event("vehicle.checked_in", "03 11:00", order_id="o3", vehicle_id="v2"),
        event("invoice.issued", "03 12:00", order_id="o2", lines=[{**line, "line_id": "l"}]),
    ]
    assert value(events, "04 11:00", "active_vehicles", "12m") == (2, 0)
    assert value(events, "04 11:00", "loyalty_rate", "12m") == (1, 2)
    assert value(events, "04 11:00", "return_rate", "30d") == (1, 2)


def test_a_problem_is_solved_when_every_fault_is_fixed_and_the_customer_says_so():
    raised = [event("problem.raised", "04 09:00", problem_id="p", faults=["noise"])]
    more = event("problem.raised", "04 10:00", problem_id="p", faults=["leak"])
    fixed = event("problem.fault_fixed", "04 11:00", problem_id="p", fault="noise")
    happy = event("problem.resolved", "04 12:00", problem_id="p", satisfied=True)
    assert value([*raised, fixed, happy], "04 13:00", "problem_resolution_rate", "7d") == (1, 1)
    assert value([*raised, more, fixed, happy], "04 13:00", "problem_resolution_rate", "7d") == (0, 1)


def test_a_cancelled_order_counts_as_a_check_in_only():
    events = [event("vehicle.checked_in", "04 09:00", vehicle_id="v", appointment_id="a"), *PROMISED]
    events.append(event("order.cancelled", "04 10:00"))
    found = {kpi for (kpi, _), sums in recompute(events, at("04 18:00"), SHANGHAI, STORE).items() if sums != (0, 0)}
    visits = {"active_vehicles", "loyalty_rate", "return_rate"}
    assert found == {"booking_rate", "vehicles_per_advisor_day", "vehicles_per_bay_day"} | visits
    assert vehicles_in_workshop(events, at("04 18:00")) == 0
    assert vehicles_in_workshop(events, at("04 10:00")) == 1


def test_a_retraction_works_from_its_own_time_on_until_it_is_retracted():
    order = opened("04 09:00")
    back = event("event.retracted", "04 10:00", "r1", event={"source": "dms", "id": order.id})
    forth = event("event.retracted", "04 11:00", "r2", event={"source": "dms", "id": "r1"})
    events = [forth, back, order, order]
    seen = [value(events, f"04 {now}", "service_orders", "today")[0] for now in ("09:00", "10:00", "10:01", "11:01")]
    assert seen == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("zone", "window", "now", "start"),
    [
        ("Asia/Kolkata", "1h", "2026-03-04T10:20:30+05:30", "2026-03-04T09:20:00+05:30"),
        ("Asia/Kolkata", "7d", "2026-03-11T10:20:30+05:30", "2026-03-04T10:00:00+05:30"),
        ("Europe/Berlin", "7d", "2026-04-01T10:20:00+02:00", "2026-03-25T09:00:00+01:00"),
        ("Europe/Berlin", "today", "2026-03-29T10:00:00+02:00", "2026-03-29T00:00:00+01:00"),
        ("America/New_York", "mtd", "2026-03-20T10:00:00-04:00", "2026-03-01T00:00:00-05:00"),
        ("Europe/Berlin", "12m", "2024-02-29T10:00:00+01:00", "2023-03-01T00:00:00+01:00"),
        ("Africa/Cairo", "today", "2026-04-24T10:00:00+03:00", "2026-04-24T01:00:00+03:00"),
    ],
)
def test_windows_start_on_the_borders_of_the_stores_own_clock(zone, window, now, start):
    expected = datetime.fromisoformat(start)
    assert window_start(window, datetime.fromisoformat(now), ZoneInfo(zone)) == expected
