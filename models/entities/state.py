"""Where a vehicle stands on the board, derived from its order's facts and never sent."""

from models.clock import Clock
from models.entities.order import RepairOrder

__all__ = ["STATES", "board_state"]

_STOPS = ("labour", "parts", "approval", "insurance", "warranty", "sublet", "other")

STATES: tuple[str, ...] = (
    "waiting",
    "in_progress",
    *(f"stopped_{reason}" for reason in _STOPS),
    "qc",
    "invoicing",
    "ready",
)
"""The states of a vehicle that is in the workshop, in the order of its way through."""


def board_state(order: RepairOrder, clock: Clock) -> str | None:
    """Return the board state of a vehicle, or None when it is not in the workshop."""
    if order.checked_in_at is None or order.delivered_at is not None or order.cancelled:
        return None
    if order.set_ready or order.ready_by(clock.now) is not None:
        return "ready"
    if order.passed_by(clock.now) is not None:
        return "invoicing"
    if order.stop_reason is not None:
        return f"stopped_{order.stop_reason}"
    return _before_inspection(order)


def _before_inspection(order: RepairOrder) -> str:
    if order.started_at is None:
        return "waiting"
    found_wrong = bool(order.qc) and not order.qc[-1][1]
    return "in_progress" if order.working or found_wrong else "qc"
