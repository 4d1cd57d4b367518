"""The repair order: everything known of one visit of a vehicle."""

from dataclasses import dataclass, field
from typing import Any

from models.entities.log import Hearing
from models.events import commerce, customer, reception, workshop
from models.instants import DAY, Instant

__all__ = ["InvoiceLine", "Part", "RepairOrder", "hearing"]

REWORK_WITHIN: Instant = 30 * DAY
PRODUCTIVE = "productive"
IN_PERSON = ("phone", "in_person")


@dataclass(slots=True)
class Part:
    """One kind of part on an order; `available` is the answer to its first request."""

    requested_at: Instant | None = None
    available: bool = True
    arrived_at: Instant | None = None
    picked_at: Instant | None = None


@dataclass(slots=True)
class InvoiceLine:
    """The latest version of an invoice line; amounts in cents, labour in seconds."""

    invoiced_at: Instant
    work_type: str
    payer: str
    sold_seconds: int
    labour: int
    parts: int
    parts_cost: int


@dataclass(slots=True)
class RepairOrder:
    """Facts of one repair order. A moment that is None has not come yet; see the handlers for which event stands."""

    checked_in_at: Instant | None = None
    vehicle_id: str = ""
    appointment_id: str | None = None
    checked_in_internal: bool = False
    opened_at: Instant | None = None
    work_type: str = ""
    cancelled: bool = False
    first_promise: Instant | None = None
    changed_promise: Instant | None = None
    closed_at: Instant | None = None
    inspected_at: Instant | None = None
    sheet_used: bool = False
    customer_present: bool = False
    quote: dict[str, bool] = field(default_factory=dict)
    quoted: bool = False
    answered_at: Instant | None = None
    approved: bool = False
    parts: dict[str, Part] = field(default_factory=dict)
    started_at: Instant | None = None
    working: set[str] = field(default_factory=set)
    stop_reason: str | None = None
    qc: list[tuple[Instant, bool]] = field(default_factory=list)
    billed_at: Instant | None = None
    lines: dict[str, InvoiceLine] = field(default_factory=dict)
    set_ready: bool = False
    washed: bool = False
    delivered_at: Instant | None = None
    explained: bool = False
    calls: list[tuple[Instant, bool]] = field(default_factory=list)
    reworked_at: Instant | None = None
    complained: bool = False

    @property
    def internal(self) -> bool:
        """Whether the customer is the house itself."""
        return self.checked_in_internal or self.work_type == "internal"

    @property
    def promised_at(self) -> Instant | None:
        """The original promise: the one that judges the on-time KPIs."""
        return self.changed_promise if self.first_promise is None else self.first_promise

    def passed_by(self, at: Instant) -> Instant | None:
        """Return when the repair passed quality control, as known at `at`: the first pass after the latest failure."""
        passed: Instant | None = None
        for looked_at, found_right in self.qc:
            if looked_at > at:
                break
            passed = (passed or looked_at) if found_right else None
        return passed

    def ready_by(self, at: Instant) -> Instant | None:
        """Return when the vehicle was ready (quality control passed and bill made), as known at `at`."""
        passed = self.passed_by(at)
        if passed is None or self.billed_at is None or self.billed_at > at:
            return None
        return max(passed, self.billed_at)

    @property
    def reworked(self) -> bool:
        """Whether a rework was confirmed within 30 days of delivery."""
        if self.reworked_at is None or self.delivered_at is None:
            return False
        return self.reworked_at <= self.delivered_at + REWORK_WITHIN


hearing = Hearing(RepairOrder)


