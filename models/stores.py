"""Stores as master data: who they are, where, when they are open, and the settings their KPIs are counted with."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from models.calendar import Hours, StoreCalendar
from models.events.envelope import Id
from models.zones import local_time

__all__ = ["Store", "StoreError", "Stores"]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class StoreError(ValueError):
    """What is wrong with the list of stores, in one sentence that names the store and the field."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone such as Asia/Shanghai") from None
    return name


def _span(text: object) -> object:
    """Read `"08:30-17:30"` as its two times; anything else is left for the validation to refuse."""
    if not isinstance(text, str):
        return text
    first, _, last = text.partition("-")
    span = (dt.time.fromisoformat(first.strip()), dt.time.fromisoformat(last.strip()))
    if span[0] >= span[1]:
        raise ValueError(f"{text!r} ends before it begins")
    return span


Span = Annotated[tuple[dt.time, dt.time], BeforeValidator(_span)]
_DAY: tuple[Span, ...] = ((dt.time(8, 30), dt.time(17, 30)),)


class Store(BaseModel):
    """One store. Spans of `hours` are the opening hours of a weekday without its breaks; a missing weekday is
    closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: str = ""
    name_en: str = ""
    group: str = ""
    brand: str = ""
    area: str = ""
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    hours: dict[Weekday, tuple[Span, ...]] = Field(default_factory=lambda: dict.fromkeys(WEEKDAYS, _DAY))
    holidays: frozenset[dt.date] = frozenset()
    workdays: frozenset[dt.date] = frozenset()
    """Make-up workdays: open by their weekday's hours, by Monday's where that one is closed."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    vat_included: bool = True
    bays: Annotated[int, Field(ge=0)] = 0
    punctuality_tolerance_minutes: Annotated[int, Field(ge=0, le=240)] = 0
    follow_up_days: Annotated[int, Field(ge=0, le=30)] = 3

    @cached_property
    def calendar(self) -> StoreCalendar:
        """The store's calendar, built once."""
        week: list[Hours] = [self.hours.get(day, ()) for day in WEEKDAYS]
        return StoreCalendar(local_time(self.timezone), tuple(week), self.holidays, self.workdays)

    def counting_settings(self) -> str:
        """Return the settings that its KPIs are counted with, as text; a name or a brand is none of them."""
        counted = {"timezone", "hours", "holidays", "workdays", "punctuality_tolerance_minutes", "follow_up_days"}
        settings = self.model_dump(mode="json", include=counted)
        for days in ("holidays", "workdays"):  # a set of dates has another order in every process
            settings[days].sort()
        return json.dumps(settings, sort_keys=True)


class Stores:
    """The stores of a deployment by id, and whether others are taken too, with default settings."""

    def __init__(self, stores: Mapping[str, Store], default: Store | None = None) -> None:
        self._stores = dict(stores)
        self._default = default

    @classmethod
    def from_dict(cls, tables: Mapping[str, Any]) -> "Stores":
        """Build from parsed TOML: a list `stores`, and a table `default` where unknown stores are accepted."""
        unknown = set(tables) - {"stores", "default"}
        if unknown:
            raise StoreError(f"{min(unknown)!r} is no part of a list of stores; it has [[stores]] and [default]")
        stores: dict[str, Store] = {}
        for number, fields in enumerate(tables.get("stores", ()), 1):
            store = _store(fields, f"store number {number}")
            if store.id in stores:
                raise StoreError(f"store {store.id!r} is listed twice")
            stores[store.id] = store
        default = _store({"id": "default", **tables["default"]}, "[default]") if "default" in tables else None
        return cls(stores, default)

    def get(self, store_id: str) -> Store | None:
        """Return a store, one with the default settings where unknown ones are accepted, or None."""
        store = self._stores.get(store_id)
        if store is None and self._default is not None:
            store = self._stores[store_id] = self._default.model_copy(update={"id": store_id})
        return store


def _store(fields: Mapping[str, Any], place: str) -> Store:
    try:
        return Store.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        name = fields.get("id", place)
        raise StoreError(f"store {name!r}, {field}: {first['msg']}") from None
