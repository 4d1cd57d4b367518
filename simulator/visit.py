"""One visit from the arrival at the door to the closed order and what comes after it."""

from simulator.aftercare import call_back, come_back, complain
from simulator.handover import bill_early, hand_over, settle
from simulator.order import Arrival, Order
from simulator.parts import Supply
from simulator.reception import receive
from simulator.shop import Process, Shop
from simulator.work import repair

__all__ = ["visit"]


def visit(shop: Shop, arrival: Arrival) -> Process:
    """Arrive, be served, drive off; the call-backs and returns go on beside it."""
    order = Order(shop, arrival)
    yield from receive(shop, order)
    if order.is_cancelled:
        return
    supply = Supply(shop, order)
    yield from supply.ask_at_opening()
    is_billed = bill_early(shop, order)
    yield from repair(shop, order, shop.crew_for(arrival.work_type), supply)
    yield from hand_over(shop, order, is_billed=is_billed)
    for later in (settle(shop, order), call_back(shop, order), complain(shop, order), come_back(shop, order, visit)):
        shop.start(later)
