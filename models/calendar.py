"""A store's calendar: which days it is open and when its duty day begins."""

import datetime as dt
from collections.abc import Sequence

from models.instants import Instant
from models.zones import LocalTime

__all__ = ["Hours", "StoreCalendar"]

Hours = Sequence[tuple[dt.time, dt.time]]
"""The spans of one day in which a store is open, breaks left out; empty when it is closed."""

MONDAY = 0


class StoreCalendar:
    """Opening days by local date ordinal. A make-up workday beats a holiday, and both beat the weekday."""

    def __init__(
        self,
        local: LocalTime,
        week: Sequence[Hours],
        holidays: frozenset[dt.date] = frozenset(),
        workdays: frozenset[dt.date] = frozenset(),
    ) -> None:
        self.local = local
        self._week = week
        self._holidays = frozenset(day.toordinal() for day in holidays)
        self._workdays = frozenset(day.toordinal() for day in workdays)

    def hours(self, day: int) -> Hours:
        """Return the opening hours of a local date, in its own clock's time."""
        weekday = (day - 1) % 7  # ordinal 1 was a Monday
        if day in self._workdays:
            return self._week[weekday] or self._week[MONDAY]
        return () if day in self._holidays else self._week[weekday]

    def is_open(self, day: int) -> bool:
        """Return whether the store opens at all on a local date."""
        return bool(self.hours(day))

    def duty_moment(self, day: int) -> Instant:
        """Return when a duty day counts: at the opening, or at the day's first instant where there is none."""
        hours = self.hours(day)
        return self.local.at_clock(day, hours[0][0]) if hours else self.local.start_of(day)

    def end_of_day(self, at: Instant, days_later: int) -> Instant:
        """Return the end of the local day that lies `days_later` days after that of an instant."""
        return self.local.start_of(self.local.locate(at)[1] + days_later + 1)
