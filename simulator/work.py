"""The repair itself: a bay, stretches of work with stops between them, and quality control until it passes."""

from models.instants import HOUR, MINUTE, Instant
from simulator.floor import Crew, Job
from simulator.order import Order
from simulator.parts import Supply
from simulator.reception import TENTH, add_to_quote
from simulator.shop import Process, Shop

__all__ = ["repair"]

QC_FAIL_SHARE = 0.07
SURE_SHARE = 0.4
"""Of the orders, those simple enough never to fail quality control."""

OTHER_STOPS = {"body": "insurance", "paint": "insurance", "warranty": "warranty", "repair": "sublet"}
FAIL_REASONS = ("torque", "leak", "noise", "dirt", "parts left over")


def repair(shop: Shop, order: Order, crew: Crew, supply: Supply) -> Process:
    """Do the work of an order until quality control passes."""
    yield from _wait_for_parts(shop, order, supply)
    with crew.bays.request(order.promise or shop.now()) as turn:
        yield turn
        bay = crew.take_bay()
        order.surely_passes = shop.draw.chance(SURE_SHARE)
        yield from _work(shop, order, crew, supply, bay)
        yield from _control(shop, order, crew, bay)
        crew.leave_bay(bay)


def _wait_for_parts(shop: Shop, order: Order, supply: Supply) -> Process:
    """Some orders wait for all their parts before anybody begins; the others begin with what is there."""
    if supply.is_missing() and shop.draw.chance(0.6):
        soon = shop.env.timeout(25 * MINUTE)
        yield supply.complete | soon
        if supply.is_missing():
            yield from _stop_for_parts(shop, order, supply)


def _work(shop: Shop, order: Order, crew: Crew, supply: Supply, bay: str) -> Process:
    total = int(order.tenths * TENTH * (0.75 + 0.45 * shop.draw.share())) // MINUTE * MINUTE
    cut = shop.draw.chance(0.3) or supply.is_missing()
    first = total * shop.draw.between(30, 60) // 100 if cut else total
    yield from _stretch(shop, order, crew, bay, first, is_last=not cut)
    yield from supply.issue()
    if cut:
        yield from _between(shop, order, supply)
        yield from supply.issue()
        yield from _stretch(shop, order, crew, bay, total - first, is_last=True)


def _between(shop: Shop, order: Order, supply: Supply) -> Process:
    """What stops the work: something more is found, a part is missing, somebody else must act."""
    yield shop.wait(MINUTE, 4 * MINUTE)
    if shop.draw.chance(0.3) and not order.arrival.internal:
        yield from add_to_quote(shop, order)
    if shop.draw.chance(0.3):
        yield from supply.ask(1, 0.8)
    if supply.is_missing():
        yield from _stop_for_parts(shop, order, supply)
    elif shop.draw.chance(0.25):
        yield from _stop_for_others(shop, order)


def _stop_for_parts(shop: Shop, order: Order, supply: Supply) -> Process:
    until = shop.now() + shop.draw.span(HOUR, 20 * HOUR)
    _tell(shop, order, "order.paused", reason="parts", expected_until=shop.text(until))
    if shop.draw.chance(0.5):
        yield from _promise_again(shop, order, until)
    yield supply.complete
    yield shop.when_open()
    yield shop.wait(MINUTE, 3 * MINUTE)
    _tell(shop, order, "order.resumed")


def _stop_for_others(shop: Shop, order: Order) -> Process:
    _tell(shop, order, "order.paused", reason=OTHER_STOPS.get(order.arrival.work_type, "other"))
    yield shop.wait(20 * MINUTE, 5 * HOUR)
    yield shop.when_open()
    _tell(shop, order, "order.resumed")


def _promise_again(shop: Shop, order: Order, until: Instant) -> Process:
    yield shop.wait(3 * MINUTE, 15 * MINUTE)
    promise = shop.after_working(until, order.tenths * TENTH + HOUR)
    _tell(shop, order, "order.promise_changed", promised_at=shop.text(promise), reason="parts")
    order.promised(promise)


def _stretch(shop: Shop, order: Order, crew: Crew, bay: str, length: Instant, *, is_last: bool) -> Process:
    done = shop.env.event()
    job = Job(order.id, bay, length, done, order.started, is_last=is_last and order.surely_passes)
    crew.put(job, order.promise or shop.now())
    yield done


def _control(shop: Shop, order: Order, crew: Crew, bay: str) -> Process:
    """Inspect, and send back to work, until it passes."""
    while True:
        yield shop.wait(2 * MINUTE, 8 * MINUTE)
        yield shop.when_open()
        with shop.inspectors.request(order.promise or shop.now()) as turn:
            yield turn
            yield shop.wait(5 * MINUTE, 12 * MINUTE)
        inspector = f"Q{shop.draw.between(1, shop.traits.inspectors)}"
        if order.surely_passes or not shop.draw.chance(QC_FAIL_SHARE / (1 - SURE_SHARE)):
            _tell(shop, order, "qc.passed", inspector_id=inspector)
            order.passed()
            return
        _tell(shop, order, "qc.failed", inspector_id=inspector, reason=shop.draw.pick(FAIL_REASONS))
        yield from _stretch(shop, order, crew, bay, shop.draw.span(10 * MINUTE, 50 * MINUTE), is_last=False)


def _tell(shop: Shop, order: Order, kind: str, **data: object) -> None:
    shop.journal.write("floor", kind, order.id, {"order_id": order.id, **data})
