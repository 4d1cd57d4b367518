"""The vehicles in the workshop by board state: a line per store, with a block for every vehicle."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from models.entities.state import STATES

__all__ = ["GROUPS", "fleet_table"]


class Group(NamedTuple):
    """Board states that share a column."""

    zh: str
    en: str
    colour: str
    states: tuple[str, ...]

    @property
    def width(self) -> int:
        """The cells its head takes."""
        return max(cell_len(self.zh), cell_len(self.en))


GROUPS = (
    Group("待修", "waiting", "yellow", ("waiting",)),
    Group("在修", "at work", "green", ("in_progress",)),
    Group("停工", "stopped", "red", tuple(state for state in STATES if state.startswith("stopped_"))),
    Group("质检", "QC", "cyan", ("qc",)),
    Group("结算", "invoicing", "magenta", ("invoicing",)),
    Group("待交", "ready", "blue", ("ready",)),
)
HEAD = "在厂\nin workshop"
BLOCK = "■"


def fleet_table(fleet: Mapping[str, Mapping[str, int]], names: Mapping[str, tuple[str, str]], width: int) -> Table:
    """Return a table of vehicles by store and state: two lines of head, one per store; blocks take the rest."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    counts = {store: [_count(vehicles, group) for group in GROUPS] for store, vehicles in fleet.items()}
    labels = {store: f"{sum(by_group):>4} {' '.join(names[store])}" for store, by_group in counts.items()}
    table.add_column(HEAD, no_wrap=True)
    for group in GROUPS:
        table.add_column(Text(f"{group.zh}\n{group.en}", style=group.colour), no_wrap=True, justify="right")
    table.add_column("", no_wrap=True)
    taken = max(cell_len(line) for line in (*labels.values(), *HEAD.splitlines()))
    room = width - taken - sum(group.width + 1 for group in GROUPS) - 2
    for store, label in labels.items():
        figures = (Text(str(count), style="" if count else "dim") for count in counts[store])
        table.add_row(label, *figures, _blocks(counts[store], max(0, room)))
    return table


def _count(vehicles: Mapping[str, int], group: Group) -> int:
    return sum(vehicles.get(state, 0) for state in group.states)


def _blocks(counts: Sequence[int], room: int) -> Text:
    blocks = Text.assemble(*((BLOCK * count, group.colour) for group, count in zip(GROUPS, counts, strict=True)))
    blocks.truncate(room, overflow="crop")
    return blocks
