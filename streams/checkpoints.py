"""Saving: what changed in a partition's stores, the offset it includes and its dead letters, in one transaction."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from aiokafka.errors import KafkaError, ProducerFenced

from models.instants import Instant, moment
from models.ledger import SCHEMA
from streams.clock import Clock, wall_now
from streams.dead_letters import DeadLetter
from streams.engine import Engine
from streams.errors import StoppedError
from streams.partitions import Partition
from streams.slices import sliced
from streams.state import Marker, Records

__all__ = ["Checkpoints"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Snapshot:
    records: Records
    marker: Marker
    letters: list[DeadLetter]


@dataclass(slots=True)
class Checkpoints:
    """Takes checkpoints of all partitions, one round at a time."""

    engine: Engine
    clock: Clock
    on_lost: Callable[[Partition], Awaitable[None]]
    """Called for a partition whose checkpoint failed in a way that leaves the outcome unknown."""
    succeeded_at: float = field(default_factory=time.monotonic)
    """When nothing was left to save, on the monotonic clock."""
    succeeded_wall: Instant = 0
    _one_round: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def save(self) -> None:
        """Save every partition that has something to save.

        While Kafka is away this waits for it. StoppedError: another worker owns a partition.
        """
        if self.engine.stopped_by:
            return
        async with self._one_round:
            started = time.monotonic()
            todo = [p for p in self.engine.partitions.values() if p.has_unsaved and not p.is_saving]
            results = await asyncio.gather(*(self._save(p) for p in todo), return_exceptions=True)
            for error in results:
                if isinstance(error, BaseException):
                    raise error
            self.succeeded_at, self.succeeded_wall = time.monotonic(), wall_now()
            if todo:
                self.engine.counts.checkpoint_seconds = self.succeeded_at - started

    async def _save(self, partition: Partition) -> None:
        snapshot = await self._snapshot(partition)
        if snapshot is None:
            return
        try:
            await partition.writer.commit(snapshot.records, snapshot.marker, snapshot.letters)
        except ProducerFenced:
            self._fenced(partition)
        except KafkaError as error:
            await self._failed(partition, error)
        else:
            partition.saved, partition.is_saving = snapshot.marker.next, False
            self.engine.counts.checkpoints += 1

    async def _snapshot(self, partition: Partition) -> _Snapshot | None:
        """Take out what changed; ledgers tell it only once, so from here on it is saved or the partition read anew."""
        async with self.engine.still:
            if self.engine.stopped_by:
                return None
            partition.is_saving = True
            records: dict[bytes, bytes | None] = dict.fromkeys(partition.obsolete)
            unsaved, partition.unsaved = partition.unsaved, set()
            async for changed in sliced(partition.collect(unsaved, self.clock.now())):
                records.update(changed)
            partition.obsolete = set()
            letters, partition.letters = partition.letters, []
            return _Snapshot(records, _marker(partition), letters)

    def _fenced(self, partition: Partition) -> None:
        self.engine.counts.checkpoint_failures += 1
        if self.engine.partitions.get(partition.number) is partition:
            msg = (
                f"another worker has taken over partition {partition.number}, or a checkpoint took longer than "
                "BAYPULSE_KAFKA_TRANSACTION_TIMEOUT: this worker ends, what it had not saved counts elsewhere"
            )
            self.engine.stopped_by = StoppedError(msg)
            raise self.engine.stopped_by

    async def _failed(self, partition: Partition, error: KafkaError) -> None:
        self.engine.counts.checkpoint_failures += 1
        log.warning("a checkpoint failed", partition=partition.number, error=repr(error))
        if self.engine.partitions.get(partition.number) is partition:
            await self.on_lost(partition)


def _marker(partition: Partition) -> Marker:
    return Marker(
        next=partition.next,
        schema=SCHEMA,
        acquisition=partition.acquisition,
        time=moment(wall_now()).isoformat(),
        refused=dict(partition.refused),
    )
