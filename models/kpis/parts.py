"""Parts: whether they are there, and what they cost."""

from models.clock import Clock
from models.entities.duty import Reports
from models.entities.order import RepairOrder
from models.instants import seconds_between
from models.kpis.card import Cases, Kpi, M, R, above, at_least
from models.stores import Store

__all__ = ["KPIS"]

SECTION = "Parts"
DAYS_A_YEAR = 365


def parts_fill_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count each kind of part at its first request; above the line when it was there."""
    if order.cancelled:
        return ()
    return [(part.requested_at, part.available, 1) for part in order.parts.values() if part.requested_at is not None]


def pre_pick_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count orders at their first productive clock-on; above the line when every part requested by then was picked by
    then."""
    start = order.started_at
    if start is None or order.cancelled:
        return ()
    needed = [part for part in order.parts.values() if part.requested_at is not None and part.requested_at <= start]
    return ((start, all(part.picked_at is not None and part.picked_at <= start for part in needed), 1),)


def parts_lead_time(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count each kind that was missing when it arrives, with the seconds since its first request."""
    if order.cancelled:
        return ()
    return [
        (part.arrived_at, seconds_between(part.requested_at, part.arrived_at), 1)
        for part in order.parts.values()
        if not part.available
        and part.requested_at is not None
        and part.arrived_at is not None
        and part.requested_at <= part.arrived_at
    ]


def parts_cost(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count the cost of a closed order's parts, in cents."""
    if order.closed_at is None or order.cancelled:
        return ()
    return ((order.closed_at, sum(line.parts_cost for line in order.lines.values()), 0),)


def yearly_parts_cost(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count the cost of a closed order's parts 365 times: a daily stock value below the line makes it turns a year."""
    return [(at, cost * DAYS_A_YEAR, 0) for at, cost, _ in parts_cost(order, clock, store)]


def stock_value_days(reports: Reports, clock: Clock, store: Store) -> Cases:
    """Count the value of the parts stock, in cents, of each day below the line."""
    return [(at, 0, value) for at, value in reports.stock_days(clock, store.calendar)]


KPIS = (
    Kpi(
        id="parts_fill_rate",
        zh="零件保供率",
        en="Parts fill rate",
        section=SECTION,
        numerator="kinds of parts available at once",
        denominator="kinds of parts the workshop requested",
        windows=R,
        target=at_least(0.90),
        note=(
            "Kinds, not pieces; the same kind twice on an order counts once. The target is a group's default, not "
            "the trade's."
        ),
        obstacles="Poor stock management; the parts department serves other business first.",
        order=parts_fill_rate,
    ),
    Kpi(
        id="pre_pick_rate",
        zh="零件预捡及时率",
        en="Parts pre-picked in time",
        section=SECTION,
        numerator="orders whose parts were all picked before work started",
        denominator="orders started",
        windows=R,
        target=above(0.60),
        note="Parts requested after the start do not count; an order that needed none was ready.",
        obstacles=(
            "Low fill rate; few interactive inspections; a poor picking process; advisors and parts department do "
            "not talk."
        ),
        order=pre_pick_rate,
    ),
    Kpi(
        id="parts_lead_time",
        zh="供应周期",
        en="Parts lead time",
        section=SECTION,
        numerator="hours from request to arrival",
        denominator="kinds of parts that were not in stock",
        windows=("7d", "30d"),
        higher_is_better=False,
        unit="hours",
        scale=3600,
        order=parts_lead_time,
    ),
    Kpi(
        id="parts_cost",
        zh="配件费用",
        en="Cost of parts",
        section=SECTION,
        numerator="cost of parts on closed orders, without VAT",
        windows=M,
        higher_is_better=None,
        unit="money",
        scale=100,
        order=parts_cost,
    ),
    Kpi(
        id="inventory_turns",
        zh="库存周转率 (备件)",
        en="Parts stock turns",
        section=SECTION,
        numerator="cost of parts sold × 365",
        denominator="value of the parts stock, summed over the days",
        windows=("30d", "12m"),
        unit="turns",
        note="Cost × 365 / days / mean value: the days of the sum cancel. A valuation holds until the next one.",
        order=yearly_parts_cost,
        reports=stock_value_days,
    ),
)
