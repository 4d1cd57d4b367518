"""After the visit: calls, problems and their fixes, complaints, and work that was not right."""

from collections.abc import Callable

from models.instants import DAY, HOUR, MINUTE
from simulator.order import Arrival, Order
from simulator.shop import Process, Shop

__all__ = ["call_back", "come_back", "complain"]

Visit = Callable[[Shop, Arrival], Process]

COMEBACK_SHARE = 0.07
COMPLAINT_SHARE = 0.012
MISTAKE_SHARE = 0.002
CHANNELS = (("phone", 76), ("message", 9), ("voicemail", 8), ("in_person", 4), ("letter", 3))
FAULTS = ("noise", "vibration", "leak", "warning lamp", "scratch", "smell", "air conditioning")


def call_back(shop: Shop, order: Order) -> Process:
    """Try to reach the customer on the days after delivery until somebody does or gives up."""
    if order.arrival.internal or shop.draw.chance(0.12):
        return
    day = shop.day_of(order.delivered_at)
    for _ in range(3):
        day += shop.draw.between(1, 2)
        at = shop.daytime(day, 9, 19)
        if at <= shop.now():
            continue
        yield shop.until(at)
        if _call(shop, order):
            return


def come_back(shop: Shop, order: Order, visit: Visit) -> Process:
    """Return with the same fault days or weeks later; the last ones too late to count."""
    if not shop.draw.chance(COMEBACK_SHARE / shop.traits.care):
        return
    day = shop.day_of(order.delivered_at) + shop.draw.between(2, 34)
    yield shop.until(shop.next_open(shop.daytime(day, 8, 17)))
    was = order.arrival
    arrival = Arrival(was.vehicle, was.vehicle_id, was.customer_id, was.plate, was.advisor_id, "repair")
    arrival.comes_back = order
    shop.start(visit(shop, arrival))


def complain(shop: Shop, order: Order) -> Process:
    """Complain about an order; a few complaints are written down by mistake and taken back."""
    is_mistake = shop.draw.chance(MISTAKE_SHARE)
    if not (is_mistake or shop.draw.chance(COMPLAINT_SHARE)):
        return
    yield shop.wait(2 * HOUR, 10 * DAY)
    event_id = shop.journal.write("crm", "complaint.received", order.id, {"order_id": order.id})
    order.complained(really=True)
    if is_mistake:
        yield shop.wait(2 * MINUTE, 90 * MINUTE)
        event = {"source": f"/{shop.store.id}/crm", "id": event_id}
        shop.journal.write("crm", "event.retracted", order.id, {"event": event})
        order.complained(really=False)


def _call(shop: Shop, order: Order) -> bool:
    """Make one attempt; return whether nobody need call again."""
    channel = shop.draw.weighted(CHANNELS)
    reached = shop.draw.chance(0.68 if channel in ("phone", "in_person") else 0.3)
    data = {"order_id": order.id, "channel": channel, "reached": reached}
    if not reached:
        shop.journal.write("crm", "callback.made", order.id, data)
        return False
    satisfied = shop.draw.chance(0.95 * min(1.0, shop.traits.care + 0.03))
    shop.journal.write("crm", "callback.made", order.id, {**data, "satisfied": satisfied})
    if channel in ("phone", "in_person"):
        order.reached(satisfied=satisfied)
    if not satisfied and shop.draw.chance(0.8):
        shop.start(_problem(shop, order))
    return channel in ("phone", "in_person")


def _problem(shop: Shop, order: Order) -> Process:
    """Report faults, have most of them fixed, and be asked whether all is well now."""
    yield shop.wait(MINUTE, 20 * MINUTE)
    name, book, at = shop.number("P"), shop.book(), shop.now()
    faults = sorted({shop.draw.pick(FAULTS) for _ in range(shop.draw.between(1, 3))})
    _tell(shop, "problem.raised", name, order_id=order.id, faults=faults)
    book.set("problem_resolution_rate", at, 0, 1)
    fixed = 0
    for fault in faults:
        yield shop.wait(2 * HOUR, 3 * DAY)
        if shop.draw.chance(0.94):
            fixed += 1
            _tell(shop, "problem.fault_fixed", name, fault=fault)
    yield shop.wait(HOUR, DAY)
    satisfied = shop.draw.chance(0.92)
    _tell(shop, "problem.resolved", name, satisfied=satisfied)
    if satisfied and fixed == len(faults):
        book.set("problem_resolution_rate", at, 1, 1)


def _tell(shop: Shop, kind: str, problem: str, **data: object) -> None:
    shop.journal.write("crm", kind, problem, {"problem_id": problem, **data})
