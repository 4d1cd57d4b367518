"""What a map's value becomes for one row."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from importer.cells import Cell, Row, Value, to_bool, to_decimal, to_int, to_text
from importer.errors import CellError
from importer.mapping import Condition, Conditions, Map, ValueSpec
from importer.times import read_clock, read_time

__all__ = ["PLACEHOLDER", "Context", "Nested", "evaluate", "fill", "holds", "read_moment"]

_T = TypeVar("_T")

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

Nested = Value | dict[str, "Nested"] | None
"""A value, the fields of one entry of a list, or nothing where the cell is empty or the condition false."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a row's values need besides its cells: the map, the row's token and the zone of its store."""

    mapping: Map
    token: str
    zone: ZoneInfo


def evaluate(spec: ValueSpec, row: Row, context: Context) -> Nested:
    """Return the value, None for an empty one; raise `CellError` naming the column that cannot be read."""
    value = _evaluate(spec, row, context) if not spec.when or holds(spec.when, row) else None
    if value is None and spec.otherwise is not None:
        return evaluate(spec.otherwise, row, context)
    return value


def _evaluate(spec: ValueSpec, row: Row, context: Context) -> Nested:
    if spec.each is not None:
        return {name: evaluate(field, row, context) for name, field in spec.each.items()}
    if spec.constant is not None:
        return _constant(spec.constant)
    if spec.row_token:
        return context.token
    if spec.kind == "text" and spec.column is not None and spec.map is None and spec.default is None:
        return to_text(row.get(spec.column, "")) or None  # most fields are this: an import spends its time here
    return _from_row(spec, row, context)


def read_moment(spec: ValueSpec, row: Row, context: Context) -> dt.datetime:
    """Return the value as an aware time, whatever its `as` says; an empty one raises `CellError`."""
    cell = _cell(spec, row)
    if to_text(cell) == "":
        raise CellError(_name(spec), "is empty, but the event needs its time")
    return _guarded(spec, lambda: _time(spec, cell, row, context))


def holds(conditions: Conditions, row: Row) -> bool:
    """Return whether a row passes every condition; no condition always holds."""
    return all(_holds(condition, to_text(row.get(condition.column, ""))) for condition in conditions)


def fill(text: str, row: Row) -> str:
    """Return a template text with each `{column}` replaced by the cell's text."""
    return PLACEHOLDER.sub(lambda found: to_text(row.get(found[1], "")), text).strip()


def _holds(condition: Condition, text: str) -> bool:
    return (
        (condition.equals is None or text in condition.equals)
        and (condition.not_equals is None or text not in condition.not_equals)
        and (condition.matches is None or _pattern(condition.matches).search(text) is not None)
        and (condition.not_matches is None or _pattern(condition.not_matches).search(text) is None)
        and (condition.empty is None or condition.empty is (text == ""))
    )


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _constant(value: str | float | bool) -> Value:
    return str(value) if isinstance(value, float) else value


def _from_row(spec: ValueSpec, row: Row, context: Context) -> Value | None:
    cell = _cell(spec, row)
    text = to_text(cell)
    if spec.map is not None:
        return _guarded(spec, lambda: _mapped(spec, text, context.mapping.maps[spec.map or ""]))
    if text == "":
        return None if spec.default is None else _constant(spec.default)
    return _guarded(spec, lambda: _convert(spec, cell, row, context))


def _cell(spec: ValueSpec, row: Row) -> Cell:
    return fill(spec.text, row) if spec.text is not None else row.get(spec.column or "", "")


def _mapped(spec: ValueSpec, text: str, values: Mapping[str, str | int | float | bool]) -> Value | None:
    if text in values:
        return _constant(values[text])
    if spec.default is not None:
        return _constant(spec.default)
    if text == "":
        return None
    raise ValueError(f"{text!r} is not in the map {spec.map!r} ({', '.join(values)})")


def _convert(spec: ValueSpec, cell: Cell, row: Row, context: Context) -> Value:
    if spec.kind == "time":
        return _time(spec, cell, row, context)
    if spec.kind == "date":
        return _time(spec, cell, row, context).date()
    return _convert_text(spec, to_text(cell), context.mapping.decimal_mark)


def _convert_text(spec: ValueSpec, text: str, mark: str) -> Value:
    if spec.kind == "bool":
        return to_bool(text)
    if spec.kind == "int":
        return to_int(text, mark)
    if spec.kind == "decimal":
        return to_decimal(text, mark)
    if spec.kind == "hours_from_minutes":
        return to_decimal(text, mark) / 60
    return text


def _time(spec: ValueSpec, cell: Cell, row: Row, context: Context) -> dt.datetime:
    formats = spec.formats or context.mapping.formats
    return read_time(cell, formats, context.zone, _clock(spec, row))


def _clock(spec: ValueSpec, row: Row) -> dt.time | None:
    cell = row.get(spec.clock, "") if spec.clock else ""
    if spec.clock and to_text(cell) != "":
        try:
            return read_clock(cell)
        except ValueError as error:
            raise CellError(spec.clock, str(error)) from None
    return read_clock(spec.clock_default) if spec.clock_default else None


def _name(spec: ValueSpec) -> str:
    return spec.column or ", ".join(PLACEHOLDER.findall(spec.text or ""))


def _guarded(spec: ValueSpec, read: Callable[[], _T]) -> _T:
    try:
        return read()
    except CellError:
        raise
    except ValueError as error:
        raise CellError(_name(spec), str(error)) from None
