"""Worker processes against a real Kafka: their topics, their input, what they serve, and how they are made to die."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Self
from urllib.error import HTTPError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from local.ports import free_port
from models.events import Envelope, to_json
from models.instants import instant
from models.ledger import StoreLedger
from models.stores import Store
from streams.exposition import store_text
from streams.settings import Settings
from streams.topics import create_topics
from tests.oracle.strategies import random_store_events

__all__ = [
    "NOON",
    "Deployment",
    "Message",
    "WorkerProcess",
    "consume",
    "eventually",
    "expected_lines",
    "kpi_lines",
    "message_of",
    "produce",
    "random_events",
    "workers",
]

START = datetime(2026, 3, 1, 16, tzinfo=UTC)
NOON = "2026-03-22T12:00:00+08:00"
"""A moment after all random events, for frozen clocks."""

FAST_SESSION = "6"
RUN_WORKER = "from streams.cli import main; main()"


class Message(NamedTuple):
    """One record to be sent."""

    value: bytes
    key: bytes | None
    partition: int | None = None
    timestamp_ms: int | None = None


@dataclass(frozen=True)
class Deployment:
    """Topics of their own on a broker, and the environment of the workers on them."""

    bootstrap: str
    name: str
    partitions: int = 6
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The settings as variables."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BAYPULSE_")}
        return kept | {
            "BAYPULSE_APP_ID": self.name,
            "BAYPULSE_KAFKA_BOOTSTRAP": self.bootstrap,
            "BAYPULSE_KAFKA_SESSION_TIMEOUT": FAST_SESSION,
            "BAYPULSE_TOPICS_EVENTS": f"{self.name}.events",
            "BAYPULSE_TOPICS_STATE": f"{self.name}.state",
            "BAYPULSE_TOPICS_DEAD": f"{self.name}.dead",
            "BAYPULSE_TOPICS_PARTITIONS": str(self.partitions),
            "BAYPULSE_STORES_ACCEPT_UNKNOWN": "true",
            "BAYPULSE_WORKER_CHECKPOINT_SECONDS": "0.3",
            "BAYPULSE_CLOCK_START": NOON,
            "BAYPULSE_CLOCK_SPEED": "0",
            **self.extra,
        }

    @property
    def events(self) -> str:
        """The topic of events."""
        return f"{self.name}.events"

    @property
    def state(self) -> str:
        """The topic of state."""
        return f"{self.name}.state"

    @property
    def dead(self) -> str:
        """The topic of dead letters."""
        return f"{self.name}.dead"

    def create(self) -> Self:
        """Create the topics."""
        topics = {"events": self.events, "state": self.state, "dead": self.dead, "partitions": self.partitions}
        asyncio.run(create_topics(Settings(kafka={"bootstrap": self.bootstrap}, topics=topics)))
        return self


class WorkerProcess:
    """One `baypulse worker`; `prelude` is Python that runs in it first, to make it die in a chosen place."""

    def __init__(self, deployment: Deployment, log: Path, prelude: str = "", **extra: str) -> None:
        self.port = free_port()
        self.log = log
        self._environment = deployment.environment | {"BAYPULSE_HTTP_PORT": str(self.port)} | extra
        self._command = [sys.executable, "-c", f"{prelude}\n{RUN_WORKER}", "worker"]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """SIGKILL it."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """SIGSTOP it."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT it."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        """SIGTERM it and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = 30) -> int:
        """Return its exit code once it ended."""
        return self.process.wait(seconds)

    def close(self) -> None:
        """End it whatever its state."""
        if self.process.poll() is None:
            self.thaw()
            self.kill()

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page; (0, reason) if nobody answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def metrics(self) -> str:
        """Return the exposition, empty if nobody answers."""
        return self.get("/metrics")[1] if self.process.poll() is None else ""

    def is_ready(self) -> bool:
        """Whether it is ready."""
        return self.get("/readyz")[0] == 200

    def value(self, name: str) -> float:
        """Return the sum of a metric's values."""
        found = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", self.metrics(), re.MULTILINE)
        return sum(map(float, found))

    def said(self) -> str:
        """Return its log."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def workers(deployment: Deployment, folder: Path) -> Iterator[Callable[..., WorkerProcess]]:
    """Give a function that starts workers; whatever it started is ended."""
    started: list[WorkerProcess] = []

    def start(prelude: str = "", **extra: str) -> WorkerProcess:
        log = folder / f"worker-{len(started)}.log"
        started.append(WorkerProcess(deployment, log, prelude, **extra))
        return started[-1]

    try:
        yield start
    finally:
        for worker in started:
            worker.close()


def eventually(what: Callable[[], Any], seconds: float = 40) -> Any:
    """Return what a condition returns once that is true; AssertionError, with the last answer, at the deadline."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        time.sleep(0.05)
    return answer


def random_events(stores: int, orders: int, seed: int = 1) -> list[Envelope]:
    """Return the events of some stores over three weeks before NOON, by time."""
    zone = ZoneInfo("Asia/Shanghai")
    found: list[Envelope] = []
    for number in range(stores):
        random = Random(seed * 1000 + number)
        events = random_store_events(random, zone, START, timedelta(days=20), orders=orders)
        found += (event.model_copy(update={"storeid": f"S{number:04d}"}) for event in events)
    return sorted(found, key=lambda event: event.time)


def message_of(event: Envelope) -> Message:
    """Return the record of an event."""
    return Message(to_json(event), event.storeid.encode())


def produce(bootstrap: str, topic: str, messages: Iterable[Message], compression: str | None = None) -> None:
    """Send records and wait until the broker has them all."""

    async def send() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=compression, linger_ms=5)
        async with producer:
            sent = [
                await producer.send(topic, m.value, m.key, partition=m.partition, timestamp_ms=m.timestamp_ms)
                for m in messages
            ]
            await asyncio.gather(*sent)

    asyncio.run(send())


def consume(bootstrap: str, topic: str, partitions: int) -> list[Any]:
    """Return every committed record of a topic."""

    async def read() -> list[Any]:
        found: list[Any] = []
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
        )
        async with consumer:
            ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(partitions)])
            consumer.assign(list(ends))
            while [tp for tp, end in ends.items() if await consumer.position(tp) < end]:
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    found += records
        return found

    return asyncio.run(read())


def expected_lines(events: Iterable[Envelope], at: str = NOON) -> set[str]:
    """Return the KPI lines that a ledger fed with these events, at once and in this order, gives at a moment."""
    ledgers: dict[str, StoreLedger] = {}
    for event in events:
        ledger = ledgers.setdefault(event.storeid, StoreLedger(Store(id=event.storeid)))
        assert ledger.absorb(event) is None
    lines: set[str] = set()
    for ledger in ledgers.values():
        ledger.settle(instant(datetime.fromisoformat(at)))
        lines.update(kpi_lines(["\n".join(store_text(ledger.store, ledger))]))
    return lines


def kpi_lines(expositions: Sequence[str]) -> set[str]:
    """Return the KPI and vehicle lines of expositions; no line may be in two of them."""
    found: list[str] = []
    for text in expositions:
        found += re.findall(r"^workshop_(?:kpi_numerator|kpi_denominator|vehicles){.*$", text, re.MULTILINE)
    lines = set(found)
    return lines if len(lines) == len(found) else {"the same line twice"}
