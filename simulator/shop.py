"""One store at work: its clock, calendar, people, bays, and the two books everything goes into."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from models.instants import HOUR, MINUTE, Instant
from models.stores import Store
from simulator.chance import Draw
from simulator.journal import Journal
from simulator.plan import StoreTraits
from simulator.truth import Book, Truth, Write

if TYPE_CHECKING:  # crews are made of processes in this shop: one of the two must come first
    from simulator.floor import Crew

__all__ = ["Process", "Shop"]

Process = Generator[simpy.Event, Any, None]

QUARTER: Instant = 15 * MINUTE


class Shop:
    """What the processes of one store share. `journal` is what its systems say, `truth` what really is."""

    def __init__(self, store: Store, traits: StoreTraits, draw: Draw, start: Instant, write: Write | None) -> None:
        self.env = simpy.Environment(start)
        self.store = store
        self.calendar = store.calendar
        self.traits = traits
        self.draw = draw
        self.journal = Journal(store.id, store.calendar.local.zone, self.now)
        self.truth = Truth(store.id, write, self.now)
        self.advisors = simpy.PriorityResource(self.env, traits.advisors)
        self.inspectors = simpy.PriorityResource(self.env, traits.inspectors)
        self.washers = simpy.Resource(self.env, traits.washers)
        self.counter = simpy.Resource(self.env, 1)
        self.crews: dict[str, Crew] = {}
        self._numbers: dict[str, int] = {}
        self._open: dict[int, list[tuple[Instant, Instant]]] = {}

    def now(self) -> Instant:
        """Return the present moment of the simulation."""
        return int(self.env.now)

    def book(self) -> Book:
        """Return a new book of cases."""
        return Book(self.truth)

    def crew_for(self, work_type: str) -> "Crew":
        """Return the technicians who do this type of work."""
        return self.crews.get(work_type) or self.crews["mechanic"]

    def text(self, at: Instant) -> str:
        """Return an instant as the store's systems write it."""
        return self.journal.text(at)

    def number(self, prefix: str) -> str:
        """Return the next running number of a kind, such as RO-S0001-000042."""
        count = self._numbers[prefix] = self._numbers.get(prefix, 0) + 1
        return f"{prefix}-{self.store.id}-{count:06d}"

    def wait(self, low: Instant, high: Instant) -> simpy.Timeout:
        """Return a pause of some length between two durations."""
        return self.env.timeout(self.draw.span(low, high))

    def until(self, at: Instant) -> simpy.Timeout:
        """Return a pause until an instant; none if it has gone by."""
        return self.env.timeout(max(0, at - self.now()))

    def start(self, process: Process) -> simpy.Process:
        """Let a process run beside the others."""
        return self.env.process(process)

    def day_of(self, at: Instant) -> int:
        """Return the ordinal of the local date of an instant."""
        return self.calendar.local.locate(at)[1]

    def today(self) -> int:
        """Return the ordinal of today's local date."""
        return self.day_of(self.now())

    def spans(self, day: int) -> list[tuple[Instant, Instant]]:
        """Return the opening hours of a local date as instants, in order."""
        spans = self._open.get(day)
        if spans is None:
            clock = self.calendar.local.at_clock
            spans = [(clock(day, first), clock(day, last)) for first, last in self.calendar.hours(day)]
            self._open[day] = spans
            self._open.pop(day - 60, None)
        return spans

    def next_open(self, at: Instant) -> Instant:
        """Return the first moment from `at` on at which the store is open."""
        day = self.day_of(at)
        while True:
            for first, last in self.spans(day):
                if at < last:
                    return max(at, first)
            day += 1

    def opens_after(self, day: int) -> int:
        """Return the first open day after a day."""
        day += 1
        while not self.spans(day):
            day += 1
        return day

    def after_working(self, at: Instant, duration: Instant) -> Instant:
        """Return when so much working time will have passed, in whole quarters of an hour."""
        while True:
            at = self.next_open(at)
            end = next(last for first, last in self.spans(self.day_of(at)) if first <= at < last)
            if at + duration < end:
                return -(-(at + duration) // QUARTER) * QUARTER
            duration -= end - at
            at = end

    def when_open(self, low: Instant = 2 * MINUTE, high: Instant = 20 * MINUTE) -> simpy.Timeout:
        """Return a pause until the store is open: none while it is, else some minutes into the next opening."""
        opens = self.next_open(self.now())
        late = self.draw.span(low, high) if opens > self.now() else 0
        return self.until(opens + late)

    def daytime(self, day: int, first_hour: int, last_hour: int) -> Instant:
        """Return some moment of a local date between two hours of the day (elapsed since its first instant)."""
        return self.calendar.local.start_of(day) + self.draw.even(first_hour * HOUR, last_hour * HOUR)
