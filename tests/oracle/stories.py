"""What happens to one repair order and to one appointment, in plausible and in odd orders."""

from datetime import datetime, timedelta
from typing import Any

from tests.oracle.book import Book
from tests.oracle.calendar import end_of_follow_up

__all__ = ["appointment_story", "order_story"]

_WORK = ("maintenance", "repair", "body", "paint", "warranty", "internal")
_REASONS = ("labour", "parts", "approval", "insurance", "warranty", "sublet", "other")


def order_story(book: Book, order_id: str, appointments: list[str]) -> None:
    """Write the events of one order: any step may be missing, repeated, early or at the very same moment."""
    at = _reception(book, order_id, appointments)
    promise = book.after(at + book.random.choice((timedelta(hours=3), timedelta(hours=30), timedelta(0))))
    at = _opening(book, order_id, at, promise)
    at = _parts_and_stops(book, order_id, at)
    at = _finish(book, order_id, at, promise)
    _money(book, order_id, at)
    delivered = _handover(book, order_id, at)
    _aftermath(book, order_id, delivered)


def _reception(book: Book, order_id: str, appointments: list[str]) -> datetime:
    at = book.moment()
    for _ in range(book.random.choice((0, 1, 1, 1, 1, 1, 1, 2))):
        known = book.random.choice(appointments) if appointments and book.chance(0.5) else None
        book.emit(
            "vehicle.checked_in",
            at,
            order_id=order_id,
            vehicle_id=f"v{book.random.randint(1, 4)}",
            appointment_id=known,
            internal=book.chance(0.1),
        )
        at = book.after(at)
    for _ in book.times(2):
        sheet, present = book.chance(0.7), book.chance(0.6)
        book.emit("inspection.completed", at, order_id=order_id, sheet_used=sheet, customer_present=present)
        at = book.after(at)
    return at


def _opening(book: Book, order_id: str, at: datetime, promise: datetime) -> datetime:
    for _ in book.times(3):
        names = [name for name in ("l1", "l2", "l3") if book.chance(0.5)]
        lines = [{"line_id": name, "menu_price": book.chance(0.7)} for name in names]
        book.emit("quote.given", at, order_id=order_id, lines=lines)
        at = book.after(at)
    for _ in book.times(3):
        book.emit(book.random.choice(("quote.approved", "quote.declined")), book.after(at), order_id=order_id)
    for _ in range(book.random.choice((0, 1, 1, 1, 1, 1, 2))):
        promised = book.after(promise) if book.chance(0.8) else None
        work = book.random.choice(_WORK)
        book.emit("order.opened", at, order_id=order_id, work_type=work, promised_at=promised)
        at = book.after(at)
    for _ in book.times(2):
        book.emit("order.promise_changed", book.after(at), order_id=order_id, promised_at=book.after(promise))
    return at


def _parts_and_stops(book: Book, order_id: str, at: datetime) -> datetime:
    for part_no in ("p1", "p2", "p3"):
        for _ in book.times(2):
            book.emit("part.requested", book.after(at), order_id=order_id, part_no=part_no, available=book.chance(0.6))
        for kind in ("part.arrived", "part.picked", "part.issued"):
            for _ in book.times(2):
                book.emit(kind, book.after(at), order_id=order_id, part_no=part_no)
    for _ in book.times(2):
        book.emit("order.paused", book.after(at), order_id=order_id, reason=book.random.choice(_REASONS))
        book.emit("order.resumed", book.after(at), order_id=order_id)
    if book.chance(0.7):
        activity = "productive" if book.chance(0.8) else "cleaning"
        technician = f"t{book.random.randint(1, 2)}"
        book.emit("technician.clocked_on", at, technician_id=technician, order_id=order_id, activity=activity)
        at = book.after(at)
        if book.chance(0.8):
            book.emit("technician.clocked_off", at, technician_id=technician, order_id=order_id)
    return book.after(at)


def _finish(book: Book, order_id: str, at: datetime, promise: datetime) -> datetime:
    for _ in range(book.random.choice((0, 1, 1, 2, 3, 4))):
        near = at if book.chance(0.6) else book.edge(promise - timedelta(minutes=book.random.choice((0, 30))))
        book.emit(book.random.choice(("qc.passed", "qc.passed", "qc.failed")), near, order_id=order_id)
        at = book.after(at)
    for _ in range(book.random.choice((0, 1, 1, 2, 3))):
        near = book.after(at) if book.chance(0.6) else book.edge(promise)
        lines = [_line(book, name) for name in ("i1", "i2", "i3") if book.chance(0.6)]
        book.emit("invoice.issued", near, order_id=order_id, lines=lines)
    return book.after(at)


