"""The demo's time: a Monday morning some weeks ago, from which it runs faster than ours but never overtakes it."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["HISTORY_DAYS", "ZONE", "Story"]

ZONE = ZoneInfo("Asia/Shanghai")
OPENING = time(8)
HISTORY_DAYS = 14
LEAST_WEEKS_AGO = 5
HOURS_OF_SHOW = 12
"""So long the simulated time must be able to run before it reaches the present: Kafka refuses records of the future."""


@dataclass(frozen=True, slots=True)
class Story:
    """A clock that read `start` at the wall moment `origin` and runs `speed` times as fast."""

    start: datetime
    origin: datetime
    speed: float

    @classmethod
    def beginning(cls, origin: datetime, speed: float) -> "Story":
        """Return a story whose Monday lies five weeks back, or more if the speed would reach the present too soon."""
        gained = timedelta(hours=HOURS_OF_SHOW) * max(speed - 1, 0)
        weeks = max(LEAST_WEEKS_AGO, math.ceil(gained / timedelta(weeks=1)))
        local = origin.astimezone(ZONE).date()
        monday = local - timedelta(days=local.weekday(), weeks=weeks)
        return cls(datetime.combine(monday, OPENING, ZONE), origin, speed)

    @property
    def first_day(self) -> date:
        """The local date with which the history opens."""
        return self.start.date() - timedelta(days=HISTORY_DAYS)

    @property
    def days(self) -> int:
        """How many days there are from the first of the history to the present, both included."""
        return (self.origin.astimezone(ZONE).date() - self.first_day).days + 1

    def now(self, wall: datetime) -> datetime:
        """Return the simulated moment at a wall moment, in the stores' zone."""
        return (self.start.astimezone(UTC) + (wall - self.origin) * self.speed).astimezone(ZONE)

    def is_over(self, wall: datetime) -> bool:
        """Whether the simulated time has reached the present."""
        return self.now(wall) >= wall
