"""The events of one store as a table: what is visible at a moment, in which order, and the cases counted from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from models.events import Envelope

__all__ = ["Case", "Row", "cents", "group", "hours_as_seconds", "named", "seconds", "visible_rows"]

Key = tuple[str, str]


class Row(NamedTuple):
    """One visible event. Rows sort in reading order; times are UTC."""

    time: datetime
    source: str
    id: str
    kind: str
    data: Any


class Case(NamedTuple):
    """One decided case of a KPI: it counts in every window that holds `at`."""

    kpi: str
    at: datetime
    numerator: int
    denominator: int


def visible_rows(events: Iterable[Envelope], now: datetime) -> list[Row]:
    """Return the rows before now in reading order, without what is retracted.

    Each (source, id) is there once: of all its copies the one with the latest time stands, before now or not.
    """
    latest: dict[Key, Row] = {}
    for event in events:
        row = Row(event.time.astimezone(UTC), event.source, event.id, event.type.removeprefix("workshop."), event.data)
        known = latest.get((row.source, row.id))
        if known is None or known.time < row.time:
            latest[row.source, row.id] = row
    latest = {key: row for key, row in latest.items() if row.time < now}
    retractors: dict[Key, list[Key]] = defaultdict(list)
    for key, row in latest.items():
        if row.kind == "event.retracted":
            retractors[row.data.event.source, row.data.event.id].append(key)
    stands = (row for key, row in latest.items() if not _is_retracted(key, retractors, frozenset()))
    return sorted((row for row in stands if row.kind != "event.retracted"), key=lambda row: row[:3])


def _is_retracted(key: Key, retractors: dict[Key, list[Key]], path: frozenset[Key]) -> bool:
    path = path | {key}
    return any(by not in path and not _is_retracted(by, retractors, path) for by in retractors.get(key, ()))


def named(rows: Iterable[Row], *kinds: str) -> list[Row]:
    """Return the rows of these kinds, in their order."""
    return [row for row in rows if row.kind in kinds]


def group(rows: Iterable[Row], key: Callable[[Row], str | None]) -> dict[str, list[Row]]:
    """Return the rows by key, in their order; rows without a key are left out."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        name = key(row)
        if name is not None:
            groups[name].append(row)
    return dict(groups)


def seconds(start: datetime, end: datetime) -> int:
    """Return the span in whole seconds, each end cut down to its second."""
    return int((end.replace(microsecond=0) - start.replace(microsecond=0)).total_seconds())


def hours_as_seconds(hours: Decimal) -> int:
    """Return hours as whole seconds, halves to even."""
    return int((hours * 3600).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def cents(amount: Decimal) -> int:
    """Return an amount in hundredths, halves to even."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
