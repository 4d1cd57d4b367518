"""Sends simulated events to Kafka, as fast as it takes them or at the pace of a simulated clock."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiokafka import AIOKafkaProducer

from models.instants import SECOND, Instant
from simulator.journal import SimulatedEvent

__all__ = ["KafkaTarget", "Pace", "send"]

IN_FLIGHT = 2_000
"""Records on their way at a time: what a broken connection may hold in memory."""

LINGER_MS = 20
BATCH_BYTES = 131_072
LONGEST_NAP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class KafkaTarget:
    """Where to send: the topic, and what aiokafka needs to connect (bootstrap_servers, security_protocol, …)."""

    topic: str
    client: Mapping[str, Any]


def _wall() -> Instant:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Pace:
    """A simulated clock: it read `start` when the wall clock read `origin`, and runs `speed` times as fast.

    With speed 0 nothing waits. What was to be sent before `start` is sent at once.
    """

    speed: float = 0.0
    start: Instant = 0
    origin: Instant = 0
    wall: Callable[[], Instant] = _wall
    sleep: Callable[[float], Awaitable[Any]] = field(default=asyncio.sleep)

    def seconds_until(self, at: Instant) -> float:
        """Return the wall seconds until the simulated clock reads `at`; 0 or less when it is past it."""
        if not self.speed:
            return 0.0
        return ((at - self.start) / self.speed - (self.wall() - self.origin)) / SECOND

    async def wait(self, at: Instant) -> None:
        """Return when the simulated clock has reached `at`."""
        while (left := self.seconds_until(at)) > 0:
            await self.sleep(min(left, LONGEST_NAP_SECONDS))


async def send(
    events: Iterable[SimulatedEvent],
    target: KafkaTarget,
    pace: Pace,
    record_time: Literal["simulated", "wall"] = "simulated",
) -> int:
    """Send all events, each under its store's id, and return how many; KafkaError if the broker refuses one.

    Idempotent: a retry writes nothing twice. `simulated` record times are the moments of sending in the simulation, by
    which the engine tells events from the future.
    """
    producer = AIOKafkaProducer(
        **target.client,
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=LINGER_MS,
        max_batch_size=BATCH_BYTES,
    )
    try:
        await producer.start()
        return await _send_all(producer, events, target.topic, pace, record_time == "simulated")
    finally:
        await producer.stop()


async def _send_all(producer: Any, events: Iterable[SimulatedEvent], topic: str, pace: Pace, is_stamped: bool) -> int:
    count = 0
    on_the_way: deque[asyncio.Future[Any]] = deque()
    for event in events:
        await pace.wait(event.sent)
        stamp = event.sent // 1000 if is_stamped else None
        on_the_way.append(await producer.send(topic, event.value, event.store.encode(), timestamp_ms=stamp))
        count += 1
        while len(on_the_way) > IN_FLIGHT or (on_the_way and on_the_way[0].done()):
            await on_the_way.popleft()
    await asyncio.gather(*on_the_way)
    return count
