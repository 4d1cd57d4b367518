"""Workshop: right the first time, on time, and with the hours that were there."""

from collections.abc import Callable

from models.clock import Clock
from models.entities.order import RepairOrder
from models.instants import MINUTE, Instant, seconds_between
from models.kpis import hours
from models.kpis.card import Cases, Kpi, R, above, at_least
from models.kpis.duty_days import days_of
from models.stores import Store

__all__ = ["KPIS", "deliveries", "share_of_delivered"]

SECTION = "Workshop"

OrderRule = Callable[[RepairOrder, Clock, Store], Cases]


def deliveries(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count every delivered order above the line."""
    return () if order.delivered_at is None or order.cancelled else ((order.delivered_at, 1, 0),)


def share_of_delivered(is_met: Callable[[RepairOrder], bool]) -> OrderRule:
    """Return a rule that counts delivered orders, above the line those that meet a condition."""

    def rule(order: RepairOrder, clock: Clock, store: Store) -> Cases:
        return () if order.delivered_at is None or order.cancelled else ((order.delivered_at, is_met(order), 1),)

    return rule


def _won_or_lost(won_at: Instant | None, due: Instant, clock: Clock) -> Cases:
    """Return a case won at a moment, lost once its deadline passed, or not decided yet."""
    if won_at is not None:
        return ((won_at, 1, 1),)
    return ((due, 0, 1),) if clock.passed(due) else ()


def on_time_completion_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count orders with a promise: won by passing quality control 30 min before the original promise, else lost
    then."""
    if order.promised_at is None or order.cancelled:
        return ()
    due = order.promised_at - 30 * MINUTE
    return _won_or_lost(order.passed_by(due), due, clock)


def on_time_ready(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count orders with a promise: won when quality control passed and the bill is made by the original promise, else
    lost then."""
    due = order.promised_at
    if due is None or order.cancelled:
        return ()
    return _won_or_lost(order.ready_by(due), due, clock)


def delivered_of(work_type: str) -> OrderRule:
    """Return a rule that counts delivered orders of one type of work above the line."""

    def rule(order: RepairOrder, clock: Clock, store: Store) -> Cases:
        return deliveries(order, clock, store) if order.work_type == work_type else ()

    return rule


def washed_deliveries(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count delivered orders whose vehicle was washed above the line."""
    return deliveries(order, clock, store) if order.washed else ()


def cycle_time(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count ready orders with the seconds since check-in; one ready before its check-in does not count."""
    return () if order.cancelled else _since_check_in(order, order.ready_by(clock.now))


def waiting_time(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count started orders with the seconds since check-in; one started before its check-in does not count."""
    return () if order.cancelled else _since_check_in(order, order.started_at)


def _since_check_in(order: RepairOrder, at: Instant | None) -> Cases:
    begin = order.checked_in_at
    return () if begin is None or at is None or begin > at else ((at, seconds_between(begin, at), 1),)


def service_orders(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count opened orders."""
    return () if order.opened_at is None or order.cancelled else ((order.opened_at, 1, 0),)


def service_conversion_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count quoted orders: won by the customer's approval, lost when closed without."""
    if not order.quoted or order.cancelled:
        return ()
    if order.approved and order.answered_at is not None:
        return ((order.answered_at, 1, 1),)
    return () if order.closed_at is None else ((order.closed_at, 0, 1),)


def repair_completion_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count opened orders; above the line those that are ready."""
    if order.opened_at is None or order.cancelled:
        return ()
    return ((order.opened_at, order.ready_by(clock.now) is not None, 1),)


def _per_worker_day(id_: str, zh: str, en: str, *, counted: str, trade: str, rule: OrderRule) -> Kpi:
    return Kpi(
        id=id_,
        zh=zh,
        en=en,
        section=SECTION,
        numerator=counted,
        denominator=f"{trade.replace('_', ' ').removesuffix('s')}-days on duty",
        windows=(*R, "mtd"),
        higher_is_better=None,
        unit="per_day",
        order=rule,
        reports=days_of(trade),
    )


_TIME_OBSTACLES = (
    "Poor job control or an unused control board; inspection and repair do not talk; slow technicians or repair "
    "errors; poor parts supply."
)

KPIS = (
    Kpi(
        id="first_time_fix_rate",
        zh="一次修复率",
        en="First-time fix",
        section=SECTION,
        numerator="delivered orders without a rework confirmed within 30 days",
        denominator="orders delivered",
        windows=("7d", "30d"),
        target=above(0.85),
        note=(
            "A rework revises the original order, on its own day and in its own store. Check against follow-up calls"
            " and satisfaction."
        ),
        order=share_of_delivered(lambda order: not order.reworked),
    ),
    Kpi(
        id="comeback_rate",
        zh="返修率",
        en="Comeback rate",
        section=SECTION,
        numerator="delivered orders with a rework confirmed within 30 days",
        denominator="orders delivered",
        windows=("30d",),
        higher_is_better=False,
        order=share_of_delivered(lambda order: order.reworked),
    ),
    Kpi(
        id="on_time_completion_rate",
        zh="车间完工准时率",
        en="On-time completion",
        section=SECTION,
        numerator="orders that passed quality control at least 30 min before the promised delivery",
        denominator="orders with a promise",
        windows=("1h", *R),
        target=above(0.80),
        note="The original promise judges. A passed deadline counts at once, without waiting for an event.",
        obstacles=_TIME_OBSTACLES,
        order=on_time_completion_rate,
    ),
    Kpi(
        id="final_inspection_rate",
        zh="终检出票及时率",
        en="Final inspection and bill in time",
        section=SECTION,
        numerator="orders with quality control passed and an itemised bill by the promised delivery",
        denominator="orders with a promise",
        windows=R,
        target=above(0.90),
        obstacles="Wrong scheduling or promises; advisors' skill and attitude; departments do not talk.",
        order=on_time_ready,
    ),
    Kpi(
        id="on_time_delivery_rate",
        zh="准时交车率",
        en="On-time delivery",
        section=SECTION,
        numerator="vehicles ready (quality control and bill) by the promise",
        denominator="orders with a promise",
        windows=R,
        target=at_least(0.95),
        note="A customer who collects late is no miss. The target is a group's default, not the trade's.",
        obstacles=_TIME_OBSTACLES,
        order=on_time_ready,
    ),
    *hours.KPIS,
    _per_worker_day(
        "vehicles_per_technician_day",
        "技师日均维修台次",
        "Vehicles per technician and day",
        counted="orders delivered",
        trade="technicians",
        rule=deliveries,
    ),
    _per_worker_day(
        "body_vehicles_per_technician_day",
        "钣金人日台数",
        "Body vehicles per technician and day",
        counted="body orders delivered",
        trade="body_technicians",
        rule=delivered_of("body"),
    ),
    _per_worker_day(
        "paint_vehicles_per_technician_day",
        "喷漆人日台数",
        "Paint vehicles per painter and day",
        counted="paint orders delivered",
        trade="painters",
        rule=delivered_of("paint"),
    ),
    _per_worker_day(
        "wash_vehicles_per_washer_day",
        "洗车人日台数",
        "Washed vehicles per washer and day",
        counted="washed vehicles delivered",
        trade="washers",
        rule=washed_deliveries,
    ),
    Kpi(
        id="cycle_time",
        zh="维修周期",
        en="Cycle time",
        section=SECTION,
        numerator="hours from check-in to ready",
        denominator="orders ready",
        windows=R,
        higher_is_better=False,
        unit="hours",
        scale=3600,
        order=cycle_time,
    ),
    Kpi(
        id="waiting_time",
        zh="维修等待时间",
        en="Waiting time",
        section=SECTION,
        numerator="hours from check-in to the first productive clock-on",
        denominator="orders started",
        windows=R,
        higher_is_better=False,
        unit="hours",
        scale=3600,
        order=waiting_time,
    ),
    Kpi(
        id="service_orders",
        zh="服务订单数",
        en="Service orders",
        section=SECTION,
        numerator="orders opened",
        windows=("1h", *R, "mtd"),
        unit="count",
        order=service_orders,
    ),
    Kpi(
        id="service_conversion_rate",
        zh="服务转化率",
        en="Service conversion",
        section=SECTION,
        numerator="quoted orders approved by the customer",
        denominator="quoted orders approved or closed",
        windows=R,
        order=service_conversion_rate,
    ),
    Kpi(
        id="repair_completion_rate",
        zh="维修率",
        en="Repair completion",
        section=SECTION,
        numerator="orders ready (quality control and bill)",
        denominator="orders opened",
        windows=("7d", "30d"),
        order=repair_completion_rate,
    ),
    Kpi(
        id="vehicles_in_workshop",
        zh="在厂台数",
        en="Vehicles in the workshop",
        section=SECTION,
        numerator="vehicles checked in and not delivered",
        windows=("now",),
        higher_is_better=None,
        unit="count",
        note="By board state in a metric of its own.",
    ),
)
