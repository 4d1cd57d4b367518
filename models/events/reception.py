"""Events from the first call to the signed repair order: appointments, check-in, inspection, quote."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from models.events.envelope import Data, Id, PersonalId, Time

__all__ = [
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentReminded",
    "AppointmentRescheduled",
    "InspectionCompleted",
    "QuoteApproved",
    "QuoteDeclined",
    "QuoteGiven",
    "QuoteLine",
    "VehicleCheckedIn",
    "WorkType",
]

WorkType = Literal["maintenance", "repair", "body", "paint", "warranty", "internal"]


class AppointmentBooked(Data):
    """A customer took a slot."""

    event_type: ClassVar[str] = "appointment.booked"
    appointment_id: Id
    slot: Time
    customer_id: PersonalId | None = None
    vehicle_id: Id | None = None
    advisor_id: Id | None = None
    work_type: WorkType | None = None


class AppointmentRescheduled(Data):
    """The appointment moved to another slot."""

    event_type: ClassVar[str] = "appointment.rescheduled"
    appointment_id: Id
    slot: Time


class AppointmentCancelled(Data):
    """The customer will not come."""

    event_type: ClassVar[str] = "appointment.cancelled"
    appointment_id: Id


class AppointmentReminded(Data):
    """The customer was reminded of the slot."""

    event_type: ClassVar[str] = "appointment.reminded"
    appointment_id: Id
    channel: Literal["phone", "sms", "message", "email", "app"] = "phone"


class VehicleCheckedIn(Data):
    """A vehicle was received; its repair order starts here."""

    event_type: ClassVar[str] = "vehicle.checked_in"
    order_id: Id
    vehicle_id: Id
    customer_id: PersonalId | None = None
    plate: PersonalId | None = None
    advisor_id: Id | None = None
    appointment_id: Id | None = None
    waiter: bool = False
    internal: bool = False


class InspectionCompleted(Data):
    """The vehicle was looked over before the order was written."""

    event_type: ClassVar[str] = "inspection.completed"
    order_id: Id
    sheet_used: bool
    customer_present: bool


class QuoteLine(BaseModel):
    """One line of a quote; the same line given again replaces the one before."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    line_id: Id
    menu_price: bool


class QuoteGiven(Data):
    """The customer was told what the work will cost."""

    event_type: ClassVar[str] = "quote.given"
    order_id: Id
    lines: tuple[QuoteLine, ...]


class QuoteApproved(Data):
    """The customer agreed to the quote."""

    event_type: ClassVar[str] = "quote.approved"
    order_id: Id


class QuoteDeclined(Data):
    """The customer refused the quote."""

    event_type: ClassVar[str] = "quote.declined"
    order_id: Id
