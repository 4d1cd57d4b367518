"""Delivery, follow-up, customer: how the visit ends, and whether the customer comes back."""

from models.clock import Clock
from models.entities.audit import Audit
from models.entities.order import RepairOrder
from models.entities.problem import Problem
from models.entities.vehicle import Vehicle
from models.kpis.card import Cases, Kpi, R, above, exactly
from models.kpis.workshop import share_of_delivered
from models.stores import Store

__all__ = ["KPIS"]

SECTION = "Delivery, follow-up, customer"


def follow_up_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count customers' delivered orders: won by reaching the customer in time, else lost at the end of the due day."""
    delivered = order.delivered_at
    if delivered is None or order.cancelled or order.internal:
        return ()
    due = store.calendar.end_of_day(delivered, store.follow_up_days)
    for called, _ in order.calls:
        if delivered <= called <= due:
            return ((called, 1, 1),)
    return ((due, 0, 1),) if clock.passed(due) else ()


def satisfaction_rate(order: RepairOrder, clock: Clock, store: Store) -> Cases:
    """Count follow-ups that reached the customer; above the line the satisfied ones."""
    return () if order.cancelled else [(called, satisfied, 1) for called, satisfied in order.calls]


def problem_resolution_rate(problem: Problem, clock: Clock, store: Store) -> Cases:
    """Count problem cases when raised; above the line those solved to the customer's satisfaction."""
    return () if problem.raised_at is None else ((problem.raised_at, problem.solved, 1),)


def record_accuracy_rate(audit: Audit, clock: Clock, store: Store) -> Cases:
    """Count audited records; above the line the correct ones."""
    return () if audit.audited_at is None else ((audit.audited_at, audit.accurate, 1),)


def active_vehicles(vehicle: Vehicle) -> Cases:
    """Count a vehicle at its last visit: it lies in a window exactly when any visit does."""
    return ((vehicle.last_visit, 1, 0),)


def loyalty_rate(vehicle: Vehicle) -> Cases:
    """Count a vehicle below the line at its last visit, above it at the latest moment from which on it shows its
    loyalty."""
    active = (vehicle.last_visit, 0, 1)
    return (active,) if vehicle.loyal_since is None else (active, (vehicle.loyal_since, 1, 0))


def return_rate(vehicle: Vehicle) -> Cases:
    """Count a vehicle at its last visit; above the line when there was another in the twelve months before."""
    return ((vehicle.last_visit, vehicle.returned, 1),)


KPIS = (
    Kpi(
        id="delivery_explanation_rate",
        zh="交车解释比例",
        en="Delivery explained",
        section=SECTION,
        numerator="deliveries with the bill explained and advice given",
        denominator="orders delivered",
        windows=R,
        target=above(0.85),
        obstacles="Advisors untrained; bill or completion late; advisors busy with other work; deliveries bunched.",
        order=share_of_delivered(lambda order: order.explained),
    ),
    Kpi(
        id="follow_up_rate",
        zh="回访率",
        en="Follow-up rate",
        section=SECTION,
        numerator="customers reached in person or by phone by the due time",
        denominator="customers due: the end of the store's day, three days after delivery",
        windows=("7d", "30d"),
        target=above(0.65),
        note="Voicemail, letters and messages are no success; internal orders have no customer to call.",
        obstacles="Follow-up not valued; staff untrained or unfit for it.",
        order=follow_up_rate,
    ),
    Kpi(
        id="satisfaction_rate",
        zh="客户满意率",
        en="Customer satisfaction",
        section=SECTION,
        numerator="satisfied customers",
        denominator="successful follow-ups",
        windows=("7d", "30d"),
        target=exactly(1.0),
        note="A dissatisfied answer goes to the service manager at once.",
        order=satisfaction_rate,
    ),
    Kpi(
        id="problem_resolution_rate",
        zh="问题解决率",
        en="Problem resolution",
        section=SECTION,
        numerator="customers whose every reported fault is fixed to their satisfaction",
        denominator="customers who reported problems; one visit's faults are one case",
        windows=("7d", "30d"),
        target=above(0.80),
        problem=problem_resolution_rate,
    ),
    Kpi(
        id="complaint_rate",
        zh="投诉率",
        en="Complaint rate",
        section=SECTION,
        numerator="delivered orders with a complaint",
        denominator="orders delivered",
        windows=("30d",),
        higher_is_better=False,
        order=share_of_delivered(lambda order: order.complained),
    ),
    Kpi(
        id="active_vehicles",
        zh="基盘客户数(1年)",
        en="Active vehicles",
        section=SECTION,
        numerator="distinct vehicles with a visit in twelve months",
        windows=("12m",),
        unit="count",
        note="Vehicles, not owners; a visit is a check-in.",
        vehicle=active_vehicles,
    ),
    Kpi(
        id="loyalty_rate",
        zh="忠诚客户率",
        en="Loyal vehicles",
        section=SECTION,
        numerator="vehicles with two or more visits in twelve months, at least one of them paid by the customer",
        denominator="active vehicles",
        windows=("12m",),
        vehicle=loyalty_rate,
    ),
    Kpi(
        id="return_rate",
        zh="客户回头率",
        en="Returning vehicles",
        section=SECTION,
        numerator="vehicles visiting that had an earlier visit in the twelve months before",
        denominator="vehicles visiting",
        windows=("30d",),
        vehicle=return_rate,
    ),
    Kpi(
        id="record_accuracy_rate",
        zh="用户档案记录准确率",
        en="Record accuracy",
        section=SECTION,
        numerator="audited records found correct",
        denominator="audited records",
        windows=("30d",),
        audit=record_accuracy_rate,
    ),
)
