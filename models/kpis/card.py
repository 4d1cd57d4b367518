"""What a KPI's card says, and the form of its rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.clock import Clock
from models.entities.appointment import Appointment
from models.entities.audit import Audit
from models.entities.duty import Reports
from models.entities.order import RepairOrder
from models.entities.problem import Problem
from models.entities.vehicle import Vehicle
from models.instants import Instant
from models.stores import Store
from models.windows import LEVELS

__all__ = ["Case", "Cases", "Kpi", "M", "R", "Side", "Target", "above", "at_least", "below", "exactly"]

Case = tuple[Instant, int, int]
"""(at, numerator, denominator): one contribution to a KPI, counted when `at`."""

Cases = Sequence[Case]

R = ("today", "7d", "30d")
M = ("today", "mtd", "30d")

Side = Literal["numerator", "denominator"]
Unit = Literal["ratio", "count", "hours", "money", "per_day", "turns"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a value is held against.

    >>> above(0.5).is_met(0.5), at_least(0.5).is_met(0.5)
    (False, True)
    """

    comparison: Literal[">", ">=", "=", "<"]
    value: float

    def is_met(self, value: float) -> bool:
        """Return whether a value meets the target."""
        if self.comparison == "=":
            return value == self.value
        if self.comparison == "<":
            return value < self.value
        return value > self.value or (self.comparison == ">=" and value == self.value)


def above(value: float) -> Target:
    """A target that is met by anything over the value."""
    return Target(">", value)


def at_least(value: float) -> Target:
    """A target that the value itself meets."""
    return Target(">=", value)


def exactly(value: float) -> Target:
    """A target that only the value itself meets."""
    return Target("=", value)


def below(value: float) -> Target:
    """A target that is met by anything under the value."""
    return Target("<", value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A KPI: its card, and its rules by the kind of thing they look at.

    Every rule is a pure function of the facts, the clock and the store; its cases are summed as integers (counts,
    seconds, cents) and shown divided by `scale`. A count or a sum has no denominator: its value is the numerator.
    """

    id: str
    zh: str
    en: str
    section: str
    numerator: str
    denominator: str = ""
    windows: tuple[str, ...]
    target: Target | None = None
    higher_is_better: bool | None = True
    unit: Unit = "ratio"
    scale: int = 1
    note: str = ""
    """What else must be known to read or audit it."""
    obstacles: str = ""
    """What usually stands behind a miss."""

    order: Callable[[RepairOrder, Clock, Store], Cases] | None = None
    appointment: Callable[[Appointment, Clock, Store], Cases] | None = None
    problem: Callable[[Problem, Clock, Store], Cases] | None = None
    audit: Callable[[Audit, Clock, Store], Cases] | None = None
    reports: Callable[[Reports, Clock, Store], Cases] | None = None
    vehicle: Callable[[Vehicle], Cases] | None = None
    clocked: Side | None = None
    """Which side the technicians' clocked seconds add to."""
    available: Side | None = None
    """Which side the technicians' available seconds add to."""

    @property
    def levels(self) -> tuple[str, ...]:
        """The sizes of buckets its windows are summed from."""
        return tuple(level for level, windows in LEVELS.items() if set(windows) & set(self.windows))

    @property
    def adds_up(self) -> bool:
        """Whether all cases there ever were make a sum: not where reports hold on by the day, or visits count once."""
        return self.reports is None and self.vehicle is None and bool(self.levels)

    @property
    def has_denominator(self) -> bool:
        """Whether the value is a quotient."""
        return bool(self.denominator)

    def shown(self, numerator: int) -> float:
        """Return a sum as it is exported: divided by the scale, whole where nothing is left over."""
        whole, rest = divmod(numerator, self.scale)
        return numerator / self.scale if rest else whole

    def value(self, numerator: int, denominator: int) -> float | None:
        """Return what is shown for these sums: None without a case to divide by, never 0 or 1 in its stead."""
        if not self.has_denominator:
            return numerator / self.scale
        return numerator / self.scale / denominator if denominator else None
