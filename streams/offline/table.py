"""The KPIs of a store as a table in the terminal."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from models.kpis import CATALOGUE, Kpi
from models.windows import WINDOWS
from streams.offline.answer import Cell

__all__ = ["NO_VALUE", "WIDE", "kpi_table", "shown_target", "shown_value"]

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


WIDE = 120
"""From this many columns on there is room for every window and the Chinese names."""

_FEW_WINDOWS = ("today", "7d", "30d")


def kpi_table(title: str, cells: Iterable[Cell], width: int = WIDE) -> Table:
    """Return a table of KPIs against their targets, a column a window; on a narrow terminal only the usual windows."""
    is_wide = width >= WIDE
    known = [*cells]
    wanted = [*WINDOWS, "now"] if is_wide else list(_FEW_WINDOWS)
    wanted += sorted({cell.window for cell in known} - {*WINDOWS, "now"})
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    table.add_column("KPI", no_wrap=True)
    if is_wide:
        table.add_column("指标", no_wrap=True)
    table.add_column("target", justify="right")
    for window in wanted:
        table.add_column(window, justify="right", no_wrap=True)
    by_kpi: dict[str, dict[str, Cell]] = {}
    for cell in known:
        by_kpi.setdefault(cell.kpi, {})[cell.window] = cell
    for kpi_id, row in by_kpi.items():
        if set(row) & set(wanted):
            kpi = CATALOGUE[kpi_id]
            names = [kpi_id, kpi.zh] if is_wide else [kpi_id]
            table.add_row(*names, shown_target(kpi), *(_text(kpi, row.get(window)) for window in wanted))
    return table


def shown_target(kpi: Kpi) -> str:
    """Return a KPI's target as people read it, empty without one."""
    return "" if kpi.target is None else f"{kpi.target.comparison} {shown_value(kpi, kpi.target.value)}"


def _text(kpi: Kpi, cell: Cell | None) -> Text:
    if cell is None:
        return Text("")
    return Text(shown_value(kpi, cell.value), style=_COLOURS[cell.verdict])
