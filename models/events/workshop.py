"""Events of the shop floor: orders, parts, technicians, quality control, the vehicle on its way out."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.events.envelope import Data, Hours, Id, Time
from models.events.reception import WorkType

__all__ = [
    "OrderCancelled",
    "OrderClosed",
    "OrderOpened",
    "OrderPaused",
    "OrderPromiseChanged",
    "OrderReopened",
    "OrderResumed",
    "PartArrived",
    "PartIssued",
    "PartPicked",
    "PartRequested",
    "QcFailed",
    "QcPassed",
    "StopReason",
    "TechnicianBreakEnded",
    "TechnicianBreakStarted",
    "TechnicianClockedOff",
    "TechnicianClockedOn",
    "TechnicianPunchCorrected",
    "TechnicianShiftEnded",
    "TechnicianShiftPlanned",
    "TechnicianShiftStarted",
    "VehicleDelivered",
    "VehicleReady",
    "VehicleWashed",
]

StopReason = Literal["labour", "parts", "approval", "insurance", "warranty", "sublet", "other"]
Quantity = Annotated[int, Field(ge=1)]


class OrderOpened(Data):
    """The repair order was written."""

    event_type: ClassVar[str] = "order.opened"
    order_id: Id
    work_type: WorkType
    promised_at: Time | None = None
    standard_hours: Hours | None = None


class OrderPromiseChanged(Data):
    """The customer was given another delivery time; the first promise goes on judging the on-time KPIs."""

    event_type: ClassVar[str] = "order.promise_changed"
    order_id: Id
    promised_at: Time
    reason: str | None = None


class OrderPaused(Data):
    """Work stopped, with the reason the trade's board shows."""

    event_type: ClassVar[str] = "order.paused"
    order_id: Id
    reason: StopReason
    expected_until: Time | None = None


class OrderResumed(Data):
    """What stopped the work is gone."""

    event_type: ClassVar[str] = "order.resumed"
    order_id: Id


class OrderClosed(Data):
    """The order was billed and closed in the books."""

    event_type: ClassVar[str] = "order.closed"
    order_id: Id


class OrderReopened(Data):
    """A closed order was taken up again; it is not closed until it is closed once more."""

    event_type: ClassVar[str] = "order.reopened"
    order_id: Id


class OrderCancelled(Data):
    """The order will not be carried out."""

    event_type: ClassVar[str] = "order.cancelled"
    order_id: Id


class PartRequested(Data):
    """The workshop asked for a part; `available` says whether all of it was there at once."""

    event_type: ClassVar[str] = "part.requested"
    order_id: Id
    part_no: Id
    quantity: Quantity = 1
    available: bool


class PartArrived(Data):
    """A part that was missing came in."""

    event_type: ClassVar[str] = "part.arrived"
    order_id: Id
    part_no: Id


class PartPicked(Data):
    """A part was laid ready for its order."""

    event_type: ClassVar[str] = "part.picked"
    order_id: Id
    part_no: Id
    quantity: Quantity = 1


class PartIssued(Data):
    """A part was handed to the technician."""

    event_type: ClassVar[str] = "part.issued"
    order_id: Id
    part_no: Id
    quantity: Quantity = 1


class TechnicianShiftPlanned(Data):
    """A technician is to work from `from` until `until`."""

    event_type: ClassVar[str] = "technician.shift_planned"
    technician_id: Id
    from_: Time = Field(alias="from")
    until: Time


class TechnicianShiftStarted(Data):
    """A technician came to work."""

    event_type: ClassVar[str] = "technician.shift_started"
    technician_id: Id


class TechnicianBreakStarted(Data):
    """A technician went on a break."""

    event_type: ClassVar[str] = "technician.break_started"
    technician_id: Id


class TechnicianBreakEnded(Data):
    """A technician came back from a break."""

    event_type: ClassVar[str] = "technician.break_ended"
    technician_id: Id


class TechnicianShiftEnded(Data):
    """A technician went home."""

    event_type: ClassVar[str] = "technician.shift_ended"
    technician_id: Id


class TechnicianClockedOn(Data):
    """A technician began on an order, or on an idle code where `activity` is not `productive`.

    A punch is known by `punch_id`, and without one by the technician and the order.
    """

    event_type: ClassVar[str] = "technician.clocked_on"
    technician_id: Id
    order_id: Id | None = None
    bay_id: Id | None = None
    activity: Id = "productive"
    punch_id: Id | None = None


class TechnicianClockedOff(Data):
    """A technician stopped; it ends the punch named, else the technician's open one on that order."""

    event_type: ClassVar[str] = "technician.clocked_off"
    technician_id: Id
    order_id: Id | None = None
    punch_id: Id | None = None


class TechnicianPunchCorrected(Data):
    """A supervisor set the two ends of a punch; the latest correction stands.

    `order_id` is that of the corrected punch; `punch_id` its own, or the event id of its clock-on.
    """

    event_type: ClassVar[str] = "technician.punch_corrected"
    technician_id: Id
    punch_id: Id
    order_id: Id | None = None
    on: Time
    off: Time
    by: Id | None = None


class QcPassed(Data):
    """Quality control found the repair done and right."""

    event_type: ClassVar[str] = "qc.passed"
    order_id: Id
    inspector_id: Id | None = None


class QcFailed(Data):
    """Quality control sent the vehicle back to work."""

    event_type: ClassVar[str] = "qc.failed"
    order_id: Id
    inspector_id: Id | None = None
    reason: str | None = None


class VehicleReady(Data):
    """The vehicle stands ready to be collected."""

    event_type: ClassVar[str] = "vehicle.ready"
    order_id: Id


class VehicleWashed(Data):
    """The vehicle was washed."""

    event_type: ClassVar[str] = "vehicle.washed"
    order_id: Id
    washer_id: Id | None = None


class VehicleDelivered(Data):
    """The customer drove off; says whether the bill was explained and advice given."""

    event_type: ClassVar[str] = "vehicle.delivered"
    order_id: Id
    bill_explained: bool = False
    advice_given: bool = False
