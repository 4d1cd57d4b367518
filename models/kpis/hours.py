"""Hours: those that were there, those that were worked, those that were sold."""

from models.clock import Clock
from models.entities.order import RepairOrder
from models.kpis.card import Cases, Kpi, R, above
from models.stores import Store

__all__ = ["KPIS"]

SECTION = "Workshop"


def sold_hours(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count the sold seconds of each invoice line above the line, when it was invoiced."""
    return () if order.cancelled else [(line.invoiced_at, line.sold_seconds, 0) for line in order.lines.values()]


_LOAD_OBSTACLES = (
    "No active customer contact; poor job scheduling; the dealer's image; no medium-term marketing; more technicians"
    " than work."
)

KPIS = (
    Kpi(
        id="utilisation_rate",
        zh="开工率",
        en="Utilisation",
        section=SECTION,
        numerator="clocked hours: the union of a technician's productive punches",
        denominator="available hours: attendance minus breaks",
        windows=("1h", *R),
        target=above(0.85),
        scale=1,
        note="Clocked / available hours. Some vendors call this productivity. Both sides are exported in seconds.",
        obstacles=_LOAD_OBSTACLES,
        clocked="numerator",
        available="denominator",
    ),
    Kpi(
        id="efficiency_rate",
        zh="效率",
        en="Efficiency",
        section=SECTION,
        numerator="sold hours on invoices",
        denominator="clocked hours",
        windows=R,
        target=above(0.85),
        note="Sold / clocked hours. Both sides are exported in seconds.",
        obstacles=(
            "No time limit on the order; technicians untrained or unmeasured; too few bays or tools; the internal "
            "process; free diagnosis takes long; parts not pre-picked."
        ),
        order=sold_hours,
        clocked="denominator",
    ),
    Kpi(
        id="performance_index",
        zh="业绩指数",
        en="Performance index",
        section=SECTION,
        numerator="sold hours on invoices",
        denominator="available hours",
        windows=R,
        note="Sold / available hours = utilisation × efficiency, exactly. Some vendors call this productivity.",
        obstacles=_LOAD_OBSTACLES,
        order=sold_hours,
        available="denominator",
    ),
)
