"""The state topic: what a partition's stores amount to, and the offset it includes, as one transaction each time.

A partition's owner holds a transactional producer of its own. Opening one fences every earlier owner, so a worker
that was frozen and wakes up can't write; and readers see whole checkpoints only. So what is read back is the state
after exactly the records before the marker's offset, whatever died in between.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from streams.dead_letters import DeadLetter, Reason
from streams.security import client_options
from streams.settings import Settings

__all__ = ["Marker", "Restored", "StateReader", "StateWriter", "Unfinished"]

MARKER_KEY = b"\x00marker"
SEPARATOR = b"\x1f"
BATCH_BYTES = 512 << 10
REQUEST_TIMEOUT_MS = 20_000
POLL_MS = 200
CLOSE_DEADLINE_SECONDS = 5.0

Records = Mapping[bytes, bytes | None]
Sendable = tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]


class Unfinished(Exception):  # noqa: N818 - it's no error, the work lost its purpose
    """The partitions went elsewhere while they were read."""


class Marker(msgspec.Struct, frozen=True):
    """What a checkpoint says about itself: it includes every record before `next`."""

    next: int
    schema: str
    acquisition: str
    time: str
    refused: dict[Reason, int]


@dataclass(slots=True)
class Restored:
    """The last whole checkpoint of a partition: records by store and key; without a marker there never was one."""

    end: int = 0
    marker: Marker | None = None
    stores: dict[str, dict[bytes, bytes]] = field(default_factory=dict)

    def keys(self) -> Iterable[bytes]:
        """Return the keys of all records as they are in the topic."""
        return (state_key(store, key) for store, records in self.stores.items() for key in records)

    def put(self, key: bytes, value: bytes | None) -> None:
        """Take one record of the topic, in the topic's order."""
        if key == MARKER_KEY:
            self.marker = msgspec.json.decode(value, type=Marker) if value else None
            return
        store, _, rest = key.partition(SEPARATOR)
        records = self.stores.setdefault(store.decode(), {})
        if value is None:
            records.pop(rest, None)
        else:
            records[rest] = value


def state_key(store: str, key: bytes) -> bytes:
    """Return the key of a store's record in the state topic."""
    return store.encode() + SEPARATOR + key


class StateReader:
    """Reads whole partitions of the state topic, with a consumer of its own that belongs to no group."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = settings.topics.state

    async def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the committed ends of partitions of the state topic."""
        async with self._consumer() as consumer:
            return await self._ends(consumer, self._topic, partitions)

    async def input_span(self, partitions: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Return the first and the next offset of partitions of the events topic."""
        async with self._consumer() as consumer:
            topic = self._settings.topics.events
            tps = [TopicPartition(topic, number) for number in partitions]
            firsts = await consumer.beginning_offsets(tps)
            ends = await consumer.end_offsets(tps)
            return {tp.partition: (firsts[tp], ends[tp]) for tp in tps}

    async def read(self, partitions: Iterable[int], is_off: Callable[[], bool]) -> dict[int, Restored]:
        """Return partitions as they are; `Unfinished` as soon as `is_off`, KafkaError if Kafka fails."""
        async with self._consumer() as consumer:
            ends = await self._ends(consumer, self._topic, partitions)
            found = {number: Restored(end) for number, end in ends.items()}
            left = {TopicPartition(self._topic, number): end for number, end in ends.items() if end}
            if left:
                consumer.assign(list(left))
                await consumer.seek_to_beginning(*left)
            # The position is asked, not the last record's offset: what ends a transaction is no record.
            while [tp for tp, end in left.items() if await consumer.position(tp) < end]:
                if is_off():
                    raise Unfinished
                for tp, records in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                    for record in records:
                        found[tp.partition].put(record.key, record.value)
        return found

    async def _ends(self, consumer: Any, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in partitions])
        return {tp.partition: end for tp, end in ends.items()}

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            **client_options(self._settings.kafka),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )


class StateWriter:
    """The one writer of a partition's state. After any failure it is of no more use: the outcome is unknown."""

    def __init__(self, settings: Settings, partition: int) -> None:
        self._topics = settings.topics
        self._partition = partition
        self._producer = AIOKafkaProducer(
            **client_options(settings.kafka),
            transactional_id=f"{settings.app_id}-state-{partition}",
            transaction_timeout_ms=int(settings.kafka.transaction_timeout * 1000),
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            max_batch_size=BATCH_BYTES,
            compression_type="zstd",
        )
        self.end: int | None = None
        """Where the state partition ends after the last commit, None before it."""

    async def open(self) -> None:
        """Fence every earlier owner of the partition; what it left unfinished is undone when this returns."""
        await self._producer.start()

    async def commit(self, records: Records, marker: Marker, letters: Iterable[DeadLetter]) -> None:
        """Make a checkpoint visible, all of it; waits as long as Kafka is away. ProducerFenced: somebody else owns."""
        everything: list[Sendable] = [(key, value, []) for key, value in records.items()]
        everything.append((MARKER_KEY, msgspec.json.encode(marker), []))
        await self._producer.begin_transaction()
        sent = await self._send(self._topics.dead, [(x.key, x.value, list(x.headers)) for x in letters])
        sent += await self._send(self._topics.state, everything)
        acknowledged = await asyncio.gather(*(batch.future for batch in sent))
        await self._producer.commit_transaction()
        # A batch is acknowledged with its first offset; the end of a transaction takes one offset more.
        self.end = acknowledged[-1].offset + sent[-1].records + 1

    async def close(self) -> None:
        """Let go of the connections; gives up after a few seconds, as aiokafka waits for a broker that is away."""
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(CLOSE_DEADLINE_SECONDS):
                await self._producer.stop()

    async def _send(self, topic: str, records: Iterable[Sendable]) -> list["_Sent"]:
        """Queue records in as few batches as can be; a future per record would cost more than the record."""
        sent: list[_Sent] = []
        batch = self._producer.create_batch()
        for key, value, headers in records:
            if batch.append(timestamp=None, key=key, value=value, headers=headers) is None:
                sent.append(await self._ship(topic, batch))
                batch = self._producer.create_batch()
                batch.append(timestamp=None, key=key, value=value, headers=headers)
        return [*sent, await self._ship(topic, batch)] if batch.record_count() else sent

    async def _ship(self, topic: str, batch: Any) -> "_Sent":
        count = batch.record_count()
        return _Sent(await self._producer.send_batch(batch, topic, partition=self._partition), count)


class _Sent(NamedTuple):
    future: asyncio.Future[Any]
    records: int
