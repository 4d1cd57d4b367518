"""Local hours and days of a time zone, looked up once and shared by all its stores."""

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from models.instants import MINUTE, Instant, instant, moment

__all__ = ["QUARTER", "LocalTime", "local_time", "year_before"]

QUARTER: Instant = 15 * MINUTE
"""Every offset in use since 1970 is a multiple of a quarter of an hour: within one, local hour and day do not
change."""


def year_before(day: int) -> int:
    """Return the ordinal of the same date a year earlier; 29 February becomes 1 March.

    >>> dt.date.fromordinal(year_before(dt.date(2028, 2, 29).toordinal()))
    datetime.date(2027, 3, 1)
    """
    date = dt.date.fromordinal(day)
    if (date.month, date.day) == (2, 29):
        return dt.date(date.year - 1, 3, 1).toordinal()
    return date.replace(year=date.year - 1).toordinal()


class LocalTime:
    """A zone's hours and days. Hours are numbered by their first quarter of an hour since the epoch, days by
    ordinal."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._places: dict[int, tuple[int, int]] = {}
        self._starts: dict[int, Instant] = {}

    def locate(self, at: Instant) -> tuple[int, int]:
        """Return (hour, day) of an instant: the quarter in which its local hour began, and the ordinal of its local
        date."""
        quarter = at // QUARTER
        place = self._places.get(quarter)
        if place is None:
            place = self._places[quarter] = self._find(quarter)
        return place

    def hour_after(self, at: Instant) -> Instant:
        """Return the end of the local hour an instant lies in: the next instant at which `locate` gives another
        hour."""
        hour = self.locate(at)[0]
        quarter = at // QUARTER + 1
        while self.locate(quarter * QUARTER)[0] == hour:
            quarter += 1
        return quarter * QUARTER

    def start_of(self, day: int) -> Instant:
        """Return the first instant of a local date (where there is no midnight, the first instant after the gap)."""
        start = self._starts.get(day)
        if start is None:
            midnight = dt.datetime.combine(dt.date.fromordinal(day), dt.time(), self.zone)
            start = self._starts[day] = instant(midnight)
        return start

    def at_clock(self, day: int, time: dt.time) -> Instant:
        """Return the instant at which a local clock shows `time` on a date (the first of two, or just after a gap)."""
        return instant(dt.datetime.combine(dt.date.fromordinal(day), time, self.zone))

    def first_of_month(self, day: int) -> int:
        """Return the first day of the month a day lies in."""
        return day - dt.date.fromordinal(day).day + 1

    def _find(self, quarter: int) -> tuple[int, int]:
        at = quarter * QUARTER
        local = moment(at).astimezone(self.zone)
        day = local.date().toordinal()
        start = at - local.minute * MINUTE
        while self._offset(start) != local.utcoffset():  # the clock changed within this hour: it begins with the change
            start += QUARTER
        return start // QUARTER, day

    def _offset(self, at: Instant) -> dt.timedelta | None:
        return moment(at).astimezone(self.zone).utcoffset()


@cache
def local_time(zone: str) -> LocalTime:
    """Return the shared local time of an IANA zone; raises `ZoneInfoNotFoundError` for an unknown one."""
    return LocalTime(ZoneInfo(zone))
