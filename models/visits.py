"""The vehicles of a store and their visits of the last year, in packed shelves: what twelve months of distinct counts
cost."""

import zlib
from collections.abc import Callable, Iterator

from msgspec import msgpack

from models.cases import Visit
from models.entities.vehicle import Vehicle
from models.instants import DAY, Instant
from models.kpis import CATALOGUE
from models.windows import Windows
from models.zones import LocalTime

__all__ = ["Visits"]

SHELVES = 256
KEPT: Instant = 430 * DAY
"""A year of visits, the month in which the last one can lie, and a few days."""

_Shelf = dict[str, dict[str, tuple[int, bool]]]
"""vehicle → order → (check-in, self-paid)."""

_RULES = [(i, kpi.vehicle) for i, kpi in enumerate(CATALOGUE.values()) if kpi.vehicle is not None]


class Visits:
    """The visits by vehicle; changes go into the windows at once."""

    def __init__(self, local: LocalTime, windows: Windows) -> None:
        self._local = local
        self._windows = windows
        self._shelves: dict[int, bytes] = {}
        self._open: dict[int, _Shelf] = {}

    def revise(self, order: str, old: Visit | None, new: Visit | None, now: Instant) -> None:
        """Replace what an order said about a visit."""
        if old == new:
            return
        if old is not None:
            self._change(old[0], now, lambda visits: visits.pop(order, None))
        if new is not None:
            self._change(new[0], now, lambda visits: visits.update({order: new[1:]}))

    def _change(self, vehicle: str, now: Instant, change: Callable[[dict[str, tuple[int, bool]]], object]) -> None:
        shelf = self._shelf(zlib.crc32(vehicle.encode()) % SHELVES)
        visits = shelf.setdefault(vehicle, {})
        self._book(visits, -1)
        for order in [order for order, (at, _) in visits.items() if at < now - KEPT]:
            del visits[order]
        change(visits)
        self._book(visits, 1)
        if not visits:
            del shelf[vehicle]

    def _book(self, visits: dict[str, tuple[int, bool]], sign: int) -> None:
        if not visits:
            return
        vehicle = Vehicle(tuple(sorted(visits.values())), self._local)
        for kpi, rule in _RULES:
            for at, numerator, denominator in rule(vehicle):
                self._windows.add(kpi, at, sign * numerator, sign * denominator)

    def _shelf(self, number: int) -> _Shelf:
        shelf = self._open.get(number)
        if shelf is None:
            packed = self._shelves.get(number)
            shelf = self._open[number] = {} if packed is None else msgpack.decode(packed, type=_Shelf)
        return shelf

    def changed(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the shelves that changed since the last call as records, and pack them."""
        for number, shelf in sorted(self._open.items()):
            packed = self._shelves[number] = msgpack.encode(shelf)
            yield b"vehicles/%d" % number, packed
        self._open.clear()

    def restore(self, number: int, packed: bytes) -> None:
        """Take back one shelf."""
        self._shelves[number] = packed
