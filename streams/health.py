"""Whether this worker is well, and whether it is ready: one line per signal, with the reason."""

import time
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from streams.checkpoints import Checkpoints
from streams.engine import Engine

__all__ = ["Connection", "Health", "Limits", "Signal"]


class Signal(NamedTuple):
    """One thing that was looked at."""

    name: str
    is_well: bool
    says: str


class Connection(Protocol):
    """What is known of the connection to Kafka; ages in seconds of real time."""

    def is_started(self) -> bool:
        """Whether the consumer runs."""

    def polled_at(self) -> float:
        """Return when the last poll returned, on the monotonic clock."""

    def is_coordinator_known(self) -> bool:
        """Whether the group's coordinator is known."""

    def is_rebalancing(self) -> bool:
        """Whether a rebalance is under way."""

    def assigned(self) -> set[int]:
        """Return the partitions assigned to this worker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How old, in seconds, each thing may get. A rebalance waits for the slowest member, a restore reads all state."""

    tick: float = 15.0
    poll: float = 30.0
    rebalance: float = 120.0
    coordinator: float = 60.0
    progress: float = 60.0
    checkpoint: float = 60.0


@dataclass(slots=True)
class Health:
    """Keeps since when each signal is bad; read by the HTTP threads, so it never waits for the application's loop."""

    engine: Engine
    checkpoints: Checkpoints
    connection: Connection
    limits: Limits = field(default_factory=Limits)
    ticked_at: float = field(default_factory=time.monotonic)
    loop_lag: float = 0.0
    _since: dict[str, float] = field(default_factory=dict)
    _progress: int = -1

    def tick(self, lag: float) -> None:
        """Learn that the application's loop turns, and how late; keeps the ages of what is bad."""
        self.ticked_at, self.loop_lag = time.monotonic(), lag
        connection = self.connection
        self._keep("rebalance", connection.is_rebalancing())
        self._keep("coordinator", connection.is_started() and not connection.is_coordinator_known())
        progress = sum(p.next for p in list(self.engine.partitions.values()))
        self._keep("progress", self._is_behind() and progress == self._progress)
        self._progress = progress

    def signals(self) -> list[Signal]:
        """Return every signal, those of a worker that just starts too."""
        now, limits = time.monotonic(), self.limits
        unsaved = any(p.has_unsaved for p in list(self.engine.partitions.values()))
        saved = now - self.checkpoints.succeeded_at if unsaved else 0.0
        polled = now - self.connection.polled_at() if self.connection.is_started() else 0.0
        return [
            _aged("loop", now - self.ticked_at, limits.tick, "since the event loop last turned"),
            _aged("poll", polled, limits.poll, "since the last poll returned"),
            _aged("rebalance", self._age("rebalance", now), limits.rebalance, "in a rebalance"),
            _aged("coordinator", self._age("coordinator", now), limits.coordinator, "without a group coordinator"),
            _aged("progress", self._age("progress", now), limits.progress, "behind without progress"),
            _aged("checkpoint", saved, limits.checkpoint, "with something to save since the last checkpoint"),
        ]

    def readiness(self) -> Signal:
        """Return whether every assigned partition is restored and consumed."""
        if not self.connection.is_started():
            return Signal("ready", is_well=False, says="not yet a member of the group")
        if self.connection.is_rebalancing():
            return Signal("ready", is_well=False, says="partitions are being handed out and restored")
        flowing = {number for number, p in list(self.engine.partitions.items()) if p.is_flowing}
        missing = sorted(self.connection.assigned() - flowing)
        if missing:
            return Signal("ready", is_well=False, says=f"partitions not yet restored: {missing}")
        return Signal("ready", is_well=True, says=f"{len(flowing)} partitions consumed")

    def _is_behind(self) -> bool:
        return any(p.is_flowing and self.engine.lag(p) for p in list(self.engine.partitions.values()))

    def _keep(self, name: str, is_bad: bool) -> None:
        if not is_bad:
            self._since.pop(name, None)
        elif name not in self._since:
            self._since[name] = time.monotonic()

    def _age(self, name: str, now: float) -> float:
        return now - self._since.get(name, now)


def _aged(name: str, age: float, limit: float, what: str) -> Signal:
    return Signal(name, age <= limit, f"{age:.1f} s {what} (limit {limit:.0f} s)")
