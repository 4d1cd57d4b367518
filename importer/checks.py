"""Is a map right? Every event type, data field, value map and column it names must exist."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import get_args

from pydantic import BaseModel

from importer.errors import MapError
from importer.mapping import Conditions, Map, Template, ValueSpec
from importer.tables import Table
from importer.values import PLACEHOLDER
from models.events import EVENT_TYPES, PREFIX

__all__ = ["check_columns", "check_map", "event_types", "field_names", "full_type", "used_columns"]


def check_map(mapping: Map) -> None:
    """Raise `MapError` on the first event type, data field, value map or pattern that cannot work."""
    if mapping.occurrence and mapping.row_key:
        raise MapError("occurrence: counts rows that are equal in all columns used, so it takes no row_key")
    for place, spec in _specs(mapping):
        _check_spec(mapping, place, spec)
    for place, conditions in _conditions(mapping):
        _check_patterns(place, conditions)
    for place, template in _templates(mapping):
        types = event_types(mapping, template, place)
        _check_fields(place, template, types)


def check_columns(mapping: Map, table: Table) -> None:
    """Raise `MapError` where the map names a column that the table lacks or has twice."""
    for place, column in _columns(mapping):
        if column in table.repeated:
            raise MapError(f"{place}: the file has two columns {column!r}; give them different names")
        if column not in table.columns and column not in mapping.file.optional:
            raise MapError(f"{place}: the file has no column {column!r}; its columns are {', '.join(table.columns)}")


def used_columns(mapping: Map) -> list[str]:
    """Return the columns the map reads, sorted: rows equal in all of them give equal events."""
    return sorted({column for _, column in _columns(mapping)})


@cache
def full_type(name: str) -> str:
    """Return an event type with its prefix; empty stays empty: no event."""
    return name if not name or name.startswith(PREFIX) else PREFIX + name


def event_types(mapping: Map, template: Template, place: str = "event") -> list[str]:
    """Return the types the template can give; raise `MapError` on one the product does not know."""
    spec = template.type
    named = mapping.maps.get(spec.map, {}).values() if spec.map else ()
    types = [full_type(str(name)) for name in (*named, spec.constant, spec.default) if name]
    unknown = [name for name in types if name not in EVENT_TYPES]
    if unknown:
        raise MapError(f"{place}, type: there is no event type {unknown[0]!r} (docs/events.md lists them)")
    if not types:
        raise MapError(f"{place}, type: name an event type, or a column with a map to event types")
    return types


def field_names(model: type[BaseModel]) -> dict[str, type[BaseModel] | None]:
    """Return the fields a model's JSON has; for a list of entries the model of one entry, else None."""
    return {field.alias or name: _entry(field.annotation) for name, field in model.model_fields.items()}


def _entry(annotation: object) -> type[BaseModel] | None:
    found = [arg for arg in get_args(annotation) if isinstance(arg, type) and issubclass(arg, BaseModel)]
    return found[0] if found else None


def _check_fields(place: str, template: Template, types: list[str]) -> None:
    known: dict[str, type[BaseModel] | None] = {}
    for name in types:
        known |= field_names(EVENT_TYPES[name])
    _check_names(f"{place}, data", template.data, known, " or ".join(dict.fromkeys(types)))


def _check_names(
    place: str, fields: dict[str, ValueSpec], known: dict[str, type[BaseModel] | None], owner: str
) -> None:
    for name, spec in fields.items():
        if name not in known:
            raise MapError(f"{place}: {owner} has no field {name!r}; its fields are {', '.join(known) or 'none'}")
        entry = known[name]
        if spec.each is not None and entry is None:
            raise MapError(f"{place}.{name}: is no list of entries, so it cannot be filled with each")
        if spec.each is not None and entry is not None:
            _check_names(f"{place}.{name}", spec.each, field_names(entry), f"an entry of {name}")


def _check_spec(mapping: Map, place: str, spec: ValueSpec) -> None:
    if spec.map is not None and spec.map not in mapping.maps:
        raise MapError(f"{place}: there is no value map {spec.map!r} in [maps] ({', '.join(mapping.maps) or 'none'})")
    if spec.of not in _allowed_picks(mapping, spec):
        raise MapError(f"{place}: of = {spec.of!r} cannot work on such values (see docs/import.md)")
    if spec.clock_default and spec.column is None and spec.text is None:
        raise MapError(f"{place}: clock_default needs a column with the date")


def _allowed_picks(mapping: Map, spec: ValueSpec) -> set[str]:
    mapped = mapping.maps[spec.map].values() if spec.map else ()
    truths = spec.kind == "bool" if not mapped else all(isinstance(value, bool) for value in mapped)
    numbers = spec.kind in {"int", "decimal", "hours_from_minutes"} and not mapped
    always = {"first", "last", "all"} | (set() if mapped else {"min", "max"})
    return always | ({"any", "every"} if truths else set()) | ({"sum"} if numbers else set())


def _check_patterns(place: str, conditions: Conditions) -> None:
    for pattern in (p for c in conditions for p in (c.matches, c.not_matches) if p is not None):
        try:
            re.compile(pattern)
        except re.error as error:
            raise MapError(f"{place}: {pattern!r} is not a regular expression: {error}") from None


def _templates(mapping: Map) -> Iterator[tuple[str, Template]]:
    for number, template in enumerate(mapping.event, start=1):
        yield f"event {number}" + (f" ({template.name})" if template.name else ""), template


def _specs(mapping: Map) -> Iterator[tuple[str, ValueSpec]]:
    yield "store", mapping.store
    for place, template in _templates(mapping):
        yield f"{place}, type", template.type
        yield f"{place}, time", template.time
        yield from _nested(f"{place}, data", template.data)


def _nested(place: str, fields: dict[str, ValueSpec]) -> Iterator[tuple[str, ValueSpec]]:
    for name, spec in fields.items():
        yield f"{place}.{name}", spec
        yield from _nested(f"{place}.{name}", spec.each or {})
        if spec.otherwise is not None:
            yield from _nested(place, {f"{name}.otherwise": spec.otherwise})


def _conditions(mapping: Map) -> Iterator[tuple[str, Conditions]]:
    yield "where", mapping.where
    for place, template in _templates(mapping):
        yield f"{place}, when", template.when
    for place, spec in _specs(mapping):
        yield f"{place}, when", spec.when


def _columns(mapping: Map) -> Iterator[tuple[str, str]]:
    for place, spec in _specs(mapping):
        yield from ((place, column) for column in _spec_columns(spec))
    for place, conditions in _conditions(mapping):
        yield from ((place, condition.column) for condition in conditions)
    yield from (("row_key", column) for column in mapping.row_key or ())
    for place, template in _templates(mapping):
        yield from ((place, column) for column in _template_columns(template))


def _spec_columns(spec: ValueSpec) -> Iterable[str]:
    return [*filter(None, (spec.column, spec.clock)), *PLACEHOLDER.findall(spec.text or "")]


def _template_columns(template: Template) -> Iterable[str]:
    texts = PLACEHOLDER.findall(f"{template.id or ''}{template.subject or ''}")
    return [*(template.group_by or ()), *template.order_by, *(template.key or ()), *texts]
