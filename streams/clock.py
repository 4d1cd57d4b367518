"""The time KPIs are counted at: the wall clock, or a simulated one."""

import time
from dataclasses import dataclass

from models.instants import Instant, instant
from streams.settings import ClockSettings

__all__ = ["Clock", "make_clock", "wall_now"]


def wall_now() -> Instant:
    """Return the wall clock's instant."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that read `start` when the wall clock read `origin`, `speed` times as fast; else the wall clock."""

    start: Instant | None = None
    origin: Instant = 0
    speed: float = 1.0

    def now(self) -> Instant:
        """Return the instant KPIs are counted at; with speed 0 it never moves."""
        wall = wall_now()
        return wall if self.start is None else self.start + int((wall - self.origin) * self.speed)


def make_clock(settings: ClockSettings) -> Clock:
    """Return the clock that was asked for; a simulated one starts now unless an origin was given."""
    if settings.start is None:
        return Clock()
    origin = wall_now() if settings.origin is None else instant(settings.origin)
    return Clock(instant(settings.start), origin, settings.speed)
