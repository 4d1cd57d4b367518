"""The pages a worker serves: its stores' metrics, its own, and its health."""

import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from models.instants import SECOND
from models.ledger import SCHEMA
from streams import metrics
from streams.checkpoints import Checkpoints
from streams.clock import Clock
from streams.engine import Engine
from streams.exposition import Exposition, family
from streams.health import Health, Signal
from streams.http import Page, Pages
from streams.metrics import Metric

__all__ = ["Report"]

STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Report:
    """Reads what the worker's parts hold at the moment of a request; changes nothing."""

    engine: Engine
    checkpoints: Checkpoints
    exposition: Exposition
    health: Health
    clock: Clock

    def pages(self) -> Pages:
        """Return the pages by path."""
        return {"/metrics": self.metrics, "/healthz": self.healthz, "/readyz": self.readyz}

    def metrics(self) -> Page:
        """Return the whole exposition."""
        return 200, self.exposition.stores() + self._counts() + self._partitions() + self._process()

    def healthz(self) -> Page:
        """Return 200 while every signal is well, else 503; one line per signal."""
        signals = self.health.signals()
        return (200 if all(s.is_well for s in signals) else 503), "".join(map(_line, signals))

    def readyz(self) -> Page:
        """Return 200 once the assignment is restored and consumed, else 503 and why not."""
        signal = self.health.readiness()
        return (200 if signal.is_well else 503), _line(signal)

    def _counts(self) -> str:
        counts = self.engine.counts
        values: list[tuple[Metric, float]] = [
            (metrics.EVENTS, counts.events),
            (metrics.BATCHES, counts.batches),
            (metrics.STALE_BATCHES, counts.stale_batches),
            (metrics.UNKNOWN_FIELDS, counts.unknown_fields),
            (metrics.CHECKPOINTS, counts.checkpoints),
            (metrics.CHECKPOINT_FAILURES, counts.checkpoint_failures),
            (metrics.CHECKPOINT_TIME, self.checkpoints.succeeded_wall / SECOND),
            (metrics.CHECKPOINT_SECONDS, counts.checkpoint_seconds),
            (metrics.RESTORES, counts.restores),
            (metrics.RESTORE_SECONDS, counts.restore_seconds),
            (metrics.SETTLE_SECONDS, counts.settle_seconds),
            (metrics.LOOP_LAG, self.health.loop_lag),
            (metrics.CLOCK, self.clock.now() / SECOND),
        ]
        return "".join(family(metric, {(): value}) for metric, value in values)

    def _partitions(self) -> str:
        flowing = [p for p in list(self.engine.partitions.values()) if p.is_flowing]
        refused: dict[tuple[str, ...], float] = {
            (str(p.number), reason): n for p in flowing for reason, n in list(p.refused.items())
        }
        return (
            family(metrics.OWNED, {(str(p.number),): 1 for p in flowing})
            + family(metrics.OFFSET, {(str(p.number),): p.next for p in flowing})
            + family(metrics.LAG, {(str(p.number),): self.engine.lag(p) for p in flowing})
            + family(metrics.DEAD_LETTERS, refused)
        )

    def _process(self) -> str:
        times = os.times()
        info: dict[tuple[str, ...], float] = {(version("baypulse"), SCHEMA): 1}
        text = family(metrics.INFO, info) + family(metrics.CPU, {(): times.user + times.system})
        return text + family(metrics.MEMORY, {(): resident}) if (resident := _resident_bytes()) else text


def _resident_bytes() -> int:
    """Return the resident memory, 0 on systems that don't tell it this way."""
    try:
        return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _line(signal: Signal) -> str:
    return f"{'ok ' if signal.is_well else 'BAD'} {signal.name}: {signal.says}\n"
