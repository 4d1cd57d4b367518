"""The rule for what is counted per head and day on duty."""

from collections.abc import Callable

from models.clock import Clock
from models.entities.duty import Reports
from models.kpis.card import Cases
from models.stores import Store

__all__ = ["days_of"]


def days_of(field: str) -> Callable[[Reports, Clock, Store], Cases]:
    """Return a rule that counts what one field of the head count says of each duty day below the line."""

    def rule(reports: Reports, clock: Clock, store: Store) -> Cases:
        return [(at, 0, getattr(staff, field)) for at, staff in reports.duty_days(clock, store.calendar)]

    return rule
