"""`baypulse kpis`: the catalogue, as a table or for a machine."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from models.kpis import CATALOGUE, Kpi
from streams.offline.table import shown_target

__all__ = ["kpis"]

_SHOWN = (
    "id",
    "zh",
    "en",
    "section",
    "numerator",
    "denominator",
    "unit",
    "windows",
    "higher_is_better",
    "note",
    "obstacles",
)


def kpis(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List every KPI with its formula, its target and its windows."""
    if as_json:
        typer.echo(json.dumps([_card(kpi) for kpi in CATALOGUE.values()], ensure_ascii=False, indent=1))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("KPI", "指标", "formula", "target", "windows"):
        table.add_column(title)
    for kpi in CATALOGUE.values():
        formula = f"{kpi.numerator} / {kpi.denominator}" if kpi.has_denominator else kpi.numerator
        table.add_row(kpi.id, kpi.zh, formula, shown_target(kpi), " ".join(kpi.windows))
    Console().print(table)


def _card(kpi: Kpi) -> dict[str, Any]:
    target = None if kpi.target is None else asdict(kpi.target)
    return {name: getattr(kpi, name) for name in _SHOWN} | {"target": target}
