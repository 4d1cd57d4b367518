"""Local time of one store: window starts, days, opening times; all answers in UTC."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["OracleStore", "day_start", "end_of_follow_up", "local_day", "window_start", "year_before"]

_EVERY_DAY = {weekday: [("09:00", "18:00")] for weekday in range(7)}


@dataclass(frozen=True)
class OracleStore:
    """What the rules need of a store: opening hours by weekday (0 is Monday) and three settings."""

    hours: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: dict(_EVERY_DAY))
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    tolerance_minutes: int = 0
    follow_up_days: int = 3

    def opening(self, day: date) -> time | None:
        """Return when the store opens on that day, None where it is closed.

        A make-up workday beats a holiday; where its weekday is closed it has Monday's hours.
        """
        spans = self.hours.get(day.weekday(), [])
        if day in self.workdays:
            spans = spans or self.hours.get(0, [])
        elif day in self.holidays:
            return None
        return min(time.fromisoformat(opens) for opens, _ in spans) if spans else None

    def duty_moment(self, day: date, zone: ZoneInfo) -> datetime:
        """Return the opening of that day, or its first instant where there is none."""
        opens = self.opening(day)
        if opens is None:
            return day_start(day, zone)
        return datetime.combine(day, opens, zone).astimezone(UTC)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the store's date at a moment."""
    return at.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return local midnight; where the clock jumps over it, the first instant of the day."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def year_before(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight of the same local date a year earlier (29 Feb: 1 Mar)."""
    day = local_day(at, zone)
    leap = day.month == 2 and day.day == 29
    return day_start(date(day.year - 1, 3, 1) if leap else day.replace(year=day.year - 1), zone)


def end_of_follow_up(delivered: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the end of the local day so many days after the delivery."""
    return day_start(local_day(delivered, zone) + timedelta(days=days + 1), zone)


def window_start(window: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return where the window that ends at now begins."""
    if window == "1h":
        return (now - timedelta(hours=1)).astimezone(UTC).replace(second=0, microsecond=0)
    if window in {"7d", "30d"}:
        return _full_local_hour(now - timedelta(hours=24 * int(window[:-1])), zone)
    if window == "12m":
        return year_before(now, zone)
    today = local_day(now, zone)
    return day_start(today.replace(day=1) if window == "mtd" else today, zone)


def _full_local_hour(at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return at.astimezone(UTC) - past
