"""Reception: check-in, inspection, quote, and the order with its promise."""

from collections.abc import Generator
from typing import Any

import simpy

from models.instants import HOUR, MINUTE, Instant
from simulator.order import Order
from simulator.shop import Process, Shop

__all__ = ["add_to_quote", "receive"]

TENTH: Instant = 6 * MINUTE
TENTHS = {
    "maintenance": (8, 16),
    "repair": (8, 40),
    "body": (20, 70),
    "paint": (20, 60),
    "warranty": (8, 30),
    "internal": (5, 20),
}
"""The least and the most standard time of an order of each type, in tenths of an hour."""

REFUSE_SHARE = 0.08


def receive(shop: Shop, order: Order) -> Process:
    """Take a vehicle in; afterwards the order is open, or was cancelled because the customer refused the quote."""
    _check_in(shop, order)
    urgency = 0 if order.arrival.appointment_id else 1
    with shop.advisors.request(urgency) as turn:
        yield turn
        yield from _inspect(shop, order)
        agreed = yield from _quote(shop, order)
        yield shop.wait(MINUTE, 3 * MINUTE)
        _open(shop, order)
        if not agreed and shop.draw.chance(0.5):
            yield from _cancel(shop, order)


def add_to_quote(shop: Shop, order: Order) -> Process:
    """Find more to do during the work: quote it and wait for the customer's answer by telephone."""
    line = f"L{shop.draw.between(50, 99)}"
    _give(shop, order, {line: shop.draw.chance(0.3)})
    _tell(shop, order, "order.paused", reason="approval", expected_until=shop.text(shop.now() + HOUR))
    yield shop.wait(8 * MINUTE, 80 * MINUTE)
    _answer(shop, order, agreed=not shop.draw.chance(0.3))
    yield shop.wait(MINUTE, 3 * MINUTE)
    _tell(shop, order, "order.resumed")


def _check_in(shop: Shop, order: Order) -> None:
    arrival = order.arrival
    data = {
        "order_id": order.id,
        "vehicle_id": arrival.vehicle_id,
        "customer_id": arrival.customer_id,
        "plate": arrival.plate,
        "advisor_id": arrival.advisor_id,
        "waiter": arrival.waits,
        "internal": arrival.internal,
    }
    if arrival.appointment_id:
        data["appointment_id"] = arrival.appointment_id
    shop.journal.write("dms", "vehicle.checked_in", order.id, data)
    order.checked_in()


def _inspect(shop: Shop, order: Order) -> Process:
    yield shop.wait(4 * MINUTE, 12 * MINUTE)
    if not shop.draw.chance(0.92):
        return
    present = not order.arrival.internal and shop.draw.chance(0.6 * shop.traits.care)
    sheet = shop.draw.chance(0.93)
    _tell(shop, order, "inspection.completed", sheet_used=sheet, customer_present=present)
    order.inspected(sheet=sheet, present=present)
    original = order.arrival.comes_back
    if original:
        yield shop.wait(MINUTE, 2 * MINUTE)
        rework = {"order_id": original.id, "rework_order_id": order.id}
        shop.journal.write("dms", "rework.confirmed", original.id, rework)
        original.came_back()


def _quote(shop: Shop, order: Order) -> Generator[simpy.Event, Any, bool]:
    """Return whether the work may go on as quoted."""
    if order.arrival.internal or order.arrival.comes_back or not shop.draw.chance(0.9):
        return True
    yield shop.wait(3 * MINUTE, 7 * MINUTE)
    menu = 0.93 * shop.traits.care if order.arrival.work_type == "maintenance" else 0.7 * shop.traits.care
    _give(shop, order, {f"L{n}": shop.draw.chance(menu) for n in range(1, shop.draw.between(1, 3) + 1)})
    if shop.draw.chance(0.05):
        return True  # nobody wrote down what the customer said
    yield shop.wait(MINUTE, 4 * MINUTE)
    agreed = not shop.draw.chance(REFUSE_SHARE)
    _answer(shop, order, agreed=agreed)
    return agreed


def _give(shop: Shop, order: Order, lines: dict[str, bool]) -> None:
    listed = [{"line_id": line, "menu_price": menu} for line, menu in lines.items()]
    _tell(shop, order, "quote.given", lines=listed)
    order.quoted(lines)


def _answer(shop: Shop, order: Order, *, agreed: bool) -> None:
    _tell(shop, order, "quote.approved" if agreed else "quote.declined")
    order.answered(approved=agreed)


def _open(shop: Shop, order: Order) -> None:
    order.tenths = shop.draw.between(*TENTHS[order.arrival.work_type])
    data = {"order_id": order.id, "work_type": order.arrival.work_type, "standard_hours": order.tenths / 10}
    promise = _promise(shop, order)
    order.opened()
    if shop.draw.chance(0.97):
        data["promised_at"] = shop.text(promise)
        order.promised(promise)
    else:
        shop.start(_promise_later(shop, order, promise))
    shop.journal.write("dms", "order.opened", order.id, data)


def _promise(shop: Shop, order: Order) -> Instant:
    """Return the time an advisor promises: the standard time, half as much again, what waits before it, some air."""
    crew = shop.crew_for(order.arrival.work_type)
    before = len(crew.jobs.items) * HOUR // len(crew.technicians)
    air = before + shop.draw.span(60 * MINUTE, 150 * MINUTE)
    return shop.after_working(shop.now(), order.tenths * TENTH * 3 // 2 + air)


def _promise_later(shop: Shop, order: Order, promise: Instant) -> Process:
    yield shop.wait(5 * MINUTE, 25 * MINUTE)
    if not order.is_cancelled:
        _tell(shop, order, "order.promise_changed", promised_at=shop.text(promise), reason="first promise by telephone")
        order.promised(promise)


def _cancel(shop: Shop, order: Order) -> Process:
    yield shop.wait(2 * MINUTE, 10 * MINUTE)
    _tell(shop, order, "order.cancelled")
    order.cancelled()


def _tell(shop: Shop, order: Order, kind: str, **data: object) -> None:
    shop.journal.write("dms", kind, order.id, {"order_id": order.id, **data})
