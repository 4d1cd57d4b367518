"""Reading files of events, one JSON document a line, gzip or plain; what is wrong in them is told by file, line and
field."""

import gzip
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from models.events import Envelope, EventError, parse_event
from streams.errors import UserError

__all__ = ["Wrong", "read_events"]

STDIN = "-"


class Wrong(NamedTuple):
    """One line that is no event."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {field}{self.reason}"


def read_events(files: Iterable[Path]) -> Iterator[Envelope | Wrong]:
    """Yield the events of files (`-` is standard input) in their order, and in its place what each bad line lacks.

    Blank lines are passed over. A file that can't be read raises `UserError`.
    """
    for file in files:
        with _opened(file) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _read(str(file), number, line)


def _read(file: str, number: int, line: bytes) -> Envelope | Wrong:
    try:
        return parse_event(line)
    except EventError as error:
        return Wrong(file, number, error.field, error.reason)


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    if str(file) == STDIN:
        yield sys.stdin.buffer
        return
    try:
        with file.open("rb") as plain:
            is_gzip = plain.read(2) == b"\x1f\x8b"
        with gzip.open(file) if is_gzip else file.open("rb") as lines:
            yield lines  # type: ignore[misc]  # a gzip file iterates over lines like any other
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"can't read {file}: {reason}") from None
