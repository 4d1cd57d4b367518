"""One repair order: what has happened on it, and what each fact is worth to the KPIs."""

from dataclasses import dataclass

from models.instants import DAY, MINUTE, Instant, seconds_between
from simulator.shop import Shop

__all__ = ["Arrival", "Line", "Order"]

REWORK_DAYS = 30
DAYS_A_YEAR = 365


@dataclass(slots=True)
class Arrival:
    """Who comes, with what, for what."""

    vehicle: int
    vehicle_id: str
    customer_id: str
    plate: str
    advisor_id: str
    work_type: str
    appointment_id: str | None = None
    waits: bool = False
    comes_back: "Order | None" = None
    """The order whose work was not right."""

    @property
    def internal(self) -> bool:
        """Whether the vehicle is the store's own."""
        return self.work_type == "internal"


@dataclass(slots=True)
class Line:
    """One line of a bill: hours in tenths, money in cents."""

    line_id: str
    payer: str
    tenths: int
    labour: int
    parts: int
    parts_cost: int


@dataclass(slots=True)
class Part:
    """One kind of part of an order."""

    requested: Instant
    available: bool
    is_picked: bool = False
    has_arrived: bool = False


class Order:
    """The state of one repair order. Each method says that something happens now, and counts it."""

    def __init__(self, shop: Shop, arrival: Arrival) -> None:
        self.shop = shop
        self.arrival = arrival
        self.id = shop.number("RO")
        self.book = shop.book()
        self.tenths = 0
        self.promise: Instant | None = None
        self.parts: dict[str, Part] = {}
        self.is_cancelled = False
        self.surely_passes = False
        self._quote: dict[str, bool] = {}
        self._inspected_with: bool | None = None
        self._checked_in = shop.now()
        self._opened: Instant | None = None
        self._approved = False
        self._started: Instant | None = None
        self._passed: Instant | None = None
        self._billed: Instant | None = None
        self._ready: Instant | None = None
        self._lines: dict[str, Line] = {}
        self.delivered_at: Instant = 0
        self.washed = False
        self.is_followed_up = False

    def checked_in(self) -> None:
        """The vehicle is here: a check-in counts even if the order is cancelled later."""
        shop, now = self.shop, self._checked_in
        if not self.arrival.internal:
            shop.truth.case("booking_rate", now, self.arrival.appointment_id is not None, 1)
        shop.truth.case("vehicles_per_advisor_day", now, 1, 0)
        shop.truth.case("vehicles_per_bay_day", now, 1, 0)
        shop.truth.visit(self.id, self.arrival.vehicle_id)
        self.book.set("vehicles_in_workshop", now, 1, 0)

    def inspected(self, *, sheet: bool, present: bool) -> None:
        """The vehicle was looked over."""
        self._inspected_with = present
        self.book.set("inspection_sheet_rate", self.shop.now(), sheet, 1)

    def quoted(self, lines: dict[str, bool]) -> None:
        """The customer heard a price: line ids, and whether each is at menu price."""
        self._quote |= lines
        self._count_quote()

    def answered(self, *, approved: bool) -> None:
        """The customer agreed or refused; the latest answer stands."""
        self._approved = approved
        self.book.drop("service_conversion_rate")
        if approved and self._quote:
            self.book.set("service_conversion_rate", self.shop.now(), 1, 1)

    def opened(self) -> None:
        """The order was written."""
        now = self._opened = self.shop.now()
        self.book.set("service_orders", now, 1, 0)
        self.book.set("repair_completion_rate", now, 0, 1)
        if not self.arrival.internal:
            self.book.set("interactive_inspection_rate", now, bool(self._inspected_with), 1)
        self._count_quote()

    def promised(self, at: Instant) -> None:
        """The customer was given a time; only the first promise judges, and it is lost unless kept."""
        if self.promise is not None:
            return
        self.promise = at
        self.book.set("on_time_completion_rate", at - 30 * MINUTE, 0, 1)
        for kpi in ("final_inspection_rate", "on_time_delivery_rate"):
            self.book.set(kpi, at, 0, 1)
        self._judge()

    def needs(self, part_no: str, *, available: bool) -> None:
        """A kind of part was asked for; asking again changes nothing."""
        if part_no not in self.parts:
            now = self.shop.now()
            self.parts[part_no] = Part(now, available)
            self.book.set("parts_fill_rate", now, available, 1, part_no)

    def arrived(self, part_no: str) -> None:
        """A missing kind came in; the first time counts."""
        now, part = self.shop.now(), self.parts[part_no]
        if not part.has_arrived:
            part.has_arrived = True
            self.book.set("parts_lead_time", now, seconds_between(part.requested, now), 1, part_no)

    def picked(self, part_no: str) -> None:
        """A kind lies ready."""
        self.parts[part_no].is_picked = True

    def started(self) -> None:
        """A technician clocked on; only the first time counts."""
        if self._started is None:
            now = self._started = self.shop.now()
            self.book.set("pre_pick_rate", now, all(part.is_picked for part in self.parts.values()), 1)
            self.book.set("waiting_time", now, seconds_between(self._checked_in, now), 1)

    def passed(self) -> None:
        """Quality control passed."""
        self._passed = self.shop.now()
        self._judge()
        self._count_ready()

    def billed(self, lines: list[Line]) -> None:
        """A bill was made, or made anew for some of its lines."""
        now = self.shop.now()
        for line in lines:
            self._lines[line.line_id] = line
            for kpi in ("efficiency_rate", "performance_index"):
                self.book.set(kpi, now, line.tenths * 360, 0, line.line_id)
            if line.payer == "customer":
                self.shop.truth.paid(self.id)
        if self._billed is None:
            self._billed = now
            self._count_ready()

    def delivered(self, *, explained: bool) -> None:
        """The customer drove off."""
        now = self.delivered_at = self.shop.now()
        self.book.set("first_time_fix_rate", now, 1, 1)
        self.book.set("comeback_rate", now, 0, 1)
        self.book.set("complaint_rate", now, 0, 1)
        self.book.set("delivery_explanation_rate", now, explained, 1)
        self.book.set("vehicles_per_technician_day", now, 1, 0)
        if self.arrival.work_type in ("body", "paint"):
            self.book.set(f"{self.arrival.work_type}_vehicles_per_technician_day", now, 1, 0)
        if self.washed:
            self.book.set("wash_vehicles_per_washer_day", now, 1, 0)
        self.book.drop("vehicles_in_workshop")
        if not self.arrival.internal:
            self.book.set("follow_up_rate", self.follow_up_due, 0, 1)

    @property
    def follow_up_due(self) -> Instant:
        """By when the customer should have been reached."""
        return self.shop.calendar.end_of_day(self.delivered_at, self.shop.store.follow_up_days)

    def closed(self) -> None:
        """The order is closed in the books."""
        now, cost = self.shop.now(), sum(line.parts_cost for line in self._lines.values())
        self.book.set("parts_cost", now, cost, 0)
        self.book.set("inventory_turns", now, cost * DAYS_A_YEAR, 0)
        if self._quote and not self._approved:
            self.book.set("service_conversion_rate", now, 0, 1)

    def reopened(self) -> None:
        """The order is taken up again."""
        self.book.drop("parts_cost")
        self.book.drop("inventory_turns")
        if not self._approved:
            self.book.drop("service_conversion_rate")

    def cancelled(self) -> None:
        """The order will not be carried out: nothing of it counts any more but the visit."""
        self.is_cancelled = True
        self.book.drop_all()

    def came_back(self) -> None:
        """The work was not right; after 30 days nobody counts it."""
        if self.shop.now() <= self.delivered_at + REWORK_DAYS * DAY:
            self.book.set("first_time_fix_rate", self.delivered_at, 0, 1)
            self.book.set("comeback_rate", self.delivered_at, 1, 1)

    def complained(self, *, really: bool) -> None:
        """The customer complained, or it was a mistake after all."""
        self.book.set("complaint_rate", self.delivered_at, really, 1)

    def reached(self, *, satisfied: bool) -> None:
        """A call reached the customer; the first in time is the follow-up, every one asks about satisfaction."""
        now = self.shop.now()
        self.book.set("satisfaction_rate", now, satisfied, 1, str(now))
        if now <= self.follow_up_due and not self.is_followed_up:
            self.is_followed_up = True
            self.book.set("follow_up_rate", now, 1, 1)

    def _count_quote(self) -> None:
        if self._opened is not None:
            good = bool(self._quote) and all(self._quote.values())
            self.book.set("menu_price_rate", self._opened, good, 1)

    def _count_ready(self) -> None:
        """Ready is when both quality control passed and the bill is made: now, if this was the second of the two."""
        if self._passed is None or self._billed is None or self._opened is None:
            return
        now = self._ready = self.shop.now()
        self.book.set("cycle_time", now, seconds_between(self._checked_in, now), 1)
        self.book.set("repair_completion_rate", self._opened, 1, 1)
        self._judge()

    def _judge(self) -> None:
        """Say what was done in time for the promise; whichever of the two came later."""
        if self.promise is None:
            return
        if self._passed is not None and self._passed <= self.promise - 30 * MINUTE:
            self.book.set("on_time_completion_rate", self._passed, 1, 1)
        if self._ready is not None and self._ready <= self.promise:
            for kpi in ("final_inspection_rate", "on_time_delivery_rate"):
                self.book.set(kpi, self._ready, 1, 1)
