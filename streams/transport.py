"""Faust's Kafka transport, changed to carry one batch per partition and poll instead of one event per record."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import structlog
from aiokafka import ConsumerRecord, OffsetAndMetadata, TopicPartition
from faust.assignor import PartitionAssignor
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

__all__ = ["Assignor", "Batch", "BatchConsumer", "BatchTransport", "Positions"]

COMMIT_DEADLINE_SECONDS = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought for a partition.

    `epoch` counts the seeks of the partition: a batch of an older epoch was fetched before the last seek.
    `follows` is the offset this batch goes on from; holes between it and the first record are holes in the topic.
    """

    partition: int
    epoch: int
    follows: int
    records: list[ConsumerRecord]


class Positions(Protocol):
    """What the transport asks of whoever owns the state; called in the consumer thread, so plain reads and writes."""

    def resume_offset(self, partition: int) -> int | None:
        """Return where to go on reading, None while the partition's state isn't restored."""

    def sought(self, partition: int, epoch: int) -> None:
        """Learn that the partition now stands at its resume offset, and that batches of this epoch follow."""

    def saw_ends(self, ends: Mapping[int, int]) -> None:
        """Learn the offsets at which the partitions ended at the last poll."""


class WithPositions(Protocol):
    """An application that says where its partitions stand."""

    positions: Positions


class BatchConsumerThread(driver.AIOKafkaConsumerThread):
    """Seeks and tags what is fetched, both in the consumer's own thread.

    A batch that was on its way across a seek can so never be mistaken for one fetched after it.
    """

    def __init__(self, consumer: "BatchConsumer", **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self.positions = cast("WithPositions", consumer.app).positions
        self._epochs: dict[int, int] = {}
        self._follows: dict[int, int] = {}

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,
    ) -> dict[TP, Any]:
        fetched = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        # No await from here on: a seek can't come between what was fetched and its tag.
        self._tell_ends(consumer)
        return {TP(*tp): self._tagged(tp.partition, records) for tp, records in fetched.items() if records}

    def _tagged(self, partition: int, records: list[ConsumerRecord]) -> Batch:
        follows = self._follows.get(partition, -1)
        self._follows[partition] = records[-1].offset + 1
        return Batch(partition, self._epochs.get(partition, 0), follows, records)

    def _tell_ends(self, consumer: Any) -> None:
        ends = {tp.partition: consumer.highwater(tp) for tp in consumer.assignment()}
        self.positions.saw_ends({number: end for number, end in ends.items() if end is not None})

    async def seek_to_committed(self) -> dict[TP, int]:
        """Go to where the restored state ends, not to what the group committed; Faust calls it before every resume."""
        found: dict[TP, int] = {}
        for tp in self._ensure_consumer().assignment():
            offset = self._seek_own(tp)
            if offset is not None:
                found[TP(*tp)] = offset
        return found

    async def seek_again(self, topic: str, partition: int) -> None:
        """Go back to where the state of one partition ends, in the midst of the flow."""
        self._seek_own(TopicPartition(topic, partition))

    def _seek_own(self, tp: TopicPartition) -> int | None:
        offset = self.positions.resume_offset(tp.partition)
        if offset is not None:
            self._ensure_consumer().seek(tp, offset)
            self._follows[tp.partition] = offset
            self._epochs[tp.partition] = self._epochs.get(tp.partition, 0) + 1
            self.positions.sought(tp.partition, self._epochs[tp.partition])
        return offset

    async def commit_for_monitoring(self, topic: str, offsets: Mapping[int, int]) -> None:
        """Commit the group's offsets so that lag tools see them; nothing resumes from them, so failing is no harm."""
        consumer = self._ensure_consumer()
        mine = consumer.assignment()
        wanted = {TopicPartition(topic, n): OffsetAndMetadata(offset, "") for n, offset in offsets.items()}
        try:
            async with asyncio.timeout(COMMIT_DEADLINE_SECONDS):
                await consumer.commit({tp: offset for tp, offset in wanted.items() if tp in mine})
        except Exception as error:  # noqa: BLE001 - any failure here is only a gap in somebody's lag graph
            log.debug("the group's offsets were not committed", error=repr(error))

    def is_coordinator_known(self) -> bool:
        """Whether the group's coordinator is known; it isn't while no broker can be reached."""
        coordinator = self._consumer._coordinator if self._consumer else None  # noqa: SLF001 - no public way
        return coordinator is not None and coordinator.coordinator_id is not None

    async def run_in_thread(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine of this class in its thread, and wait for it from the application's loop."""
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.thread_loop))


class BatchConsumer(driver.Consumer):
    """Hands every batch to Faust as one message."""

    polled_at: float = 0.0
    """When the last poll returned, on the monotonic clock."""

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @property
    def thread(self) -> BatchConsumerThread:
        """The thread that talks to Kafka."""
        return cast("BatchConsumerThread", self._thread)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:  # noqa: ASYNC109 - Faust's signature
        """Yield one message per partition that has records."""
        batches, _active = await self._wait_next_records(timeout)
        self.polled_at = time.monotonic()
        # With the flow off the batches are dropped: a seek precedes every resume.
        if batches is None or self.should_stop or not self.flow_active:
            return
        for tp, batch in cast("dict[TP, Any]", batches).items():
            message: Any = self._to_message(tp, batch.records[-1])
            message.value = batch
            self._read_offset[tp] = None  # Faust's own filter of duplicates would drop a batch read again
            yield tp, message


class BatchTransport(driver.Transport):
    """The transport with that consumer."""

    Consumer = BatchConsumer


class Assignor(PartitionAssignor):
    """Faust's sticky assignor without standbys; with them it doesn't balance."""

    def __init__(self, app: Any, replicas: int = 0) -> None:
        del replicas
        super().__init__(app, replicas=0)
