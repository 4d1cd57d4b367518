"""Parts and groups: what each row contributes to an event, and how the parts become its data."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from importer.cells import Row, to_text
from importer.mapping import Template, ValueSpec
from importer.values import Nested

__all__ = ["Part", "arrange", "merge", "merge_time", "order_key"]

OrderKey = tuple[tuple[int, int, str], ...]

_PICKS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
    "min": min,
    "max": max,
    "any": any,
    "every": all,
    "sum": sum,
    "all": lambda values: list(dict.fromkeys(values)),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one row says about one event."""

    row: int
    store: str
    type: str
    time: dt.datetime
    key: tuple[str, ...]
    token: str
    order: OrderKey
    data: dict[str, Nested]
    id: str | None
    subject: str | None


def order_key(columns: Sequence[str], row: Row) -> OrderKey:
    """Return what the named cells sort by: whole numbers by value and before texts."""
    texts = [to_text(row.get(column, "")) for column in columns]
    return tuple((0, int(text), "") if text.isdecimal() else (1, 0, text) for text in texts)


def arrange(parts: Sequence[Part]) -> list[Part]:
    """Return the parts by `order_by`, time and content, whatever the file's order; equal rows once."""
    unique = {part.token: part for part in parts}
    return sorted(unique.values(), key=lambda part: (part.order, part.time, part.token))


def merge_time(spec: ValueSpec, parts: Sequence[Part]) -> dt.datetime:
    """Return the event's time out of its parts' times; the earliest unless the map says otherwise."""
    times = [part.time for part in parts]
    return max(times) if spec.of in {"max", "last"} else min(times)


def merge(template: Template, parts: Sequence[Part]) -> dict[str, Any]:
    """Return the event's data out of its parts, arranged; a field that no part fills is left out."""
    merged = {name: _merge(spec, [part.data.get(name) for part in parts]) for name, spec in template.data.items()}
    return {name: value for name, value in merged.items() if value is not None}


def _merge(spec: ValueSpec, values: list[Nested]) -> Any:
    present = [value for value in values if value is not None]
    if spec.each is not None:
        return [_without_empty(entry) for entry in present if isinstance(entry, dict)]
    return _PICKS[spec.of](present) if present else None


def _without_empty(entry: dict[str, Nested]) -> dict[str, Nested]:
    return {name: value for name, value in entry.items() if value is not None}
