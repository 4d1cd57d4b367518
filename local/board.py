"""The demo's board in the terminal: KPIs by store against their targets, and the vehicles in the workshop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from local.fleet import fleet_table
from local.layout import TARGET_WIDTH, Layout, fitting
from local.scrape import Snapshot, StoreNumbers
from models.kpis import CATALOGUE, Kpi
from streams.offline.table import NO_VALUE, shown_target, shown_value

__all__ = ["Board", "plain_lines", "shown_kpis"]

WALL = (
    "on_time_delivery_rate",
    "on_time_completion_rate",
    "final_inspection_rate",
    "utilisation_rate",
    "efficiency_rate",
    "service_orders",
    "booking_rate",
    "punctuality_rate",
    "interactive_inspection_rate",
    "first_time_fix_rate",
    "parts_fill_rate",
    "pre_pick_rate",
    "delivery_explanation_rate",
    "waiting_time",
)
"""What a workshop acts on during the day; the others follow in the catalogue's order, as far as they fit."""

TODAY, WEEK = "today", "7d"
WEEKDAYS = ("周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu", "周五 Fri", "周六 Sat", "周日 Sun")
FIXED_LINES = 8
"""Two of header, three over the KPIs, two over the vehicles, and the legend."""
AIRY_LINES = 30
"""Terminals of this height have room for blank lines between the parts."""
CATCHING_UP = 1_000
"""A lag of more records than that is the history, still being counted."""


def shown_kpis(windows: Sequence[str]) -> list[Kpi]:
    """Return the KPIs that have one of these windows, the wall's first."""
    kpis = (CATALOGUE[kpi] for kpi in dict.fromkeys((*WALL, *CATALOGUE)))
    return [kpi for kpi in kpis if set(kpi.windows) & set(windows)]


