"""What of the board's KPI table fits into a width."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from models.kpis import Kpi

__all__ = ["TARGET_WIDTH", "Layout", "fitting"]

SHORT_ID = 27
SHORT_ZH = 14
TARGET_WIDTH = 8
VALUE_WIDTH = 8
WIDEST_VALUE = 12

MONTH, WEEK, DAY = ("today", "7d", "30d"), ("today", "7d"), ("today",)


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths in cells, with one cell between columns; every store has a column per window."""

    id_width: int
    zh_width: int
    windows: tuple[str, ...]
    stores: tuple[str, ...] = ()
    value_width: int = VALUE_WIDTH

    @property
    def is_short(self) -> bool:
        """Whether a store has but one column, which shows the week until today has a value."""
        return self.windows == DAY

    def room(self, width: int) -> int:
        """Return how many stores have room in a width."""
        return self._left(width) // ((self.value_width + 1) * len(self.windows))

    def filled(self, width: int, stores: Sequence[str]) -> "Layout":
        """Return this layout with the stores that have room, one at least, and values as wide as that allows."""
        shown = tuple(stores[: max(1, self.room(width))])
        wide = self._left(width) // max(1, len(shown) * len(self.windows)) - 1
        return replace(self, stores=shown, value_width=max(VALUE_WIDTH, min(WIDEST_VALUE, wide)))

    def _left(self, width: int) -> int:
        return width - self.id_width - self.zh_width - TARGET_WIDTH - 2


def fitting(width: int, stores: Sequence[str], kpis: Sequence[Kpi]) -> Layout:
    """Return the widest layout in which all stores fit, else the narrowest with as many as fit."""
    whole = max(len(kpi.id) for kpi in kpis), max(cell_len(kpi.zh) for kpi in kpis)
    layouts = [*(Layout(*whole, windows) for windows in (MONTH, WEEK, DAY)), Layout(SHORT_ID, SHORT_ZH, DAY)]
    chosen = next((layout for layout in layouts if layout.room(width) >= len(stores)), layouts[-1])
    return chosen.filled(width, stores)
