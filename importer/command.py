"""The command `baypulse import`: a map and a file in, events out, to a file, standard output or Kafka."""

import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from importer.checks import used_columns
from importer.convert import Made, Outcome, convert
from importer.errors import InputError, MapError, Reject
from importer.mapping import Map, load_map
from importer.tables import open_table

__all__ = ["Send", "import_command", "import_file"]

Send = Callable[[Iterable[tuple[bytes, bytes]]], None]
"""Takes (record key, event JSON) pairs in the order of their time and returns when all are delivered."""

_SHOWN = 50  # rejects on the terminal; --rejects keeps them all


def import_command(send: Send) -> Callable[..., None]:
    """Return the command for the command line; `send` is what `--kafka` hands the events to."""

    def run(
        file: Annotated[Path, typer.Argument(help="The export, .csv or .xlsx")],
        map_: Annotated[Path, typer.Option("--map", help="A map file, or the name of a shipped map")],
        output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here, not to the terminal")] = None,
        kafka: Annotated[bool, typer.Option("--kafka", help="Send to the event topic")] = False,
        rejects: Annotated[Path | None, typer.Option("--rejects", help="List rejected rows here (.csv)")] = None,
    ) -> None:
        """Turn the rows of an export into events; exit code 1: rows were rejected, 2: nothing was done."""
        if kafka and output:
            typer.echo("--kafka and --output exclude each other", err=True)
            raise typer.Exit(2)
        raise typer.Exit(import_file(map_, file, output, rejects, send if kafka else None))

    return run


def import_file(map_name: Path, file: Path, output: Path | None, rejects: Path | None, send: Send | None) -> int:
    """Import one file; return 0 when every row was taken, 1 when some were rejected, 2 when nothing was done.

    The good rows' events are written before the rejected rows are told, on standard error.
    """
    try:
        outcome = _converted(load_map(map_name), map_name, file)
        _deliver(outcome.events, output, send)
        if rejects is not None:
            _write_rejects(rejects, outcome.rejects)
    except (MapError, InputError) as error:
        typer.echo(str(error), err=True)
        return 2
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}", err=True)
        return 2
    _report(outcome)
    return 1 if outcome.rejects else 0


def _converted(mapping: Map, map_name: Path, file: Path) -> Outcome:
    table = open_table(file, mapping.file, used_columns(mapping))
    try:
        return convert(mapping, table)
    except MapError as error:
        raise MapError(f"{map_name}, {error}") from None


def _deliver(events: list[Made], output: Path | None, send: Send | None) -> None:
    if send is not None:
        send((made.store.encode(), made.body) for made in events)
    elif output is not None:
        with output.open("wb") as file:
            file.writelines(_lines(events))
    else:
        sys.stdout.buffer.writelines(_lines(events))
        sys.stdout.buffer.flush()


def _lines(events: list[Made]) -> Iterator[bytes]:
    return (made.body + b"\n" for made in events)


def _write_rejects(path: Path, rejects: list[Reject]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        _rejects_table(file, rejects)


def _rejects_table(file: TextIO, rejects: list[Reject]) -> None:
    writer = csv.writer(file)
    writer.writerow(("file", "row", "column", "reason"))
    writer.writerows((reject.file, reject.row, reject.column, reject.reason) for reject in rejects)


def _report(outcome: Outcome) -> None:
    for reject in outcome.rejects[:_SHOWN]:
        typer.echo(str(reject), err=True)
    if len(outcome.rejects) > _SHOWN:
        typer.echo(f"… and {len(outcome.rejects) - _SHOWN} more; --rejects FILE lists them all", err=True)
    typer.echo(f"{outcome.rows} rows, {len(outcome.events)} events, {len(outcome.rejects)} rejected", err=True)
