"""The appointment: its slot, its reminders, and the arrival it led to."""

from dataclasses import dataclass, field

from models.entities.log import Hearing
from models.events import reception
from models.instants import Instant

__all__ = ["Appointment", "hearing"]


@dataclass(slots=True)
class Appointment:
    """Facts of one appointment; `made_at` is when its present slot was agreed."""

    slot: Instant | None = None
    made_at: Instant | None = None
    cancelled_at: Instant | None = None
    reminders: list[Instant] = field(default_factory=list)
    arrived_at: Instant | None = None


hearing = Hearing(Appointment)


@hearing.on(reception.AppointmentBooked)
def _booked(
    appointment: Appointment,
    at: Instant,
    appointment_id: str,
    slot: Instant,
    customer_id: str | None,
    vehicle_id: str | None,
    advisor_id: str | None,
    work_type: str | None,
) -> None:
    _agree(appointment, at, slot)


@hearing.on(reception.AppointmentRescheduled)
def _rescheduled(appointment: Appointment, at: Instant, appointment_id: str, slot: Instant) -> None:
    _agree(appointment, at, slot)


def _agree(appointment: Appointment, at: Instant, slot: Instant) -> None:
    appointment.slot, appointment.made_at, appointment.cancelled_at = slot, at, None


@hearing.on(reception.AppointmentCancelled)
def _cancelled(appointment: Appointment, at: Instant, appointment_id: str) -> None:
    appointment.cancelled_at = at


@hearing.on(reception.AppointmentReminded)
def _reminded(appointment: Appointment, at: Instant, appointment_id: str, channel: str) -> None:
    appointment.reminders.append(at)


@hearing.on(reception.VehicleCheckedIn)
def _arrived(
    appointment: Appointment,
    at: Instant,
    order_id: str,
    vehicle_id: str,
    customer_id: str,
    plate: str,
    advisor_id: str,
    appointment_id: str,
    waiter: bool,
    internal: bool,
) -> None:
    if appointment.arrived_at is None:
        appointment.arrived_at = at
