"""`baypulse events`: check a file of events and say what is wrong where."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from models.events import unknown_fields
from streams.offline.files import Wrong, read_events

__all__ = ["events"]


def events(
    files: Annotated[
        list[Path], typer.Argument(help="Event files, one JSON event a line, plain or gzip; - is standard input.")
    ],
) -> None:
    """Check events one by one: each wrong line is told with file, line and field; then how many there are of each type.

    Exit code 1 when any line is wrong.
    """
    types: Counter[str] = Counter()
    wrong = unknown = 0
    for event in read_events(files):
        if isinstance(event, Wrong):
            wrong += 1
            typer.echo(str(event), err=True)
        else:
            types[event.type] += 1
            unknown += unknown_fields(event)
    for name, count in sorted(types.items()):
        typer.echo(f"{count:>10,}  {name}")
    typer.echo(f"{types.total():,} events, {wrong:,} wrong lines, {unknown:,} unknown fields (kept out)")
    if wrong:
        raise typer.Exit(1)
