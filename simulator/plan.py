"""What is simulated: a group's plan, and the stores, people and habits that follow from its seed."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import tomli_w

from models.stores import WEEKDAYS, Store, Stores
from simulator.chance import Draw

__all__ = ["LEAD_DAYS", "GroupPlan", "StoreTraits", "stores_toml"]

LEAD_DAYS = 7
"""Bookings for the first day come in up to this many days before it."""

_AREAS = (("华东", "East"), ("华南", "South"), ("华北", "North"), ("西南", "Southwest"))
_PLACES = (
    ("虹桥", "Hongqiao"), ("浦江", "Pujiang"), ("天河", "Tianhe"), ("南山", "Nanshan"), ("朝阳", "Chaoyang"),
    ("武侯", "Wuhou"), ("滨江", "Binjiang"), ("江北", "Jiangbei"), ("鼓楼", "Gulou"), ("岳麓", "Yuelu"),
)  # fmt: skip
_BRANDS = ("Aurora", "Meridian", "Tianhe")
_WEEKS: tuple[tuple[list[str], list[str]], ...] = (
    (["08:30-12:00", "13:00-17:30"], ["09:00-16:00"]),
    (["08:00-18:00"], []),
    (["09:00-18:30"], ["10:00-17:00"]),
)  # weekday spans, Sunday spans

VEHICLES_PER_ORDER_A_DAY = 150
"""With this fleet a vehicle comes about twice a year."""


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A dealer group over some days. The same plan gives the same bytes, wherever it runs.

    `orders_per_day` is a store's mean; stores take the `zones` in turn. ValueError says which number or zone is wrong.
    """

    seed: int = 1
    stores: int = 3
    days: int = 30
    start: dt.date = dt.date(2026, 3, 2)
    orders_per_day: float = 25.0
    zones: tuple[str, ...] = ("Asia/Shanghai",)

    def __post_init__(self) -> None:
        for name in ("stores", "days", "orders_per_day"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}: give a number above 0")
        if not self.zones:
            raise ValueError("zones is empty: name at least one IANA time zone such as Asia/Shanghai")
        for index in range(min(self.stores, len(self.zones))):
            self.store(index)

    def store(self, index: int) -> Store:
        """Return the store with this number, counted from 0."""
        return Stores.from_dict({"stores": [_fields(self, index)]}).get(store_id(index)) or _missing(index)

    def traits(self, index: int) -> "StoreTraits":
        """Return a store's size and habits."""
        return StoreTraits(self, index)


def store_id(index: int) -> str:
    """Return the id of the store with this number, counted from 0."""
    return f"S{index + 1:04d}"


def _missing(index: int) -> Store:
    raise ValueError(f"store number {index} is not in the plan")


def _fields(plan: GroupPlan, index: int) -> dict[str, object]:
    draw = Draw(plan.seed, "store", index)
    area, place = _AREAS[index % len(_AREAS)], _PLACES[index % len(_PLACES)]
    weekday, sunday = draw.pick(_WEEKS)
    turn = "" if index < len(_PLACES) else str(index // len(_PLACES) + 1)
    hours: dict[str, list[str]] = {day: weekday for day in WEEKDAYS if day != "sun"}
    return {
        "id": store_id(index),
        "name": f"{place[0]}{turn}店",
        "name_en": f"{place[1]} {turn}".strip(),
        "group": "Demo Motors",
        "brand": _BRANDS[index % len(_BRANDS)],
        "area": f"{area[0]} {area[1]}",
        "timezone": plan.zones[index % len(plan.zones)],
        "bays": StoreTraits(plan, index).bays,
        "hours": {**hours, "sun": sunday} if sunday else hours,
    }


def stores_toml(plan: GroupPlan) -> str:
    """Return the group's stores as the TOML file the engine reads."""
    return tomli_w.dumps({"stores": [_fields(plan, index) for index in range(plan.stores)]})


class StoreTraits:
    """Head counts, bays and habits of one store; `care` is how well it works, from 0.85 to 1.1 of the usual."""

    def __init__(self, plan: GroupPlan, index: int) -> None:
        draw = Draw(plan.seed, "traits", index)
        self.orders_per_day = plan.orders_per_day * (0.8 + 0.4 * draw.share())
        self.care = 0.85 + 0.25 * draw.share()
        self.names_punches = not draw.chance(0.3)
        """Whether its time clocks give punches an id; older ones know technician and order only."""

    @cached_property
    def mechanics(self) -> int:
        """Technicians for everything but body and paint."""
        return ceil(self.orders_per_day / 4.4)

    @cached_property
    def body_technicians(self) -> int:
        """Technicians of the body shop."""
        return ceil(self.orders_per_day / 18)

    @cached_property
    def painters(self) -> int:
        """Painters."""
        return ceil(self.orders_per_day / 22)

    @cached_property
    def advisors(self) -> int:
        """Service advisors."""
        return ceil(self.orders_per_day / 9)

    @cached_property
    def washers(self) -> int:
        """Washers."""
        return ceil(self.orders_per_day / 22)

    @cached_property
    def inspectors(self) -> int:
        """Quality inspectors."""
        return ceil(self.orders_per_day / 35)

    @cached_property
    def reception_bays(self) -> int:
        """Bays in which vehicles are received."""
        return ceil(self.orders_per_day / 12)

    @property
    def bays(self) -> int:
        """Work bays of all trades: more than technicians, for a vehicle that waits for parts stays in its bay."""
        return sum(self.bays_of(number) for number in (self.mechanics, self.body_technicians, self.painters))

    @staticmethod
    def bays_of(technicians: int) -> int:
        """Return the bays of a trade with this many technicians."""
        return ceil(technicians * 1.4) + 1

    @property
    def fleet(self) -> int:
        """How many vehicles know the way to this store."""
        return ceil(self.orders_per_day * VEHICLES_PER_ORDER_A_DAY)
