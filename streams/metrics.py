"""Every metric there is: name, kind, unit, labels and what it says."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["CATALOGUE", "Metric"]

Kind = Literal["gauge", "counter"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric family as it is announced to Prometheus."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str

    @property
    def header(self) -> str:
        """The two lines that open the family."""
        return f"# HELP {self.name} {self.help}\n# TYPE {self.name} {self.kind}\n"


def _gauge(name: str, help_: str, *labels: str) -> Metric:
    return Metric(f"workshop_{name}", "gauge", labels, help_)


def _worker(name: str, help_: str, *labels: str) -> Metric:
    return Metric(f"workshop_worker_{name}", "gauge", labels, help_)


def _counter(name: str, help_: str, *labels: str) -> Metric:
    return Metric(f"workshop_worker_{name}", "counter", labels, help_)


NUMERATOR = _gauge("kpi_numerator", "What a KPI counts or sums over a window.", "store", "kpi", "window")
DENOMINATOR = _gauge("kpi_denominator", "What a ratio or mean is taken of.", "store", "kpi", "window")
TARGET = _gauge("kpi_target", "The value a KPI is held against.", "store", "kpi")
STORE_INFO = _gauge("store_info", "Always 1; for joins.", "store", "name", "group", "brand", "area")
WATERMARK = _gauge("store_watermark_timestamp_seconds", "The time of the store's latest event.", "store")
VEHICLES = _gauge("vehicles", "Vehicles in the workshop by the state of their visit.", "store", "state")

INFO = _worker("info", "Always 1; which build and which definitions count.", "version", "schema")
EVENTS = _counter("events_total", "Events taken by this process, repeated ones too.")
BATCHES = _counter("batches_total", "Batches of events absorbed.")
STALE_BATCHES = _counter("stale_batches_total", "Batches left alone as they were fetched before a seek.")
UNKNOWN_FIELDS = _counter("unknown_fields_total", "Fields of events that no rule knows.")
DEAD_LETTERS = _counter("dead_letters_total", "Refused records since the state began.", "partition", "reason")
CHECKPOINTS = _counter("checkpoints_total", "Checkpoints of a partition that were committed.")
CHECKPOINT_FAILURES = _counter("checkpoint_failures_total", "Checkpoints of a partition that failed.")
CHECKPOINT_TIME = _worker("checkpoint_timestamp_seconds", "When everything was last saved.")
CHECKPOINT_SECONDS = _worker("checkpoint_duration_seconds", "How long the last round of checkpoints took.")
RESTORES = _counter("restores_total", "Times that state was read back.")
RESTORE_SECONDS = _worker("restore_duration_seconds", "How long the last restore took.")
SETTLE_SECONDS = _worker("settle_duration_seconds", "How long it took to bring all stores up to now, last time.")
OWNED = _worker("partition_owned", "1 for each partition that is restored and consumed here.", "partition")
OFFSET = _worker("partition_offset", "The offset up to which a partition is included.", "partition")
LAG = _worker("partition_lag", "Records of a partition that are still to be read.", "partition")
LOOP_LAG = _worker("loop_lag_seconds", "How late the event loop's last tick was.")
CLOCK = _worker("clock_timestamp_seconds", "The time KPIs are counted at.")
CPU = Metric("process_cpu_seconds_total", "counter", (), "User and system CPU time spent, in seconds.")
MEMORY = Metric("process_resident_memory_bytes", "gauge", (), "Resident memory, in bytes.")

CATALOGUE: tuple[Metric, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Metric))
"""All of them, in the order of exposition."""
