"""The whole simulation: each store from its first booking to its last day, and all stores merged in time."""

import heapq
from collections.abc import Iterator

from models.instants import HOUR, Instant
from simulator.chance import Draw
from simulator.demand import draw_day
from simulator.floor import Crew
from simulator.journal import SimulatedEvent
from simulator.office import Office
from simulator.plan import LEAD_DAYS, GroupPlan, StoreTraits
from simulator.shop import Process, Shop
from simulator.showroom import hold_day, report_month
from simulator.truth import Write

__all__ = ["simulate", "simulate_store"]

STEP: Instant = 6 * HOUR
"""How far a store runs ahead before its events are handed over."""


def simulate(plan: GroupPlan, truth: Write | None = None) -> Iterator[SimulatedEvent]:
    """Yield the events of all stores in the order of sending; what is known to be true goes to `truth`.

    Memory holds some hours of every store, however many days the plan has.
    """
    stores = [simulate_store(plan, index, truth) for index in range(plan.stores)]
    return heapq.merge(*stores, key=lambda event: (event.sent, event.store))


def simulate_store(plan: GroupPlan, index: int, truth: Write | None = None) -> Iterator[SimulatedEvent]:
    """Yield the events of one store in the order of sending, the first bookings up to a week before the first day."""
    store, traits = plan.store(index), plan.traits(index)
    first = plan.start.toordinal()
    local = store.calendar.local
    begin, end = local.start_of(first - LEAD_DAYS), local.start_of(first + plan.days)
    shop = Shop(store, traits, Draw(plan.seed, "days", index), begin, truth)
    shop.crews = _crews(shop, traits)
    shop.start(_days(shop, range(first, first + plan.days)))
    for until in range(begin + STEP, end + STEP, STEP):
        shop.env.run(min(until, end))
        yield from shop.journal.take()


def _crews(shop: Shop, traits: StoreTraits) -> dict[str, Crew]:
    sizes = {"mechanic": traits.mechanics, "body": traits.body_technicians, "paint": traits.painters}
    return {trade: Crew.of(shop, trade, size) for trade, size in sizes.items()}


def _days(shop: Shop, days: range) -> Process:
    """Begin every day at its first instant: draw who comes a week later, publish tomorrow's shifts, open."""
    office = Office(shop)
    for day in range(days.start - LEAD_DAYS, days.stop):
        yield shop.until(shop.calendar.local.start_of(day))
        if shop.spans(day + LEAD_DAYS) and day + LEAD_DAYS in days:
            draw_day(shop, day + LEAD_DAYS)
        if shop.spans(day + 1) and day + 1 in days:
            shop.start(office.plan_shifts(day + 1))
        if day in days:
            _hold(shop, office, day, is_first=day == days.start)


def _hold(shop: Shop, office: Office, day: int, *, is_first: bool) -> None:
    office.keep_stock(day)
    if is_first or day == shop.calendar.local.first_of_month(day):
        shop.start(report_month(shop, day))
    if shop.spans(day):
        office.open_day(day)
        hold_day(shop, day)
