"""The booking desk: appointments made, moved, reminded of, cancelled, kept or missed."""

from dataclasses import dataclass

from models.instants import DAY, HOUR, MINUTE, Instant
from simulator.order import Arrival
from simulator.shop import Process, Shop
from simulator.visit import visit

__all__ = ["Appointment", "appointment"]

CANCEL_SHARE = 0.06
MOVE_SHARE = 0.08
NO_SHOW_SHARE = 0.05
CALLS_SHARE = 0.4
"""Of the customers who missed their slot, those who call and take another."""
CHANNELS = (("phone", 45), ("message", 30), ("sms", 15), ("app", 10))


@dataclass(slots=True)
class Appointment:
    """A slot somebody will take, and the arrival it is for."""

    slot: Instant
    arrival: Arrival


def appointment(shop: Shop, wanted: Appointment, booked_at: Instant) -> Process:
    """Book at a moment, and do what customers do until they arrive or stay away."""
    yield shop.until(booked_at)
    desk = _Desk(shop, wanted)
    desk.book_slot()
    yield from desk.live()


class _Desk:
    """One appointment as the booking desk sees it."""

    def __init__(self, shop: Shop, wanted: Appointment) -> None:
        self.shop = shop
        self.slot = wanted.slot
        self.arrival = wanted.arrival
        self.id = wanted.arrival.appointment_id = shop.number("A")
        self.book = shop.book()
        self.made = 0

    def book_slot(self) -> None:
        """Take the slot."""
        arrival = self.arrival
        self._tell(
            "booked",
            slot=self.shop.text(self.slot),
            customer_id=arrival.customer_id,
            vehicle_id=arrival.vehicle_id,
            advisor_id=arrival.advisor_id,
            work_type=arrival.work_type,
        )
        self._expect()

    def live(self) -> Process:
        """Run from the booking to the arrival."""
        draw = self.shop.draw
        if draw.chance(CANCEL_SHARE):
            yield from self._cancel()
        elif draw.chance(MOVE_SHARE):
            yield from self._move_ahead()
        else:
            yield from self._remind()
            yield from self._arrive()

    def _cancel(self) -> Process:
        if self.shop.draw.chance(0.5):
            yield from self._remind()
        now = self.shop.now()
        yield self.shop.until(now + self.shop.draw.even(HOUR // 2, max(HOUR, self.slot - now - HOUR // 2)))
        self._tell("cancelled")
        if self.shop.now() < self.slot - 12 * HOUR:
            self.book.drop("reminder_rate")
        if self.shop.now() < self.slot:
            self.book.drop("punctuality_rate")

    def _move_ahead(self) -> Process:
        if self.shop.draw.chance(0.3):
            yield from self._remind()
        now = self.shop.now()
        yield self.shop.until(now + self.shop.draw.even(HOUR // 4, max(HOUR // 2, (self.slot - now) // 2)))
        self._move()
        yield from self._remind()
        yield from self._arrive()

    def _move(self) -> None:
        """Take a slot on one of the next open days."""
        day = self.shop.opens_after(self.shop.day_of(max(self.slot, self.shop.now())))
        spans = self.shop.spans(day)
        self.slot = spans[0][0] + self.shop.draw.between(0, 15) * 15 * MINUTE
        self._tell("rescheduled", slot=self.shop.text(self.slot))
        self._expect()

    def _expect(self) -> None:
        """Count the appointment as lost at its deadlines; what happens by then sets it right."""
        self.made = self.shop.now()
        self.book.drop("reminder_rate")
        if self.made <= self.slot - DAY:
            self.book.set("reminder_rate", self.slot - 12 * HOUR, 0, 1)
        self.book.set("punctuality_rate", self._last(), 0, 1)

    def _last(self) -> Instant:
        return self.slot + self.shop.store.punctuality_tolerance_minutes * MINUTE

    def _remind(self) -> Process:
        draw = self.shop.draw
        if not draw.chance(0.85 * self.shop.traits.care):
            return
        early = draw.chance(0.92)
        at = self.slot - (draw.even(12 * HOUR + MINUTE, DAY - MINUTE) if early else draw.even(HOUR, 11 * HOUR))
        if at <= self.shop.now():
            return
        yield self.shop.until(at)
        self._tell("reminded", channel=draw.weighted(CHANNELS))
        if early and self.made <= self.slot - DAY:
            self.book.set("reminder_rate", self.shop.now(), 1, 1)

    def _arrive(self) -> Process:
        if self.shop.draw.chance(NO_SHOW_SHARE):
            if not self.shop.draw.chance(CALLS_SHARE):
                return
            yield self.shop.until(self.slot + self.shop.draw.span(HOUR, 5 * HOUR))
            self._move()
            yield from self._remind()
        yield self.shop.until(self.slot + self._offset())
        now = self.shop.now()
        if now <= self._last():
            self.book.set("punctuality_rate", now, now >= self.slot - 5 * MINUTE, 1)
        self.shop.start(visit(self.shop, self.arrival))

    def _offset(self) -> Instant:
        draw = self.shop.draw
        if draw.chance(0.64 * self.shop.traits.care):
            return -draw.even(0, 5 * MINUTE)
        return -draw.even(5 * MINUTE, 25 * MINUTE) if draw.chance(0.5) else draw.even(0, 45 * MINUTE)

    def _tell(self, what: str, **data: str) -> None:
        self.shop.journal.write("crm", f"appointment.{what}", self.id, {"appointment_id": self.id, **data})
