"""The moment a KPI is looked at, and the next one at which it may look different."""

from models.instants import Instant

__all__ = ["NEVER", "Clock"]

NEVER: Instant = 2**62


class Clock:
    """Answers "is it past this moment?" and remembers the earliest moment it said no to.

    Rules that ask the clock for every deadline are thereby looked at again when one passes, with no event needed.
    """

    __slots__ = ("next", "now")

    def __init__(self, now: Instant) -> None:
        self.now = now
        self.next = NEVER

    def passed(self, at: Instant) -> bool:
        """Return whether `at` lies before now."""
        if at < self.now:
            return True
        self.next = min(self.next, at)
        return False

    def runs(self) -> Instant:
        """Return now, for something that goes on: the answer differs at any later moment."""
        self.next = self.now
        return self.now
