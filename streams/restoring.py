"""Taking up partitions: fence the earlier owners, read the state back, build the ledgers."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from models.ledger import SCHEMA, StoreChangedError
from models.stores import Stores
from streams.errors import StoppedError
from streams.partitions import Partition
from streams.settings import Settings
from streams.slices import sliced
from streams.state import Restored, StateReader, StateWriter, Unfinished

__all__ = ["Restoring"]

log = structlog.get_logger()


@dataclass(slots=True)
class Restoring:
    """Makes partitions of what is in the state topic."""

    settings: Settings
    stores: Stores
    reader: StateReader
    _closing: set[asyncio.Task[None]] = field(default_factory=set)

    async def take_up(self, numbers: list[int], generation: int, is_off: Callable[[], bool]) -> dict[int, Partition]:
        """Return partitions with their state; `Unfinished` once it `is_off`, KafkaError if Kafka fails on the way."""
        writers = {number: StateWriter(self.settings, number) for number in numbers}
        try:
            await asyncio.gather(*(writer.open() for writer in writers.values()))
            restored = await self.reader.read(numbers, is_off)
            spans = await self.reader.input_span(numbers)
            taken = {n: self._partition(n, writers[n], generation) for n in numbers}
            for number, partition in taken.items():
                await self._fill(partition, restored[number], spans[number])
            if is_off():
                raise Unfinished  # noqa: TRY301 - the writers must be closed for this as for any failure
        except BaseException:
            for writer in writers.values():
                self.close(writer)
            raise
        return taken

    def close(self, writer: StateWriter) -> None:
        """Close a writer while other things go on."""
        task = asyncio.get_running_loop().create_task(writer.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def all_closed(self) -> None:
        """Wait until every writer that was to be closed is."""
        await asyncio.gather(*self._closing)

    def _partition(self, number: int, writer: StateWriter, generation: int) -> Partition:
        return Partition(number, writer, uuid.uuid4().hex[:12], generation, self.stores)

    async def _fill(self, partition: Partition, restored: Restored, span: tuple[int, int]) -> None:
        partition.writer.end = restored.end
        if restored.marker is None:
            return
        reason = "other definitions" if restored.marker.schema != SCHEMA else None
        try:
            if reason is None:
                self._check_span(partition.number, restored.marker.next, span)
                await _restore(partition, restored)
        except StoreChangedError as error:
            reason = str(error)
        if reason:
            log.warning("state is discarded, events are counted anew", partition=partition.number, reason=reason)
            partition.start_over(restored)

    def _check_span(self, number: int, after: int, span: tuple[int, int]) -> None:
        first, end = span
        topics = self.settings.topics
        if after > end:
            msg = (
                f"the state includes partition {number} of {topics.events} up to offset {after}, but it ends at {end}: "
                f"the topic was made anew, so delete {topics.state} too and run 'baypulse topics'"
            )
            raise StoppedError(msg)
        if after < first:
            log.error("events were deleted before they were read", partition=number, records=first - after)


async def _restore(partition: Partition, restored: Restored) -> None:
    partition.resume_from(restored)
    async for store_id in sliced(partition.restore_stores(restored)):
        if store_id not in partition.ledgers:
            log.warning("a store with state is in no list of stores any more", store=store_id)
