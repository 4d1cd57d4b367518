"""The cases of the appointments: reminders and punctuality."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.oracle.orders import latest
from tests.oracle.table import Case, Row, group, named

__all__ = ["appointment_cases"]

_KINDS = (
    "appointment.booked",
    "appointment.rescheduled",
    "appointment.cancelled",
    "appointment.reminded",
    "vehicle.checked_in",
)


def appointment_cases(rows: list[Row], tolerance_minutes: int) -> Iterator[Case]:
    """At most two cases per appointment whose slot is known."""
    for appointment in group(named(rows, *_KINDS), lambda row: row.data.appointment_id).values():
        made = latest(appointment, "appointment.booked", "appointment.rescheduled")
        if made is not None:
            yield from _reminder(appointment, made, _cancelled(appointment, made))
            yield from _punctuality(appointment, made, _cancelled(appointment, made), tolerance_minutes)


def _cancelled(rows: list[Row], made: Row) -> datetime | None:
    last = latest(rows, "appointment.cancelled")
    return last.time if last is not None and last[:3] > made[:3] else None


def _reminder(rows: list[Row], made: Row, cancelled: datetime | None) -> Iterator[Case]:
    first, last = made.data.slot - timedelta(hours=24), made.data.slot - timedelta(hours=12)
    if made.time > first or (cancelled is not None and cancelled < last):
        return
    times = [row.time for row in named(rows, "appointment.reminded") if first <= row.time <= last]
    yield Case("reminder_rate", times[0], 1, 1) if times else Case("reminder_rate", last, 0, 1)


def _punctuality(rows: list[Row], made: Row, cancelled: datetime | None, tolerance: int) -> Iterator[Case]:
    slot = made.data.slot
    if cancelled is not None and cancelled < slot:
        return
    deadline = slot + timedelta(minutes=tolerance)
    arrivals = named(rows, "vehicle.checked_in")
    if not arrivals or arrivals[0].time > deadline:
        yield Case("punctuality_rate", deadline, 0, 1)
    else:
        arrival = arrivals[0].time
        yield Case("punctuality_rate", arrival, int(arrival >= slot - timedelta(minutes=5)), 1)