@hearing.on(reception.VehicleCheckedIn)
def _checked_in(
    order: RepairOrder,
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
    order.checked_in_at = at
    order.vehicle_id = vehicle_id
    order.appointment_id = appointment_id
    order.checked_in_internal = internal


@hearing.on(reception.InspectionCompleted)
def _inspected(order: RepairOrder, at: Instant, order_id: str, sheet_used: bool, customer_present: bool) -> None:
    order.inspected_at = at
    order.sheet_used = sheet_used
    order.customer_present = customer_present


@hearing.on(reception.QuoteGiven)
def _quoted(order: RepairOrder, at: Instant, order_id: str, lines: tuple[tuple[str, bool], ...]) -> None:
    order.quoted = True
    order.quote.update(lines)


@hearing.on(reception.QuoteApproved)
def _approved(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.answered_at, order.approved = at, True


@hearing.on(reception.QuoteDeclined)
def _declined(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.answered_at, order.approved = at, False


@hearing.on(workshop.OrderOpened)
def _opened(
    order: RepairOrder,
    at: Instant,
    order_id: str,
    work_type: str,
    promised_at: Instant | None,
    standard_hours: int | None,
) -> None:
    order.opened_at = at
    order.work_type = work_type
    order.cancelled = False
    if order.first_promise is None:
        order.first_promise = promised_at


@hearing.on(workshop.OrderPromiseChanged)
def _promise_changed(order: RepairOrder, at: Instant, order_id: str, promised_at: Instant, reason: str | None) -> None:
    if order.changed_promise is None:
        order.changed_promise = promised_at


@hearing.on(workshop.OrderPaused)
def _paused(order: RepairOrder, at: Instant, order_id: str, reason: str, expected_until: Instant | None) -> None:
    order.stop_reason = reason


@hearing.on(workshop.OrderResumed)
def _resumed(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.stop_reason = None


@hearing.on(workshop.OrderClosed)
def _closed(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.closed_at = at


@hearing.on(workshop.OrderReopened)
def _reopened(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.closed_at = None
    order.cancelled = False


@hearing.on(workshop.OrderCancelled)
def _cancelled(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.cancelled = True


@hearing.on(workshop.PartRequested)
def _requested(order: RepairOrder, at: Instant, order_id: str, part_no: str, quantity: int, available: bool) -> None:
    part = order.parts.setdefault(part_no, Part())
    if part.requested_at is None:
        part.requested_at, part.available = at, available


@hearing.on(workshop.PartArrived)
def _arrived(order: RepairOrder, at: Instant, order_id: str, part_no: str) -> None:
    part = order.parts.setdefault(part_no, Part())
    if part.arrived_at is None:
        part.arrived_at = at


@hearing.on(workshop.PartPicked)
def _picked(order: RepairOrder, at: Instant, order_id: str, part_no: str, quantity: int) -> None:
    part = order.parts.setdefault(part_no, Part())
    if part.picked_at is None:
        part.picked_at = at


@hearing.on(workshop.PartIssued)
def _issued(order: RepairOrder, at: Instant, order_id: str, part_no: str, quantity: int) -> None:
    """No KPI asks for the issue of a part yet; the event is kept with its order."""


@hearing.on(workshop.TechnicianClockedOn)
def _clocked_on(
    order: RepairOrder,
    at: Instant,
    technician_id: str,
    order_id: str,
    bay_id: str | None,
    activity: str,
    punch_id: str | None,
) -> None:
    if activity == PRODUCTIVE:
        order.working.add(technician_id)
        if order.started_at is None:
            order.started_at = at


@hearing.on(workshop.TechnicianClockedOff)
def _clocked_off(order: RepairOrder, at: Instant, technician_id: str, order_id: str, punch_id: str | None) -> None:
    order.working.discard(technician_id)


@hearing.on(workshop.QcPassed)
def _qc_passed(order: RepairOrder, at: Instant, order_id: str, inspector_id: str | None) -> None:
    order.qc.append((at, True))


@hearing.on(workshop.QcFailed)
def _qc_failed(order: RepairOrder, at: Instant, order_id: str, inspector_id: str | None, reason: str | None) -> None:
    order.qc.append((at, False))


@hearing.on(workshop.VehicleReady)
def _ready(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.set_ready = True


@hearing.on(workshop.VehicleWashed)
def _washed(order: RepairOrder, at: Instant, order_id: str, washer_id: str | None) -> None:
    order.washed = True


@hearing.on(workshop.VehicleDelivered)
def _delivered(order: RepairOrder, at: Instant, order_id: str, bill_explained: bool, advice_given: bool) -> None:
    order.delivered_at = at
    order.explained = bill_explained and advice_given


@hearing.on(commerce.InvoiceIssued)
def _invoiced(order: RepairOrder, at: Instant, order_id: str, lines: tuple[tuple[Any, ...], ...]) -> None:
    if order.billed_at is None:
        order.billed_at = at
    for line_id, *line in lines:
        order.lines[line_id] = InvoiceLine(at, *line)


@hearing.on(commerce.InvoiceWarrantyPaid)
def _warranty_paid(order: RepairOrder, at: Instant, order_id: str, amount: int) -> None:
    """No KPI asks for the receipt of warranty money yet; the event is kept with its order."""


@hearing.on(customer.CallbackMade)
def _called(
    order: RepairOrder, at: Instant, order_id: str, channel: str, reached: bool, satisfied: bool | None
) -> None:
    if reached and channel in IN_PERSON:
        order.calls.append((at, satisfied is True))


@hearing.on(customer.ReworkConfirmed)
def _reworked(order: RepairOrder, at: Instant, order_id: str, rework_order_id: str | None) -> None:
    if order.reworked_at is None:
        order.reworked_at = at


@hearing.on(customer.ComplaintReceived)
def _complained(order: RepairOrder, at: Instant, order_id: str) -> None:
    order.complained = True
