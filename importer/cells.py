"""Cells as the readers give them, and what they say as text, truth or number."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

__all__ = ["Cell", "Row", "Value", "to_bool", "to_decimal", "to_int", "to_text"]

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta
Row = Mapping[str, Cell]
Value = str | int | bool | Decimal | dt.datetime | dt.date
"""What a cell becomes on its way into an event."""

_TRUE = frozenset({"1", "y", "yes", "true", "t", "x", "on", "是", "有", "√"})
_FALSE = frozenset({"0", "n", "no", "false", "f", "off", "否", "无", "×"})


def to_text(cell: Cell) -> str:
    """Return the cell as a person reads it: stripped, whole numbers without a point, times in ISO 8601."""
    if type(cell) is str:  # the usual case by far
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def to_bool(text: str) -> bool:
    """Return the truth a word states; raise `ValueError` on any other word."""
    word = text.casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(f"{text!r} is neither yes nor no")


def to_decimal(text: str, mark: str) -> Decimal:
    """Return a number with `mark` before its decimals; blanks and the other mark group its digits."""
    grouping = "." if mark == "," else ","
    plain = text.replace(" ", "").replace("\u00a0", "").replace(grouping, "").replace(mark, ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number (decimal mark {mark!r})") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a number")
    return number


def to_int(text: str, mark: str) -> int:
    """Return a whole number; `2.0` is one, `2.5` raises `ValueError`."""
    number = to_decimal(text, mark)
    if number != number.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number")
    return int(number)
