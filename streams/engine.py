"""The partitions of this worker, and how batches of records become facts in their ledgers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiokafka import ConsumerRecord

from models.events import Envelope, unknown_fields
from streams.clock import wall_now
from streams.dead_letters import DeadLetter, Refusal, RefusalWatch
from streams.decoding import Decoder
from streams.errors import StoppedError
from streams.partitions import Partition
from streams.slices import sliced
from streams.transport import Batch

__all__ = ["Counts", "Engine"]


@dataclass(slots=True)
class Counts:
    """What this process did so far."""

    events: int = 0
    batches: int = 0
    stale_batches: int = 0
    unknown_fields: int = 0
    checkpoints: int = 0
    checkpoint_failures: int = 0
    checkpoint_seconds: float = 0.0
    restores: int = 0
    restore_seconds: float = 0.0
    settle_seconds: float = 0.0


@dataclass(slots=True)
class Engine:
    """Owns the state of the assigned partitions; everything but `Positions` happens on the application's loop."""

    decoder: Decoder
    watch: RefusalWatch
    counts: Counts = field(default_factory=Counts)
    partitions: dict[int, Partition] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    """Where the partitions of the events topic ended at the last poll."""
    still: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a batch is absorbed or a snapshot is taken: a snapshot never sees half a batch."""
    stopped_by: Exception | None = None
    """Why nothing may be absorbed or saved any more."""

    def resume_offset(self, partition: int) -> int | None:
        """Return where a partition goes on; None while it isn't restored."""
        owned = self.partitions.get(partition)
        return None if owned is None else owned.next

    def sought(self, partition: int, epoch: int) -> None:
        """Accept the batches of this epoch from now on."""
        self.partitions[partition].epoch = epoch

    def saw_ends(self, ends: Mapping[int, int]) -> None:
        """Keep the ends of the partitions, for the lag."""
        self.ends = dict(ends)

    def lag(self, partition: Partition) -> int:
        """Return how many records of a partition are still to be read."""
        return max(0, self.ends.get(partition.number, partition.next) - partition.next)

    async def absorb(self, batch: Batch) -> None:
        """Take a batch, all of it; one fetched before the last seek, or for a lost partition, is left alone."""
        async with self.still:
            partition = self.partitions.get(batch.partition)
            if partition is None or batch.epoch != partition.epoch or self.stopped_by:
                self.counts.stale_batches += 1
                return
            self._check_order(partition, batch)
            await self._absorb(partition, batch)

    async def _absorb(self, partition: Partition, batch: Batch) -> None:
        try:
            async for record in sliced(batch.records):
                self._take(partition, record)
        except Exception as error:
            # Half a batch is in the ledgers and not in `next`: a checkpoint now would keep its dead letters twice.
            self.stopped_by = error
            raise
        partition.next = batch.records[-1].offset + 1
        self.counts.batches += 1

    def _take(self, partition: Partition, record: ConsumerRecord) -> None:
        event = self.decoder.decode(record)
        refusal = event if isinstance(event, Refusal) else self._count(partition, event)
        if refusal is not None:
            partition.refuse(DeadLetter.of(record, refusal, wall_now()))
        self.watch.count(refusal.reason if refusal else None)

    def _count(self, partition: Partition, event: Envelope) -> Refusal | None:
        self.counts.unknown_fields += unknown_fields(event)
        reason = partition.ledger(event.storeid).absorb(event)
        if reason is not None:
            return Refusal("late", "time", reason)
        partition.touch(event.storeid)
        self.counts.events += 1
        return None

    @staticmethod
    def _check_order(partition: Partition, batch: Batch) -> None:
        if batch.follows != partition.next or batch.records[0].offset < partition.next:
            msg = (
                f"partition {partition.number} stands at offset {partition.next}, but a batch from "
                f"{batch.records[0].offset} on, following {batch.follows}, arrived: start the worker again"
            )
            raise StoppedError(msg)
