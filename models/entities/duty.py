"""What a store reports about itself and what holds until the next report: head counts by day, the value of its
stock."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.calendar import StoreCalendar
from models.clock import Clock
from models.entities.log import Hearing
from models.events import store
from models.instants import Instant
from models.zones import year_before

__all__ = ["HeadCount", "Reports", "hearing"]

MONTH_DAYS = 33
"""Head counts feed no window longer than a month."""


@dataclass(slots=True, frozen=True)
class HeadCount:
    """Who was on duty on a day."""

    advisors: int
    technicians: int
    body_technicians: int
    painters: int
    washers: int
    reception_bays: int


@dataclass(slots=True)
class Reports:
    """All reports of one store."""

    staff: dict[int, HeadCount] = field(default_factory=dict)
    parts_values: list[tuple[Instant, int]] = field(default_factory=list)

    def duty_days(self, clock: Clock, calendar: StoreCalendar) -> Iterator[tuple[Instant, HeadCount]]:
        """Yield (duty moment, head count) of the last month's duty days that have begun.

        The latest head count holds on for days not named; of those, days on which the store is closed count nothing.
        """
        named = sorted(self.staff)
        if not named:
            return
        today = calendar.local.locate(clock.now)[1]
        clock.passed(calendar.local.start_of(today + 1))  # the next duty day may be any number of closed days away
        for day in range(max(named[0], today - MONTH_DAYS), today + 2):
            if day not in self.staff and not calendar.is_open(day):
                continue
            moment = calendar.duty_moment(day)
            if not clock.passed(moment):
                return
            yield moment, self.staff[named[bisect_right(named, day) - 1]]

    def stock_days(self, clock: Clock, calendar: StoreCalendar) -> Iterator[tuple[Instant, int]]:
        """Yield (duty moment, value of the parts stock in cents) of every day of the last year from the first
        valuation on."""
        if not self.parts_values:
            return
        local = calendar.local
        today = local.locate(clock.now)[1]
        valued = [at for at, _ in self.parts_values]
        for day in range(max(local.locate(valued[0])[1], year_before(today)), today + 2):
            moment = calendar.duty_moment(day)
            if not clock.passed(moment):
                return
            held = bisect_right(valued, moment)
            if held:
                yield moment, self.parts_values[held - 1][1]


hearing = Hearing(Reports)


@hearing.on(store.StoreStaffed)
def _staffed(
    reports: Reports,
    at: Instant,
    day: int,
    advisors: int,
    technicians: int,
    body_technicians: int,
    painters: int,
    washers: int,
    reception_bays: int,
) -> None:
    reports.staff[day] = HeadCount(advisors, technicians, body_technicians, painters, washers, reception_bays)


@hearing.on(store.StoreInventoryValued)
def _valued(reports: Reports, at: Instant, parts: int, cars: int) -> None:
    reports.parts_values.append((at, parts))
