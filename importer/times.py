"""Times of an export: written in several ways, split into date and clock time, seldom with a zone."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from importer.cells import Cell, to_text

__all__ = ["read_clock", "read_time"]

_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - serial dates have no zone
_EXCEL_DAYS = (18_264, 2_958_466)  # 1950 to 9999: other numbers are no dates, but years, say, or order numbers
_REMEMBERED = 50_000  # an export repeats its dates, and strptime is the slowest step of an import
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H%M")


def read_time(cell: Cell, formats: tuple[str, ...], zone: ZoneInfo, clock: dt.time | None) -> dt.datetime:
    """Return an aware time: the first format that reads the cell wins, `clock` replaces its time of day.

    A time with an offset keeps it; any other is local to `zone`. Of an hour that comes twice the first is
    meant; a time inside the hour left out counts on from before the change. Raises `ValueError` with the
    formats tried.
    """
    naive = _read(cell, formats)
    if clock is not None:
        naive = dt.datetime.combine(naive.date(), clock, naive.tzinfo)
    return naive if naive.tzinfo else naive.replace(tzinfo=zone)


def read_clock(cell: Cell) -> dt.time:
    """Return the time of day in a cell: a time, a datetime, a fraction of a day, or `4:30 PM`."""
    if isinstance(cell, dt.datetime):
        return cell.time()
    if isinstance(cell, dt.time):
        return cell
    if isinstance(cell, dt.timedelta):
        return (_EXCEL_EPOCH + cell).time()
    if isinstance(cell, float) and 0 <= cell < 1:
        return _serial(cell).time()
    return _clock_text(to_text(cell))


@lru_cache(maxsize=_REMEMBERED)
def _clock_text(text: str) -> dt.time:
    for clock in _CLOCKS:
        try:
            return dt.datetime.strptime(text, clock).time()  # noqa: DTZ007 - a clock time has no zone
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a time of day")


def _read(cell: Cell, formats: tuple[str, ...]) -> dt.datetime:
    if isinstance(cell, dt.datetime):
        return cell
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time())
    return _read_text(to_text(cell), formats)


@lru_cache(maxsize=_REMEMBERED)
def _read_text(text: str, formats: tuple[str, ...]) -> dt.datetime:
    for form in formats:
        try:
            return _read_as(text, form)
        except (ValueError, OverflowError):
            continue
    raise ValueError(f"{text!r} is not a time in any of the formats {', '.join(formats)}")


def _read_as(text: str, form: str) -> dt.datetime:
    if form == "excel":
        return _serial_date(float(text))
    if form == "iso":
        return dt.datetime.fromisoformat(text)
    return dt.datetime.strptime(text, form)  # noqa: DTZ007 - the zone of the map is added by the caller


def _serial_date(days: float) -> dt.datetime:
    first, end = _EXCEL_DAYS
    if not first <= days < end:
        raise ValueError("no serial date")
    return _serial(days)


def _serial(days: float) -> dt.datetime:
    # a day's fraction as a float misses the second by microseconds
    return _EXCEL_EPOCH + dt.timedelta(seconds=round(days * 86_400))
