"""The Faust application: consumer group, assignment and lifecycle; nothing of Faust's tables, acks or windows."""

from collections.abc import Awaitable, Callable
from typing import cast

import faust

from streams.security import faust_credentials
from streams.settings import Settings
from streams.transport import Assignor, BatchConsumer, BatchTransport, Positions

__all__ = ["FaustGroup", "WorkerApp", "make_app"]

NEVER_SECONDS = 1e6  # aiokafka's limit between polls throws out members that wait without partitions
REQUEST_SECONDS = 20.0
REBALANCE_SECONDS = 20.0
POLL_RECORDS = 10_000
QUEUED_BATCHES = 8


class WorkerApp(faust.App):
    """Faust's application with the batch transport, and with work to do before it connects."""

    positions: Positions
    before_start: Callable[[], Awaitable[None]]

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Faust would make a folder for tables; there are none."""

    async def on_first_start(self) -> None:
        """Do what has to be done before anything connects."""
        await super().on_first_start()
        await self.before_start()


def make_app(settings: Settings) -> WorkerApp:
    """Return the application as it was proven against a real broker; it connects when it is started."""
    kafka = settings.kafka
    return WorkerApp(
        settings.app_id,
        broker=[f"kafka://{address.strip()}" for address in kafka.bootstrap.split(",")],
        broker_credentials=faust_credentials(kafka),
        broker_session_timeout=kafka.session_timeout,
        broker_heartbeat_interval=kafka.session_timeout / 6,
        broker_rebalance_timeout=REBALANCE_SECONDS,
        broker_request_timeout=max(REQUEST_SECONDS, kafka.session_timeout),
        broker_max_poll_interval=NEVER_SECONDS,
        broker_max_poll_records=POLL_RECORDS,
        producer_request_timeout=REQUEST_SECONDS,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.worker.instance,
        store="memory://",
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        stream_wait_empty=False,
        stream_recovery_delay=0.0,
        # Without a standby Faust takes aiokafka's assignor, which isn't sticky; ours then makes none.
        table_standby_replicas=1,
        PartitionAssignor=Assignor,
        logging_config=None,
        loghandlers=[],
        worker_redirect_stdouts=False,
    )


class FaustGroup:
    """What the other parts ask about the group and the connection, read from Faust; safe in any thread."""

    def __init__(self, app: WorkerApp, topic: str) -> None:
        self._app = app
        self._topic = topic

    @property
    def consumer(self) -> BatchConsumer:
        """The consumer; only once the application is started."""
        return cast("BatchConsumer", self._app.consumer)

    def assigned(self) -> set[int]:
        """Return the partitions of the events topic that are assigned to this worker."""
        return {tp.partition for tp in self.consumer.assignment() if tp.topic == self._topic}

    def turn(self) -> int:
        """Return a number that changes as soon as a rebalance begins."""
        return self._app.rebalancing_count

    def generation(self) -> int:
        """Return a number that changes when a rebalance is over."""
        return self._app.consumer_generation_id

    def is_stopping(self) -> bool:
        """Whether the worker is about to end."""
        return self._app.should_stop

    def is_rebalancing(self) -> bool:
        """Whether partitions are being handed out or restored."""
        return self._app.rebalancing

    def is_started(self) -> bool:
        """Whether the consumer has polled."""
        consumer = self._app._consumer  # noqa: SLF001 - asking `consumer` would create one
        return consumer is not None and self.polled_at() > 0

    def polled_at(self) -> float:
        """Return when the last poll returned, on the monotonic clock."""
        return self.consumer.polled_at

    def is_coordinator_known(self) -> bool:
        """Whether the group's coordinator is known."""
        return self.consumer.thread.is_coordinator_known()

    async def seek_again(self, partition: int) -> None:
        """Go back to the offset the state of a partition includes."""
        thread = self.consumer.thread
        await thread.run_in_thread(thread.seek_again(self._topic, partition))

    async def tell_offsets(self, offsets: dict[int, int]) -> None:
        """Commit the group's offsets for whoever watches lag."""
        thread = self.consumer.thread
        await thread.run_in_thread(thread.commit_for_monitoring(self._topic, offsets))