def _line(book: Book, name: str) -> dict[str, Any]:
    return {
        "line_id": name,
        "work_type": book.random.choice(_WORK),
        "payer": book.random.choice(("customer", "warranty", "insurance", "internal")),
        "labour_hours_sold": book.random.choice((0, 0.5, 1.1, 1.33333, 2.7)),
        "labour": book.random.choice((0, 99.99, 120)),
        "parts": book.random.choice((0, 45.5, 300.01)),
        "parts_cost": book.random.choice((0, 30.25, 199.995, -12.5)),
    }


def _money(book: Book, order_id: str, at: datetime) -> None:
    closed = book.after(at)
    for kind in ("order.closed", "order.reopened", "order.closed"):
        if book.chance(0.6 if kind == "order.closed" else 0.15):
            book.emit(kind, closed, order_id=order_id)
        closed = book.after(closed)
    if book.chance(0.12):
        book.emit("order.cancelled", book.after(at), order_id=order_id)
        if book.chance(0.3):
            book.emit("order.reopened", book.after(at), order_id=order_id)


def _handover(book: Book, order_id: str, at: datetime) -> datetime:
    for kind in ("vehicle.ready", "vehicle.washed"):
        if book.chance(0.4):
            book.emit(kind, book.after(at), order_id=order_id)
    for _ in range(book.random.choice((0, 1, 1, 1, 1, 2))):
        explained, advised = book.chance(0.8), book.chance(0.8)
        book.emit("vehicle.delivered", at, order_id=order_id, bill_explained=explained, advice_given=advised)
        at = book.after(at) if book.chance(0.5) else at
    return at


def _aftermath(book: Book, order_id: str, delivered: datetime) -> None:
    for _ in book.times(4):
        due = end_of_follow_up(delivered, 3, book.zone)
        at = book.random.choice((delivered, book.after(delivered), book.edge(due), book.moment()))
        channel = book.random.choice(("phone", "phone", "in_person", "voicemail", "letter", "message"))
        data = {"reached": book.chance(0.7), "satisfied": book.random.choice((True, False, None))}
        book.emit("callback.made", at, order_id=order_id, channel=channel, **data)
    for _ in book.times(2):
        limit = delivered + timedelta(days=30)
        at = book.random.choice((book.edge(limit), book.after(delivered), book.after(limit)))
        book.emit("rework.confirmed", at, order_id=order_id)
    if book.chance(0.2):
        book.emit("complaint.received", book.after(delivered), order_id=order_id)
    if book.chance(0.3):
        _problem(book, order_id, book.after(delivered))


def _problem(book: Book, order_id: str, at: datetime) -> None:
    problem = f"problem-{order_id}"
    for _ in range(book.random.choice((0, 1, 1, 2))):
        faults = book.random.sample(("noise", "leak", "smell"), book.random.randint(1, 2))
        known = order_id if book.chance(0.6) else None
        book.emit("problem.raised", book.after(at), problem_id=problem, order_id=known, faults=faults)
    for fault in ("noise", "leak", "smell"):
        if book.chance(0.8):
            book.emit("problem.fault_fixed", book.after(at), problem_id=problem, fault=fault)
    for _ in book.times(2):
        book.emit("problem.resolved", book.after(at), problem_id=problem, satisfied=book.chance(0.8))


def appointment_story(book: Book, appointment_id: str) -> None:
    """Write the events of one appointment; reminders and cancellations like the edges of their spans."""
    slot = book.moment()
    for kind in ("booked", "rescheduled", "rescheduled"):
        if book.chance(0.85 if kind == "booked" else 0.25):
            made = book.edge(slot - timedelta(hours=24)) if book.chance(0.4) else slot - timedelta(hours=50)
            book.emit(f"appointment.{kind}", made, appointment_id=appointment_id, slot=slot)
            slot = slot if book.chance(0.4) else book.after(slot)
    for _ in book.times(3):
        at = book.edge(slot - timedelta(hours=book.random.choice((24, 18, 12, 2))))
        book.emit("appointment.reminded", at, appointment_id=appointment_id)
    if book.chance(0.3):
        for _ in range(book.random.choice((1, 1, 2))):
            at = book.edge(slot - timedelta(hours=book.random.choice((60, 24, 12, 0))))
            book.emit("appointment.cancelled", at, appointment_id=appointment_id)
    if book.chance(0.5):
        arrival = book.edge(slot + timedelta(minutes=book.random.choice((-30, -5, 0, 10))))
        order_id = book.random.choice((f"{book.prefix}order-0", f"order-of-{appointment_id}"))
        vehicle = f"v{book.random.randint(1, 4)}"
        named = {"order_id": order_id, "vehicle_id": vehicle, "appointment_id": appointment_id}
        book.emit("vehicle.checked_in", arrival, **named)