@dataclass(frozen=True, slots=True)
class Board:
    """What one scrape says, drawn into the size of the terminal; names are (Chinese, English) by store."""

    snapshot: Snapshot
    names: Mapping[str, tuple[str, str]]
    zone: ZoneInfo
    address: str
    events_per_second: float = 0.0
    speed: float = 1.0

    @property
    def moment(self) -> datetime:
        """The moment KPIs are counted at, in the stores' zone."""
        return datetime.fromtimestamp(self.snapshot.clock, UTC).astimezone(self.zone)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield header, KPIs, vehicles and legend, never more lines than the terminal has."""
        width, height = options.max_width, options.height or console.height
        layout = fitting(width, list(self.names)[: max(1, height // 5)], shown_kpis((TODAY, WEEK)))
        gap: list[RenderableType] = [Text("")] * (height >= AIRY_LINES)
        rows = max(1, height - FIXED_LINES - 2 * len(gap) - len(layout.stores))
        kpis = shown_kpis(layout.windows if not layout.is_short else (TODAY, WEEK))[:rows]
        fleet = {store: self._numbers(store).vehicles for store in layout.stores}
        yield from (self._title(), self._counts(), *gap)
        yield self._kpi_table(layout, kpis)
        yield from (*gap, fleet_table(fleet, self.names, width))
        yield self._legend(layout, len(kpis))

    def _numbers(self, store: str) -> StoreNumbers:
        return self.snapshot.stores.get(store) or StoreNumbers()

    def _title(self) -> Table:
        title = Text.assemble(
            (" baypulse ", "bold white on blue"),
            f"  {WEEKDAYS[self.moment.weekday()]} {self.moment:%Y-%m-%d} ",
            (f"{self.moment:%H:%M}", "bold"),
            (f"  simulated ×{self.speed:g}", "dim"),
        )
        return _both_ends(title, "Ctrl-C ends the demo")

    def _counts(self) -> Table:
        lag = self.snapshot.lag
        counts = Text.assemble(
            (f" {self.snapshot.events:,}", "bold"), " events  ",
            (f"{self.events_per_second:,.0f}", "bold"), "/s  lag ", (f"{lag:,}", "bold"),
            (" history" if lag > CATCHING_UP else "", "yellow"),
        )  # fmt: skip
        return _both_ends(counts, self.address)

    def _kpi_table(self, layout: Layout, kpis: Sequence[Kpi]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0, header_style="bold")
        table.add_column("\nKPI", no_wrap=True, width=layout.id_width)
        table.add_column("\n指标", no_wrap=True, width=layout.zh_width, style="dim")
        table.add_column("\ntarget", no_wrap=True, width=TARGET_WIDTH, justify="right", style="dim")
        for store in layout.stores:
            for head in _heads(layout, self.names[store]):
                table.add_column(head, no_wrap=True, width=layout.value_width, justify="right")
        for kpi in kpis:
            table.add_row(kpi.id, kpi.zh, shown_target(kpi), *self._values(layout, kpi))
        return table

    def _values(self, layout: Layout, kpi: Kpi) -> Iterator[Text]:
        for store in layout.stores:
            numbers = self._numbers(store)
            if layout.is_short:
                yield _today_or_week(kpi, numbers)
            else:
                yield from (_text(kpi, window, numbers) for window in layout.windows)

    def _legend(self, layout: Layout, kpis: int) -> Text:
        stores = len(self.names) - len(layout.stores)
        hidden = [
            f"{count} more {what}" for count, what in ((len(CATALOGUE) - kpis, "KPIs"), (stores, "stores")) if count
        ]
        legend = Text.assemble(" ", ("met", "green"), "  ", ("missed", "bold red"))
        legend.append(f"  {NO_VALUE} no case yet{'  (7 days)' if layout.is_short else ''}", "dim")
        legend.append(f"  {' and '.join(hidden)} in the metrics" if hidden else "", "dim")
        legend.no_wrap, legend.overflow = True, "ellipsis"
        return legend


def _both_ends(left: Text, right: str) -> Table:
    grid = Table.grid(expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True, style="dim")
    grid.add_row(left, f"{right} ")
    return grid


def _heads(layout: Layout, name: tuple[str, str]) -> list[Text]:
    if layout.is_short:
        return [Text("\n".join(name))]
    return [Text(f"{above}\n{window}") for above, window in zip_longest(name, layout.windows, fillvalue="")]


def _text(kpi: Kpi, window: str, numbers: StoreNumbers, style: str = "") -> Text:
    if window not in kpi.windows:
        return Text("")
    value = numbers.value(kpi.id, window)
    return Text(shown_value(kpi, value), style=f"{_colour(kpi, value)} {style}".strip())


def _colour(kpi: Kpi, value: float | None) -> str:
    if value is None:
        return "dim"
    if kpi.target is None:
        return ""
    return "green" if kpi.target.is_met(value) else "bold red"


def _today_or_week(kpi: Kpi, numbers: StoreNumbers) -> Text:
    """Return today's value, or in brackets the week's while today has none."""
    today = _text(kpi, TODAY, numbers)
    if numbers.value(kpi.id, TODAY) is not None or WEEK not in kpi.windows:
        return today
    week = _text(kpi, WEEK, numbers, "italic")
    return week if numbers.value(kpi.id, WEEK) is None else Text.assemble("(", week, ")")


def plain_lines(board: Board) -> list[str]:
    """Return the board for something that is no terminal: a line of counts, and one per store."""
    snapshot = board.snapshot
    counts = f"{snapshot.events:,} events, {board.events_per_second:,.0f}/s, lag {snapshot.lag:,}"
    return [f"{board.moment:%Y-%m-%d %H:%M} {counts}; {board.address}"] + [
        f"  {store} {' '.join(board.names.get(store, ())).strip()}: {_summary(numbers)}"
        for store, numbers in snapshot.stores.items()
    ]


def _summary(numbers: StoreNumbers) -> str:
    kpis = [CATALOGUE[kpi] for kpi in WALL[:6]]
    values = (f"{kpi.id} {_today_or_week(kpi, numbers).plain or NO_VALUE}" for kpi in kpis)
    return f"{', '.join(values)}, in the workshop {sum(numbers.vehicles.values())}"
