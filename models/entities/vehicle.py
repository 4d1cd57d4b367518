"""A vehicle's visits of the last year: what the distinct counts over twelve months are made of."""

from dataclasses import dataclass

from models.instants import Instant
from models.zones import LocalTime, year_before

__all__ = ["Vehicle", "Visit"]

Visit = tuple[Instant, bool]
"""(check-in, whether the customer paid for any of it)."""


@dataclass(slots=True, frozen=True)
class Vehicle:
    """The visits of one vehicle, oldest first, and the local time by which a year is counted."""

    visits: tuple[Visit, ...]
    local: LocalTime

    @property
    def last_visit(self) -> Instant:
        """When it was here last. A vehicle has at least one visit."""
        return self.visits[-1][0]

    @property
    def loyal_since(self) -> Instant | None:
        """The latest moment such that two visits, one of them paid by the customer, lie at or after it."""
        paid = [at for at, self_paid in self.visits if self_paid]
        if len(self.visits) < 2 or not paid:
            return None
        return min(self.visits[-2][0], paid[-1])

    @property
    def returned(self) -> bool:
        """Whether the last visit had an earlier one in the twelve months before it."""
        earlier = [at for at, _ in self.visits if at < self.last_visit]
        day = self.local.locate(self.last_visit)[1]
        return bool(earlier) and earlier[-1] >= self.local.start_of(year_before(day))
