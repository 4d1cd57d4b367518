"""Readers: a .csv or .xlsx file as its header and its rows."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from importer.cells import Cell, Row, to_text
from importer.errors import CellError, InputError
from importer.mapping import FileSettings

__all__ = ["Line", "Table", "open_table"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its number as a spreadsheet shows it; `fault` says why it does not fit the header."""

    number: int
    cells: Row
    fault: CellError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened for one pass: `columns` in the file's order, `lines` read while they are asked for."""

    name: str
    columns: tuple[str, ...]
    repeated: frozenset[str]
    lines: Iterator[Line]


def open_table(path: Path, settings: FileSettings, wanted: Iterable[str] = ()) -> Table:
    """Return the file as a table; raise `InputError` where it is not there, not readable or has no header.

    With `ignore_case` a column takes the spelling it has in `wanted`.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    numbered = enumerate(_records(path, settings), start=1)
    header = next((cells for number, cells in numbered if number == settings.header_row), None)
    if not header or not any(header):
        raise InputError(f"{path}: row {settings.header_row} should name the columns, but is empty")
    spelling = {name.casefold(): name for name in wanted} if settings.ignore_case else {}
    names = (to_text(cell) for cell in header)
    columns = tuple(spelling.get(name.casefold(), name) for name in names)
    repeated = frozenset(name for name, count in Counter(columns).items() if count > 1)
    lines = (_line(number, columns, cells) for number, cells in numbered if any(map(_said, cells)))
    return Table(path.name, columns, repeated, lines)


def _line(number: int, columns: tuple[str, ...], cells: Sequence[Cell]) -> Line:
    row = dict(zip(columns, cells, strict=False))
    row.update(dict.fromkeys(columns[len(cells) :], ""))
    if any(map(_said, cells[len(columns) :])):
        fault = CellError("", f"has {len(cells)} cells, but there are {len(columns)} columns")
        return Line(number, row, fault)
    return Line(number, row)


def _said(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _records(path: Path, settings: FileSettings) -> Iterator[Sequence[Any]]:
    if path.suffix.lower() == ".csv":
        return _csv_records(path, settings)
    if path.suffix.lower() == ".xlsx":
        return iter(_sheet(path, settings.sheet).to_python(skip_empty_area=False))
    raise InputError(f"{path}: only .csv and .xlsx files can be imported")


def _csv_records(path: Path, settings: FileSettings) -> Iterator[Sequence[str]]:
    with path.open(encoding=settings.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=settings.delimiter)
        try:
            yield from reader
        except UnicodeDecodeError:
            other = "gb18030" if settings.encoding == "utf-8-sig" else "utf-8-sig"
            hint = f'try encoding = "{other}" in [file]'
            raise InputError(f"{path}: is not {settings.encoding}; {hint}") from None
        except csv.Error as error:
            raise InputError(f"{path}: line {reader.line_num} is not valid CSV: {error}") from None


def _sheet(path: Path, sheet: str | int) -> python_calamine.CalamineSheet:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except (python_calamine.CalamineError, OSError) as error:
        raise InputError(f"{path}: cannot be read as .xlsx: {error}") from None
    name = sheet if isinstance(sheet, str) else dict(enumerate(book.sheet_names, start=1)).get(sheet)
    if name not in book.sheet_names:
        raise InputError(f"{path}: has no sheet {sheet!r}; its sheets are {', '.join(book.sheet_names)}")
    return book.get_sheet_by_name(name)
