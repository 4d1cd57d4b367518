"""Sending events to the input topic, for the importer and the simulator."""

import asyncio
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from simulator.sender import KafkaTarget
from streams.errors import BrokerError
from streams.security import client_options
from streams.settings import Settings, load_settings

__all__ = ["kafka_target", "sender"]

Record = tuple[bytes, bytes]
"""(store id, event JSON)."""


def kafka_target() -> KafkaTarget:
    """Return where the settings of the environment say events go."""
    settings = load_settings()
    return KafkaTarget(settings.topics.events, client_options(settings.kafka))


def sender(settings: Callable[[], Settings] = load_settings) -> Callable[[Iterable[Record]], None]:
    """Return what sends records in their order and returns once all are written; `BrokerError` when Kafka is away."""

    def send(records: Iterable[Record]) -> None:
        asyncio.run(_send(settings(), records))

    return send


async def _send(settings: Settings, records: Iterable[Record]) -> None:
    producer = AIOKafkaProducer(
        **client_options(settings.kafka), acks="all", enable_idempotence=True, compression_type="lz4", linger_ms=20
    )
    try:
        await producer.start()
        for key, value in records:
            await producer.send(settings.topics.events, value, key)
        await producer.flush()
    except KafkaError as error:
        where = settings.kafka.bootstrap
        raise BrokerError(
            f"can't send to Kafka at {where} ({error}): is it up, and does BAYPULSE_KAFKA_BOOTSTRAP name it?"
        ) from None
    finally:
        await producer.stop()
