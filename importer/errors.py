"""What can be wrong with a map, with a file, and with one cell: each says it in one sentence."""

from dataclasses import dataclass

__all__ = ["CellError", "InputError", "MapError", "Reject"]


class MapError(ValueError):
    """The map cannot be used; the message names the place in it."""


class InputError(ValueError):
    """The file cannot be read at all."""


class CellError(ValueError):
    """One cell, or a whole row where `column` is empty, cannot become what the map asks for."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}" if column else reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reject:
    """A row, or the first row of a group, that gave no event; `row` counts the header as well."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}"
        return f"{place}, column {self.column}: {self.reason}" if self.column else f"{place}: {self.reason}"
