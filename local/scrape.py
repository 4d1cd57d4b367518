"""What a worker exports, read back from Prometheus' text format as numbers by store."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.kpis import CATALOGUE
from streams import metrics

__all__ = ["Sample", "Snapshot", "StoreNumbers", "read_samples", "read_snapshot"]

_SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")


class Sample(NamedTuple):
    """One line of an exposition."""

    name: str
    labels: Mapping[str, str]
    value: float


def read_samples(text: str) -> Iterator[Sample]:
    r"""Yield the samples of an exposition in their order; comments and blank lines are passed over.

    >>> list(read_samples('# HELP up Up.\nup{job="a\\"b"} 1\n'))
    [Sample(name='up', labels={'job': 'a"b'}, value=1.0)]
    """
    for line in text.splitlines():
        found = _SAMPLE.fullmatch(line)
        if found and not line.startswith("#"):
            name, labels, value = found.groups()
            yield Sample(name, {key: _plain(quoted) for key, quoted in _LABEL.findall(labels or "")}, float(value))


def _plain(quoted: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], quoted)


@dataclass(slots=True)
class StoreNumbers:
    """What is exported of one store: sums by KPI and window, and vehicles by board state."""

    numerators: dict[tuple[str, str], float] = field(default_factory=dict)
    denominators: dict[tuple[str, str], float] = field(default_factory=dict)
    vehicles: dict[str, int] = field(default_factory=dict)
    watermark: float | None = None
    """The time of the latest event, in seconds since the epoch; None before the first."""

    def value(self, kpi: str, window: str) -> float | None:
        """Return a KPI's value; None where the window has no case, or the KPI no such window."""
        numerator = self.numerators.get((kpi, window))
        if numerator is None or not CATALOGUE[kpi].has_denominator:
            return numerator
        denominator = self.denominators.get((kpi, window))
        return numerator / denominator if denominator else None


@dataclass(slots=True)
class Snapshot:
    """One scrape. Times are seconds since the epoch; `clock` is the moment KPIs are counted at, 0 if it isn't told."""

    stores: dict[str, StoreNumbers] = field(default_factory=dict)
    clock: float = 0.0
    events: int = 0
    lag: int = 0

    @property
    def watermark(self) -> float | None:
        """The time of the latest event of any store; None before the first."""
        return max((s.watermark for s in self.stores.values() if s.watermark is not None), default=None)


def read_snapshot(text: str) -> Snapshot:
    """Return what the board shows of an exposition; stores in the order of their ids, unknown metrics left out."""
    snapshot = Snapshot()
    for name, labels, value in read_samples(text):
        if "store" in labels:
            _note_store(snapshot.stores.setdefault(labels["store"], StoreNumbers()), name, labels, value)
        elif name == metrics.CLOCK.name:
            snapshot.clock = value
        elif name == metrics.EVENTS.name:
            snapshot.events = int(value)
        elif name == metrics.LAG.name:
            snapshot.lag += int(value)
    snapshot.stores = dict(sorted(snapshot.stores.items()))
    return snapshot


def _note_store(store: StoreNumbers, name: str, labels: Mapping[str, str], value: float) -> None:
    if name == metrics.NUMERATOR.name:
        store.numerators[labels["kpi"], labels["window"]] = value
    elif name == metrics.DENOMINATOR.name:
        store.denominators[labels["kpi"], labels["window"]] = value
    elif name == metrics.VEHICLES.name:
        store.vehicles[labels["state"]] = int(value)
    elif name == metrics.WATERMARK.name:
        store.watermark = value
