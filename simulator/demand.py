"""Who comes on a day: a morning peak, a dip at noon, some more in the afternoon; half of them booked."""

from models.instants import HOUR, MINUTE, Instant
from simulator.desk import Appointment, appointment
from simulator.order import Arrival
from simulator.shop import Process, Shop
from simulator.visit import visit

__all__ = ["draw_day"]

SLOT: Instant = 15 * MINUTE
BOOKED_SHARE = 0.57
SAME_DAY_SHARE = 0.25
FARTHEST_DAYS = 6

SHAPE = (((0, 18), 42), ((18, 38), 22), ((38, 52), 7), ((52, 75), 21), ((75, 88), 8))
"""Hundredths of the day's opening time, and the percent of the arrivals that fall into them."""

WORK_TYPES = (("maintenance", 46), ("repair", 26), ("body", 9), ("paint", 6), ("warranty", 7), ("internal", 6))


def draw_day(shop: Shop, day: int) -> None:
    """Let the arrivals of an open day happen, from the first booking on."""
    for _ in range(_arrivals(shop)):
        at = _moment(shop, day)
        arrival = _arrival(shop)
        if not arrival.internal and shop.draw.chance(BOOKED_SHARE * shop.traits.care):
            slot = -(-at // SLOT) * SLOT
            shop.start(appointment(shop, Appointment(slot, arrival), _booked_at(shop, day, slot)))
        else:
            shop.start(_walk_in(shop, arrival, at))


def _arrivals(shop: Shop) -> int:
    return int(shop.traits.orders_per_day * (0.75 + 0.5 * shop.draw.share()) + shop.draw.share())


def _walk_in(shop: Shop, arrival: Arrival, at: Instant) -> Process:
    yield shop.until(at)
    yield from visit(shop, arrival)


def _moment(shop: Shop, day: int) -> Instant:
    """Return some moment of the opening time, by the shape of a day."""
    spans = shop.spans(day)
    low, high = shop.draw.weighted(SHAPE)
    left = sum(last - first for first, last in spans) // 100 * low
    left += shop.draw.even(0, sum(last - first for first, last in spans) // 100 * (high - low))
    for first, last in spans:
        if left < last - first:
            return first + left
        left -= last - first
    return spans[-1][1] - SLOT


def _booked_at(shop: Shop, day: int, slot: Instant) -> Instant:
    """Return when the slot was taken: in the morning of its own day, or on one of the days before."""
    earliest = shop.calendar.local.start_of(day) + 7 * HOUR + HOUR // 2
    if shop.draw.chance(SAME_DAY_SHARE) and slot - HOUR > earliest:
        return earliest + shop.draw.even(0, slot - HOUR - earliest)
    return shop.daytime(day - shop.draw.between(1, FARTHEST_DAYS), 8, 20)


def _arrival(shop: Shop) -> Arrival:
    draw = shop.draw
    vehicle = draw.between(1, shop.traits.fleet)
    arrival = Arrival(
        vehicle,
        f"V-{shop.store.id}-{vehicle:05d}",
        f"C-{shop.store.id}-{vehicle:05d}",
        f"沪A·{vehicle:05d}",
        f"A{draw.between(1, shop.traits.advisors):02d}",
        draw.weighted(WORK_TYPES),
    )
    arrival.waits = arrival.work_type == "maintenance" and draw.chance(0.5)
    return arrival
