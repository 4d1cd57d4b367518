"""From the finished repair to the closed order: bill, wash, handover, and what the books do later."""

from models.instants import DAY, HOUR, MINUTE, Instant
from simulator.order import Line, Order
from simulator.shop import Process, Shop

__all__ = ["bill_early", "hand_over", "settle"]

LABOUR_RATE = 18_000
"""A standard hour, in cents."""

PAYERS = {"warranty": "warranty", "internal": "internal", "body": "insurance", "paint": "insurance"}
REOPEN_SHARE = 0.015


def bill_early(shop: Shop, order: Order) -> bool:
    """Bill simple orders of waiting customers before quality control; return whether that was done."""
    if order.arrival.waits and shop.draw.chance(0.2):
        _invoice(shop, order)
        return True
    return False


def hand_over(shop: Shop, order: Order, *, is_billed: bool) -> Process:
    """Bill, wash, and give the vehicle back."""
    if not is_billed:
        yield shop.when_open()
        with shop.advisors.request(2) as turn:
            yield turn
            yield shop.wait(4 * MINUTE, 15 * MINUTE)
        _invoice(shop, order)
    yield from _wash(shop, order)
    yield shop.wait(MINUTE, 5 * MINUTE)
    _tell(shop, order, "vehicle.ready")
    yield shop.until(_collected_at(shop, order))
    with shop.advisors.request(0) as turn:
        yield turn
        yield shop.wait(4 * MINUTE, 10 * MINUTE)
    _deliver(shop, order)
    yield shop.wait(MINUTE, 15 * MINUTE)
    _tell(shop, order, "order.closed")
    order.closed()


def settle(shop: Shop, order: Order) -> Process:
    """Correct the bill of a few orders days later; weeks later the manufacturer pays for warranty work."""
    if shop.draw.chance(REOPEN_SHARE):
        yield shop.wait(6 * HOUR, 4 * DAY)
        yield shop.when_open(HOUR, 3 * HOUR)
        _tell(shop, order, "order.reopened")
        order.reopened()
        yield shop.wait(5 * MINUTE, 30 * MINUTE)
        _invoice(shop, order)
        yield shop.wait(MINUTE, 5 * MINUTE)
        _tell(shop, order, "order.closed")
        order.closed()
    if order.arrival.work_type == "warranty":
        yield shop.wait(15 * DAY, 35 * DAY)
        amount = order.tenths * LABOUR_RATE / 10 / 100
        _tell(shop, order, "invoice.warranty_paid", amount=amount)


def _invoice(shop: Shop, order: Order) -> None:
    lines = _lines(shop, order)
    listed = [
        {
            "line_id": line.line_id,
            "work_type": order.arrival.work_type,
            "payer": line.payer,
            "labour_hours_sold": line.tenths / 10,
            "labour": line.labour / 100,
            "parts": line.parts / 100,
            "parts_cost": line.parts_cost / 100,
        }
        for line in lines
    ]
    _tell(shop, order, "invoice.issued", lines=listed)
    order.billed(lines)


def _lines(shop: Shop, order: Order) -> list[Line]:
    """Return the main work and, for some, a second line; a comeback is on the house."""
    payer = "internal" if order.arrival.comes_back else PAYERS.get(order.arrival.work_type, "customer")
    sold = order.tenths + shop.draw.between(-1, 2)
    parts = sum(shop.draw.between(4_000, 60_000) for _ in order.parts)
    cost = parts * shop.draw.between(58, 76) // 100
    lines = [Line("L1", payer, sold, sold * LABOUR_RATE // 10, parts, cost)]
    if shop.draw.chance(0.25):
        extra = shop.draw.between(2, 8)
        second = "customer" if payer == "insurance" else payer
        lines.append(Line("L2", second, extra, extra * LABOUR_RATE // 10, 0, 0))
    return lines


def _wash(shop: Shop, order: Order) -> Process:
    if not shop.draw.chance(0.6):
        return
    yield shop.when_open()
    with shop.washers.request() as turn:
        yield turn
        yield shop.wait(12 * MINUTE, 22 * MINUTE)
    _tell(shop, order, "vehicle.washed", washer_id=f"W{shop.draw.between(1, shop.traits.washers)}")
    order.washed = True


def _collected_at(shop: Shop, order: Order) -> Instant:
    """Return when the customer comes: at once who waits, the others after the promise and rather in the afternoon."""
    now = shop.now()
    if order.arrival.waits or order.arrival.internal:
        return shop.next_open(now + shop.draw.span(3 * MINUTE, 15 * MINUTE))
    at = max(now + 20 * MINUTE, (order.promise or now) + shop.draw.span(-20 * MINUTE, 60 * MINUTE))
    _, closing = shop.spans(shop.day_of(shop.next_open(at)))[-1]
    late = closing - shop.draw.span(15 * MINUTE, 150 * MINUTE)
    return shop.next_open(late if at < late and shop.draw.chance(0.6) else at)


def _deliver(shop: Shop, order: Order) -> None:
    explained, advised = shop.draw.chance(0.95 * min(1.0, shop.traits.care)), shop.draw.chance(0.96)
    _tell(shop, order, "vehicle.delivered", bill_explained=explained, advice_given=advised)
    order.delivered(explained=explained and advised)


def _tell(shop: Shop, order: Order, kind: str, **data: object) -> None:
    shop.journal.write("dms", kind, order.id, {"order_id": order.id, **data})
