"""Appointment and reception: who comes as agreed, and how they are received."""

from models.clock import Clock
from models.entities.appointment import Appointment
from models.entities.order import RepairOrder
from models.instants import HOUR, MINUTE
from models.kpis.card import Cases, Kpi, R, above, exactly
from models.kpis.duty_days import days_of
from models.stores import Store

__all__ = ["KPIS", "check_ins"]

SECTION = "Appointment and reception"


def check_ins(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count every check-in above the line."""
    return () if order.checked_in_at is None else ((order.checked_in_at, 1, 0),)


def booking_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count check-ins that are not internal; those that name an appointment above the line."""
    if order.checked_in_at is None or order.internal:
        return ()
    return ((order.checked_in_at, order.appointment_id is not None, 1),)


def reminder_rate(appointment: Appointment, clock: Clock, store: Store) -> Cases:
    """Count appointments made a day ahead: won by a reminder from 24 h to 12 h before the slot, lost when that time
    is over."""
    slot, made = appointment.slot, appointment.made_at
    if slot is None or made is None or made > slot - 24 * HOUR:
        return ()
    first, last = slot - 24 * HOUR, slot - 12 * HOUR
    if appointment.cancelled_at is not None and appointment.cancelled_at < last:
        return ()
    for reminded in appointment.reminders:
        if first <= reminded <= last:
            return ((reminded, 1, 1),)
    return ((last, 0, 1),) if clock.passed(last) else ()


def punctuality_rate(appointment: Appointment, clock: Clock, store: Store) -> Cases:
    """Count appointments not cancelled before their slot: won by an arrival in time, lost by an earlier one or by the
    end of the tolerance."""
    slot, arrived = appointment.slot, appointment.arrived_at
    if slot is None or (appointment.cancelled_at is not None and appointment.cancelled_at < slot):
        return ()
    last = slot + store.punctuality_tolerance_minutes * MINUTE
    if arrived is not None and arrived <= last:
        return ((arrived, arrived >= slot - 5 * MINUTE, 1),)
    return ((last, 0, 1),) if clock.passed(last) else ()


def menu_price_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count opened orders; above the line those with a quote whose every line is at menu price."""
    if order.opened_at is None or order.cancelled:
        return ()
    return ((order.opened_at, bool(order.quote) and all(order.quote.values()), 1),)


def inspection_sheet_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count inspected orders; above the line those inspected with a check sheet."""
    if order.inspected_at is None or order.cancelled:
        return ()
    return ((order.inspected_at, order.sheet_used, 1),)


def interactive_inspection_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count customers' opened orders; above the line those inspected together with the customer."""
    if order.opened_at is None or order.cancelled or order.internal:
        return ()
    return ((order.opened_at, order.inspected_at is not None and order.customer_present, 1),)


_BOOKING_OBSTACLES = (
    "Poor communication when booking; the booking process out of control; booking staff untrained or overloaded; "
    "reminders not kept up."
)

KPIS = (
    Kpi(
        id="booking_rate",
        zh="预约率",
        en="Booking rate",
        section=SECTION,
        numerator="check-ins that arrived on an appointment",
        denominator="check-ins, internal customers excluded",
        windows=R,
        target=above(0.50),
        obstacles=_BOOKING_OBSTACLES,
        order=booking_rate,
    ),
    Kpi(
        id="reminder_rate",
        zh="预约提醒比例",
        en="Reminder rate",
        section=SECTION,
        numerator="appointments reminded between 24 h and 12 h before the slot",
        denominator="appointments made at least 24 h before the slot and not cancelled before slot − 12 h",
        windows=R,
        target=above(0.70),
        note="A rescheduled appointment is judged by its new slot and by when that was agreed.",
        obstacles=_BOOKING_OBSTACLES,
        appointment=reminder_rate,
    ),
    Kpi(
        id="punctuality_rate",
        zh="客户守时率",
        en="Customer punctuality",
        section=SECTION,
        numerator="arrivals from 5 min before the slot to the end of the store's tolerance",
        denominator="appointments not cancelled before their slot; a no-show stays in",
        windows=R,
        target=above(0.60),
        obstacles=_BOOKING_OBSTACLES,
        appointment=punctuality_rate,
    ),
    Kpi(
        id="menu_price_rate",
        zh="目录式报价率",
        en="Menu pricing rate",
        section=SECTION,
        numerator="orders whose every quoted line is at menu price",
        denominator="orders opened (one without a quote counts here only)",
        windows=R,
        target=above(0.60),
        obstacles="Advisors untrained; the menu lacks items or is awkward to use; too many free diagnoses.",
        order=menu_price_rate,
    ),
    Kpi(
        id="inspection_sheet_rate",
        zh="预检表使用率",
        en="Inspection sheet use",
        section=SECTION,
        numerator="inspected orders with a check sheet",
        denominator="inspected orders",
        windows=R,
        target=exactly(1.0),
        obstacles="An unsuitable inspection bay; advisors untrained; too few booked customers to spread the work.",
        order=inspection_sheet_rate,
    ),
    Kpi(
        id="interactive_inspection_rate",
        zh="互动预检比例",
        en="Interactive inspection",
        section=SECTION,
        numerator="orders inspected together with the customer",
        denominator="customers' orders opened",
        windows=R,
        target=above(0.50),
        obstacles="An unsuitable inspection bay; advisors untrained; too few booked customers to spread the work.",
        order=interactive_inspection_rate,
    ),
    Kpi(
        id="vehicles_per_advisor_day",
        zh="服务顾问日均接车台次",
        en="Vehicles per advisor and day",
        section=SECTION,
        numerator="check-ins",
        denominator="advisor-days on duty",
        windows=(*R, "mtd"),
        higher_is_better=None,
        unit="per_day",
        order=check_ins,
        reports=days_of("advisors"),
    ),
    Kpi(
        id="vehicles_per_bay_day",
        zh="接待工位日接待台数",
        en="Vehicles per reception bay and day",
        section=SECTION,
        numerator="check-ins",
        denominator="reception-bay-days",
        windows=(*R, "mtd"),
        higher_is_better=None,
        unit="per_day",
        order=check_ins,
        reports=days_of("reception_bays"),
    ),
)
