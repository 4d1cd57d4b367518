"""Names that stay the same however often, and in whatever order, the same facts are exported."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from importer.cells import Row, to_text
from importer.errors import CellError

__all__ = ["Tokens", "digest", "event_id"]

_DIGITS = 20  # 80 bits: a collision among a billion rows has odds of one in a million


def digest(parts: Iterable[str]) -> str:
    """Return a short name for a list of texts; different lists differ, also where the joined text would not.

    >>> digest(["a", "b"]) == digest(["a", "b"]), digest(["ab"]) == digest(["a", "b"])
    (True, False)
    """
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(whole.encode()).hexdigest()[:_DIGITS]


def event_id(source: str, store: str, event_type: str, key: Iterable[str]) -> str:
    """Return the id of the event that a map finds under a key; never from a row's number."""
    return f"{event_type}:{digest((source, store, event_type, *key))}"


class Tokens:
    """Row tokens: a digest of a row's cells or of its key's, and the count of equal rows if asked."""

    def __init__(self, columns: Sequence[str], key: Sequence[str] | None, *, counted: bool) -> None:
        self._columns = columns
        self._key = key
        self._counted = counted
        self._seen: Counter[str] = Counter()
        self._holders: dict[str, tuple[int, str]] = {}

    def token(self, number: int, row: Row) -> str:
        """Return the row's token; equal rows share it, but counted ones: the second ends in `-2`.

        Raises `CellError` where an earlier row has the same key and other cells: one of them would be lost.
        """
        content = _digest_cells(self._columns, row)
        if self._counted:
            return self._count(content)
        return content if self._key is None else self._keyed(number, content, row)

    def _count(self, content: str) -> str:
        self._seen[content] += 1
        return content if self._seen[content] == 1 else f"{content}-{self._seen[content]}"

    def _keyed(self, number: int, content: str, row: Row) -> str:
        token = _digest_cells(self._key or (), row)
        holder, held = self._holders.setdefault(token, (number, content))
        if held != content:
            raise CellError("", f"has the row_key of row {holder} but other contents")
        return token


def _digest_cells(columns: Iterable[str], row: Row) -> str:
    return digest(to_text(row.get(column, "")) for column in columns)
