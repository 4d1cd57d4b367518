"""Prometheus' text format: a block of text per store, made anew only when its values changed."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.instants import SECOND
from models.kpis import CATALOGUE, Kpi
from models.ledger import StoreLedger
from models.stores import Store
from streams import metrics
from streams.metrics import Metric

__all__ = ["Exposition", "StoreText", "sample", "store_text"]

FAMILIES = (
    metrics.NUMERATOR,
    metrics.DENOMINATOR,
    metrics.TARGET,
    metrics.STORE_INFO,
    metrics.WATERMARK,
    metrics.VEHICLES,
)


class StoreText(NamedTuple):
    """The lines of one store, by family in the order of `FAMILIES`."""

    numerators: str
    denominators: str
    targets: str
    info: str
    watermark: str
    vehicles: str


def sample(metric: Metric, value: float, *labels: str) -> str:
    """Return one line; labels in the order of the metric's own."""
    pairs = ",".join(f'{name}="{escaped(text)}"' for name, text in zip(metric.labels, labels, strict=True))
    return f"{metric.name}{{{pairs}}} {value}\n" if pairs else f"{metric.name} {value}\n"


def escaped(text: str) -> str:
    """Return a label's value with what the format gives a meaning taken out."""
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def store_text(store: Store, ledger: StoreLedger) -> StoreText:
    """Return a store's lines as of its last settle; every KPI in each of its windows is there, whatever its value."""
    head = f'{{store="{escaped(store.id)}",'
    numerators: list[str] = []
    denominators: list[str] = []
    for reading in ledger.readings():
        tail = _TAILS[reading.kpi, reading.window]
        numerators.append(f"{_NUMERATOR}{head}{tail}{CATALOGUE[reading.kpi].shown(reading.numerator)!r}\n")
        denominators.append(f"{_DENOMINATOR}{head}{tail}{reading.denominator}\n")
    return StoreText(
        "".join(numerators),
        "".join(denominators),
        "".join(_target(kpi, head) for kpi in CATALOGUE.values()),
        sample(metrics.STORE_INFO, 1, store.id, store.name, store.group, store.brand, store.area),
        "" if ledger.watermark is None else sample(metrics.WATERMARK, ledger.watermark / SECOND, store.id),
        "".join(sample(metrics.VEHICLES, count, store.id, state) for state, count in ledger.states().items()),
    )


_NUMERATOR = metrics.NUMERATOR.name
_DENOMINATOR = metrics.DENOMINATOR.name
_TAILS = {(k.id, window): f'kpi="{k.id}",window="{window}"}} ' for k in CATALOGUE.values() for window in k.windows}


def _target(kpi: Kpi, head: str) -> str:
    return "" if kpi.target is None else f'{metrics.TARGET.name}{head}kpi="{kpi.id}"}} {kpi.target.value}\n'


class Exposition:
    """What a scrape shows. Written on the application's loop, read by the HTTP threads, each step in one operation."""

    def __init__(self) -> None:
        self._texts: dict[int, dict[str, StoreText]] = {}
        self._shown: frozenset[int] = frozenset()

    def put(self, partition: int, store_id: str, text: StoreText) -> None:
        """Replace a store's block."""
        self._texts.setdefault(partition, {})[store_id] = text

    def has(self, partition: int, store_id: str) -> bool:
        """Whether a store has a block."""
        return store_id in self._texts.get(partition, ())

    def is_shown(self, partition: int) -> bool:
        """Whether scrapes see the stores of a partition."""
        return partition in self._shown

    def show(self, partition: int) -> None:
        """Let scrapes see the stores of a partition."""
        self._shown |= {partition}

    def hide(self, partition: int) -> None:
        """Keep the blocks of a partition, unseen."""
        self._shown -= {partition}

    def forget(self, partition: int) -> None:
        """Drop the blocks of a partition."""
        self.hide(partition)
        self._texts.pop(partition, None)

    def stores(self) -> str:
        """Return the families of all stores that are shown, each under its header."""
        shown = [texts for number, texts in list(self._texts.items()) if number in self._shown]
        blocks = [text for texts in shown for text in list(texts.values())]
        return "".join(_family(metric, (block[i] for block in blocks)) for i, metric in enumerate(FAMILIES))


def _family(metric: Metric, lines: Iterable[str]) -> str:
    return metric.header + "".join(lines)


def family(metric: Metric, values: Mapping[tuple[str, ...], float]) -> str:
    """Return a whole family from values by their labels."""
    return metric.header + "".join(sample(metric, value, *labels) for labels, value in values.items())
