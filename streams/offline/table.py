"""The KPIs of a store as a table in the terminal."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from models.kpis import CATALOGUE, Kpi
from models.windows import WINDOWS
from streams.offline.answer import Cell

__all__ = ["NO_VALUE", "kpi_table", "shown_target", "shown_value"]

NO_VALUE = "–"
_COLOURS = {"met": "green", "missed": "red", "no data": "dim", None: ""}


def shown_value(kpi: Kpi, value: float | None) -> str:
    """Return a value as people read it: rates in percent, hours with two digits, no value as a dash."""
    if value is None:
        return NO_VALUE
    if kpi.unit == "ratio":
        return f"{value:.1%}"
    if kpi.unit == "count":
        return f"{value:,.0f}"
    return f"{value:,.2f}" if kpi.unit != "money" else f"{value:,.0f}"


def kpi_table(title: str, cells: Iterable[Cell], windows: Iterable[str] = (*WINDOWS, "now")) -> Table:
    """Return a table of KPIs against their targets, a column a window."""
    wanted = list(windows)
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    table.add_column("KPI", no_wrap=True)
    table.add_column("指标", no_wrap=True)
    table.add_column("target", justify="right")
    for window in wanted:
        table.add_column(window, justify="right", no_wrap=True)
    by_kpi: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        by_kpi.setdefault(cell.kpi, {})[cell.window] = cell
    for kpi_id, row in by_kpi.items():
        if set(row) & set(wanted):
            kpi = CATALOGUE[kpi_id]
            table.add_row(kpi_id, kpi.zh, shown_target(kpi), *(_text(kpi, row.get(window)) for window in wanted))
    return table


def shown_target(kpi: Kpi) -> str:
    """Return a KPI's target as people read it, empty without one."""
    return "" if kpi.target is None else f"{kpi.target.comparison} {shown_value(kpi, kpi.target.value)}"


def _text(kpi: Kpi, cell: Cell | None) -> Text:
    if cell is None:
        return Text("")
    return Text(shown_value(kpi, cell.value), style=_COLOURS[cell.verdict])
