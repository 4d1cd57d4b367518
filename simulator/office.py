"""The office: who is on duty, shifts and absences, the value of the stock, and audits of records."""

import datetime as dt
from dataclasses import dataclass, replace

from models.instants import HOUR, MINUTE, Instant
from simulator.chance import TICK
from simulator.floor import Technician
from simulator.shop import Process, Shop
from simulator.truth import Book

__all__ = ["Office"]

ABSENT_SHARE = 0.03
MONDAY = 0

DUTY_KPIS = {
    "vehicles_per_advisor_day": "advisors",
    "vehicles_per_bay_day": "reception_bays",
    "vehicles_per_technician_day": "technicians",
    "body_vehicles_per_technician_day": "body_technicians",
    "paint_vehicles_per_technician_day": "painters",
    "wash_vehicles_per_washer_day": "washers",
}


@dataclass(frozen=True, slots=True)
class Staff:
    """The head counts of a day."""

    advisors: int
    technicians: int
    body_technicians: int
    painters: int
    washers: int
    reception_bays: int


class Office:
    """What the office of one store does day by day."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._staff: Staff | None = None
        self._stock = 0
        self._rosters: dict[int, dict[str, list[Technician]]] = {}

    def plan_shifts(self, day: int) -> Process:
        """Publish the shifts of an open day, the evening before, and decide who will be absent."""
        shop = self.shop
        yield shop.wait(16 * HOUR, 18 * HOUR)
        opening, closing = shop.spans(day)[0][0], shop.spans(day)[-1][1]
        for crew in shop.crews.values():
            for technician in crew.technicians:
                span = {"from": shop.text(opening), "until": shop.text(closing)}
                data = {"technician_id": technician.id, **span}
                shop.journal.write("floor", "technician.shift_planned", technician.id, data)
        self._rosters[day] = {trade: self._present(crew.technicians) for trade, crew in shop.crews.items()}

    def open_day(self, day: int) -> None:
        """Begin a day on which the store opens."""
        shop = self.shop
        roster = self._rosters.pop(day)
        shop.start(self._report_staff(day, roster))
        for technicians in roster.values():
            for technician in technicians:
                shop.start(technician.day(*self._shift(day)))
        for _ in range(shop.draw.between(0, 3)):
            shop.start(self._audit(shop.daytime(day, 13, 17)))

    def keep_stock(self, day: int) -> None:
        """Count the stock on Mondays and at the very start; on all other days the last value holds."""
        if not self._stock or (day - 1) % 7 == MONDAY:
            self.shop.start(self._value_stock(day))
        else:
            self._count_stock(day)

    def _present(self, technicians: list[Technician]) -> list[Technician]:
        return [technician for technician in technicians if not self.shop.draw.chance(ABSENT_SHARE)]

    def _shift(self, day: int) -> tuple[Instant, Instant, Instant]:
        shop = self.shop
        opening, closing = shop.spans(day)[0][0], shop.spans(day)[-1][1]
        start = opening - 15 * MINUTE + shop.draw.span(0, 20 * MINUTE)
        lunch = shop.calendar.local.start_of(day) + shop.draw.span(11 * HOUR + HOUR // 2, 13 * HOUR)
        return start, lunch, closing + shop.draw.span(0, 12 * MINUTE)

    def _report_staff(self, day: int, roster: dict[str, list[Technician]]) -> Process:
        """Report the head counts before opening, unless they are as before; set a few of them right at noon."""
        shop = self.shop
        staff = self._count(roster)
        moment = shop.calendar.duty_moment(day)
        yield shop.until(moment - shop.draw.span(20 * MINUTE, 50 * MINUTE))
        if staff != self._staff or shop.draw.chance(0.5):
            self._tell_staff(day, staff)
        book = shop.book()
        self._count_duty(book, moment, staff)
        if shop.draw.chance(0.05):
            yield shop.until(moment + shop.draw.span(3 * HOUR, 5 * HOUR))
            staff = replace(staff, advisors=max(1, staff.advisors - 1), technicians=staff.technicians + 1)
            self._tell_staff(day, staff)
            self._count_duty(book, moment, staff)

    def _count(self, roster: dict[str, list[Technician]]) -> Staff:
        traits = self.shop.traits
        advisors = max(1, traits.advisors - self.shop.draw.chance(0.1))
        mechanics, body, paint = (len(roster[trade]) for trade in ("mechanic", "body", "paint"))
        return Staff(advisors, mechanics, body, paint, traits.washers, traits.reception_bays)

    def _count_duty(self, book: Book, moment: Instant, staff: Staff) -> None:
        for kpi, trade in DUTY_KPIS.items():
            book.set(kpi, moment, 0, getattr(staff, trade))

    def _tell_staff(self, day: int, staff: Staff) -> None:
        self._staff = staff
        counts = {name: getattr(staff, name) for name in Staff.__slots__}
        data = {"day": dt.date.fromordinal(day).isoformat(), **counts}
        self.shop.journal.write("dms", "store.staffed", self.shop.store.id, data)

    def _value_stock(self, day: int) -> Process:
        shop = self.shop
        yield shop.until(shop.calendar.duty_moment(day) - shop.draw.span(TICK, 10 * MINUTE))
        typical = int(shop.traits.orders_per_day) * 6_000_000
        self._stock = typical * shop.draw.between(85, 115) // 100
        cars = shop.draw.between(30, 90) * 14_000_000
        values = {"parts": self._stock / 100, "cars": cars / 100}
        shop.journal.write("dms", "store.inventory_valued", shop.store.id, values)
        self._count_stock(day)

    def _count_stock(self, day: int) -> None:
        self.shop.truth.case("inventory_turns", self.shop.calendar.duty_moment(day), 0, self._stock)

    def _audit(self, at: Instant) -> Process:
        shop = self.shop
        yield shop.until(at)
        vehicle = f"V-{shop.store.id}-{shop.draw.between(1, shop.traits.fleet):05d}"
        accurate = shop.draw.chance(0.93)
        shop.journal.write("crm", "store.record_audited", vehicle, {"vehicle_id": vehicle, "accurate": accurate})
        shop.truth.case("record_accuracy_rate", shop.now(), accurate, 1)
