"""The parts counter: kinds asked for, missing, arriving, picked and issued."""

import simpy

from models.instants import HOUR, MINUTE
from simulator.order import Order
from simulator.shop import Process, Shop

__all__ = ["Supply"]

KINDS = {
    "maintenance": (1, 2),
    "repair": (0, 2),
    "body": (0, 3),
    "paint": (0, 2),
    "warranty": (0, 2),
    "internal": (0, 1),
}
"""The least and the most kinds of parts an order of each type needs."""

CATALOGUE_SIZE = 400


class Supply:
    """The parts of one order."""

    def __init__(self, shop: Shop, order: Order) -> None:
        self.shop = shop
        self.order = order
        self._issued: set[str] = set()
        self.complete: simpy.Event = shop.env.event()
        """Fires when everything asked for so far lies ready."""
        self.complete.succeed()

    def ask_at_opening(self) -> Process:
        """Ask for what the order is known to need, and let it be picked."""
        wanted = self.shop.draw.between(*KINDS[self.order.arrival.work_type])
        yield from self.ask(wanted, 0.95 * min(1.0, self.shop.traits.care + 0.02))

    def ask(self, kinds: int, fill: float) -> Process:
        """Ask for some kinds, each there with a probability."""
        shop = self.shop
        asked: list[tuple[str, bool]] = []
        for _ in range(kinds):
            yield shop.wait(MINUTE // 6, MINUTE)
            asked.append((f"PN{shop.draw.between(1, CATALOGUE_SIZE):05d}", shop.draw.chance(fill)))
            self._request(*asked[-1])
        if asked:
            self.complete = shop.start(self._provide(asked))

    def is_missing(self) -> bool:
        """Whether something asked for is not there yet."""
        return not self.complete.triggered

    def issue(self) -> Process:
        """Hand out what lies ready and was not handed out before."""
        for part_no, part in list(self.order.parts.items()):
            if part.is_picked and part_no not in self._issued:
                self._issued.add(part_no)
                yield self.shop.wait(MINUTE // 6, MINUTE // 2)
                self._tell("issued", part_no, quantity=1)

    def _request(self, part_no: str, available: bool) -> None:
        quantity = self.shop.draw.between(1, 2)
        self._tell("requested", part_no, quantity=quantity, available=available)
        self.order.needs(part_no, available=available)

    def _provide(self, asked: list[tuple[str, bool]]) -> Process:
        with self.shop.counter.request() as turn:
            yield turn
            for part_no in [part_no for part_no, available in asked if available]:
                yield from self._pick(part_no)
        for part_no in [part_no for part_no, available in asked if not available]:
            yield self.shop.wait(2 * HOUR, 40 * HOUR)
            yield self.shop.when_open()
            self._arrive(part_no)
            yield from self._pick(part_no)

    def _arrive(self, part_no: str) -> None:
        """A kind that was there at its first request counts as there, whatever is asked for again."""
        if not self.order.parts[part_no].available:
            self._tell("arrived", part_no)
            self.order.arrived(part_no)

    def _pick(self, part_no: str) -> Process:
        yield self.shop.wait(MINUTE, 4 * MINUTE)
        self._tell("picked", part_no, quantity=1)
        self.order.picked(part_no)

    def _tell(self, what: str, part_no: str, **data: object) -> None:
        named = {"order_id": self.order.id, "part_no": part_no}
        self.shop.journal.write("parts", f"part.{what}", self.order.id, {**named, **data})
