"""The three topics: how they are created, and what a worker insists on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError, for_code

from streams.errors import BrokerError, TopicsError
from streams.security import client_options
from streams.settings import Settings, TopicSettings

__all__ = ["Topic", "check_topics", "create_topics", "planned_topics"]

DAY_MS = 86_400_000
REQUEST_TIMEOUT_MS = 10_000
VISIBLE_DEADLINE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be."""

    name: str
    configs: dict[str, str]


def planned_topics(topics: TopicSettings) -> list[Topic]:
    """Return the topics of a deployment; all have the same number of partitions."""
    return [
        Topic(topics.events, {"cleanup.policy": "delete", "retention.ms": _retention(topics.events_retention_days)}),
        # A restore reads what compaction left: clean early, and let small segments be cleaned at all.
        Topic(
            topics.state,
            {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1", "segment.bytes": str(64 << 20)},
        ),
        Topic(topics.dead, {"cleanup.policy": "delete", "retention.ms": _retention(topics.dead_retention_days)}),
    ]


async def create_topics(settings: Settings) -> list[str]:
    """Create the topics that are missing, wait until they are seen, and return their names."""
    topics = settings.topics
    async with _admin(settings) as admin:
        missing = [topic for topic in planned_topics(topics) if topic.name not in await admin.list_topics()]
        response = await admin.create_topics(
            [NewTopic(t.name, topics.partitions, topics.replication, topic_configs=t.configs) for t in missing]
        )
        for name, code, message in response.topic_errors:
            if code not in {0, TopicAlreadyExistsError.errno}:
                raise TopicsError(f"Kafka won't create topic {name}: {message or for_code(code).__name__}")
        await _wait_until_seen(admin, [topic.name for topic in missing])
    return [topic.name for topic in missing]


async def check_topics(settings: Settings) -> int:
    """Return the number of partitions; TopicsError says which topic is not what a worker needs."""
    topics = settings.topics
    async with _admin(settings) as admin:
        counts = await _partition_counts(admin)
        for name in (topics.events, topics.state, topics.dead):
            if name not in counts:
                raise TopicsError(f"topic {name} doesn't exist: create it with 'baypulse topics'")
            _check_partitions(name, counts[name], topics.events, counts[topics.events])
        policies = await _cleanup_policies(admin, [topics.events, topics.state])
    if policies[topics.state] != "compact":
        msg = f"topic {topics.state} has cleanup.policy {policies[topics.state]}, which loses state: set it to compact"
        raise TopicsError(msg)
    if "compact" in policies[topics.events]:
        msg = (
            f"topic {topics.events} has cleanup.policy {policies[topics.events]}, which loses events: set it to delete"
        )
        raise TopicsError(msg)
    return counts[topics.events]


def _check_partitions(name: str, count: int, events: str, wanted: int) -> None:
    if count != wanted:
        msg = f"topic {name} has {count} partitions, {events} has {wanted}: they must be equal, as they go together"
        raise TopicsError(msg)


@asynccontextmanager
async def _admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**client_options(settings.kafka), request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        with _silence():
            await admin.start()
        yield admin
    except (KafkaError, OSError) as error:
        raise _explain(error, settings.kafka.bootstrap) from error
    finally:
        await admin.close()


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the client from logging what is about to be raised."""
    logger = logging.getLogger("aiokafka")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _explain(error: Exception, bootstrap: str) -> BrokerError:
    if isinstance(error, KafkaConnectionError):
        msg = f"Kafka doesn't answer at {bootstrap}: start it, or correct BAYPULSE_KAFKA_BOOTSTRAP (or its security)"
        return BrokerError(msg)
    return BrokerError(f"Kafka at {bootstrap} refused: {str(error) or type(error).__name__}")


async def _partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}


async def _cleanup_policies(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, str]:
    wanted = [ConfigResource(ConfigResourceType.TOPIC, name, configs={"cleanup.policy": None}) for name in names]
    found: dict[str, str] = {}
    for response in await admin.describe_configs(wanted):
        for code, message, _kind, name, entries in response.resources:
            if code:
                raise BrokerError(
                    f"Kafka won't tell the settings of topic {name}: {message or for_code(code).__name__}"
                )
            found[name] = _value(entries, "cleanup.policy")
    return found


def _value(entries: list[Any], wanted: str) -> str:
    return next((str(value) for name, value, *_rest in entries if name == wanted), "")


async def _wait_until_seen(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    async with asyncio.timeout(VISIBLE_DEADLINE_SECONDS):
        while not set(names) <= set(await admin.list_topics()):  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(0.1)


def _retention(days: int) -> str:
    return str(-1 if days < 0 else days * DAY_MS)
