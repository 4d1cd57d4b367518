"""`baypulse replay`: fold files of events, without any Kafka, and print the KPIs against their targets."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from models.instants import Instant, instant, moment
from models.ledger import StoreLedger
from models.stores import Stores
from streams.errors import UserError
from streams.offline.answer import cells, store_answer
from streams.offline.files import read_events
from streams.offline.fold import Folded, fold
from streams.offline.table import WIDE, kpi_table
from streams.settings import StoreSettings, load_stores

__all__ = ["replay"]

_SHOWN = 20  # wrong lines told one by one; the rest is counted


def replay(
    files: Annotated[
        list[Path], typer.Argument(help="Event files, one JSON event a line, plain or gzip; - is standard input.")
    ],
    at: Annotated[
        str | None, typer.Option(help="The moment to look from, RFC 3339; default: after the last event.")
    ] = None,
    store: Annotated[str | None, typer.Option("--store", "-s", help="Only this store.")] = None,
    stores: Annotated[Path | None, typer.Option(help="The list of stores; without one every store is taken.")] = None,
    timezone: Annotated[str, typer.Option(help="The zone of stores that are not listed.")] = "Asia/Shanghai",
    whole: Annotated[bool, typer.Option("--whole", help="Also sum all there is, as a window called all.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count events as the worker would and print every KPI of every store as of a moment.

    Exit code 1 when lines were wrong or events did not count (told on standard error); the rest counts all the same.
    """
    listed = load_stores(StoreSettings(file=stores, accept_unknown=stores is None, timezone=timezone))
    folded = fold(read_events(files), listed, _moment(at), only=store, whole=whole)
    if not folded.ledgers:
        raise UserError(f"no events{f' of store {store}' if store else ''} before the moment asked for")
    if as_json:
        typer.echo(json.dumps(_answer(folded), ensure_ascii=False, indent=1))
    else:
        _print_tables(folded, listed)
    _tell_wrong(folded.wrong)


def _moment(text: str | None) -> Instant | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise UserError(f"--at {text} is no moment with an offset, such as 2026-03-02T18:00:00+08:00")
    return instant(when)


def _answer(folded: Folded) -> dict[str, object]:
    stores = {store_id: store_answer(ledger) for store_id, ledger in sorted(folded.ledgers.items())}
    return {"at": moment(folded.at).isoformat(), "events": folded.events, "stores": stores}


def _print_tables(folded: Folded, stores: Stores) -> None:
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    for store_id, ledger in sorted(folded.ledgers.items()):
        found = stores.get(store_id)
        zone = ledger.store.calendar.local.zone
        title = f"{store_id} {found.name if found else ''} · {moment(folded.at).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
        console.print(kpi_table(title, cells(ledger), console.width))
        _print_states(console, ledger)


def _print_states(console: Console, ledger: StoreLedger) -> None:
    states = ", ".join(f"{state} {count}" for state, count in ledger.states().items() if count)
    if states:
        console.print(f"in the workshop: {states}\n")


def _tell_wrong(wrong: list[str]) -> None:
    for line in wrong[:_SHOWN]:
        typer.echo(line, err=True)
    if len(wrong) > _SHOWN:
        typer.echo(f"… and {len(wrong) - _SHOWN} more; `baypulse events FILE` tells all that are wrong", err=True)
    if wrong:
        raise typer.Exit(1)
