"""What happens when: before the start, at rebalances, in between, and at the end."""

import asyncio
import gc
import os
import threading
import time
from dataclasses import dataclass
from typing import Any

import structlog

from streams.checkpoints import Checkpoints
from streams.engine import Engine
from streams.faust_app import FaustGroup, WorkerApp
from streams.health import Health
from streams.http import HttpServer
from streams.ownership import Ownership
from streams.refresh import Refresh
from streams.settings import Settings
from streams.topics import check_topics

__all__ = ["GUARD_EXIT_CODE", "Lifecycle"]

TICK_SECONDS = 0.5
REVOKE_SECONDS = 5.0
LAST_CHECKPOINT_SECONDS = 10.0
GUARD_SECONDS = 15.0
GUARD_EXIT_CODE = 3
COLLECT_AFTER = (200_000, 20, 100)
"""Garbage collector thresholds: with the usual ones, walking the long-lived ledgers took a quarter of the time."""

log = structlog.get_logger()


@dataclass(slots=True)
class Lifecycle:
    """The hooks of the application and its loops."""

    settings: Settings
    app: WorkerApp
    group: FaustGroup
    engine: Engine
    checkpoints: Checkpoints
    ownership: Ownership
    refresh: Refresh
    health: Health
    http: HttpServer

    def connect(self) -> None:
        """Hook into the application; nothing runs yet."""
        self.app.positions = self.engine
        self.app.before_start = self.before_start
        self.app.on_partitions_revoked.connect(self.revoked, weak=False)
        self.app.on_rebalance_complete.connect(self.assigned, weak=False)
        self.app.on_before_shutdown.connect(self.before_shutdown, weak=False)
        events = self.app.topic(
            self.settings.topics.events,
            key_serializer="raw",
            value_serializer="raw",
            value_type=bytes,
            acks=False,
            maxsize=8,
        )
        self.app.agent(events, name="absorb")(self.absorb)

    async def before_start(self) -> None:
        """Refuse topics that don't fit, then serve health and metrics from the very first."""
        gc.set_threshold(*COLLECT_AFTER)
        partitions = await check_topics(self.settings)
        self.http.start()
        log.info("worker starts", partitions=partitions, port=self.http.port)
        for loop in (self._tick(), self._save(), self.refresh.run(self.group.is_stopping)):
            self.app.add_future(loop)

    async def absorb(self, batches: Any) -> None:
        """Take batches as they come. Data never raises here: what does must end the process, or it would be lost."""
        async for batch in batches:
            try:
                await self.engine.absorb(batch)
            except Exception as error:  # noqa: BLE001 - handed on whole
                await self.app.crash(error)

    async def revoked(self, *_args: Any, **_kwargs: Any) -> None:
        """Save what is ours while it still is; the group waits for this, so not for long."""
        try:
            async with asyncio.timeout(REVOKE_SECONDS):
                await self.checkpoints.save()
        except TimeoutError:
            log.warning("the checkpoint before a rebalance took too long: the partitions in it are read anew")
        self.ownership.pause()

    async def assigned(self, *_args: Any, **_kwargs: Any) -> None:
        """Restore what is newly ours, before Faust seeks and resumes."""
        await self.ownership.settle_in()

    async def before_shutdown(self, *_args: Any, **_kwargs: Any) -> None:
        """Save for the last time. Never raises: Faust would leave its children running."""
        guard = threading.Timer(GUARD_SECONDS, os._exit, (GUARD_EXIT_CODE,))
        guard.daemon = True
        guard.start()
        try:
            async with asyncio.timeout(LAST_CHECKPOINT_SECONDS):
                await self.checkpoints.save()
        except Exception as error:  # noqa: BLE001 - the state in the topic is right anyway, only older
            log.warning("the last checkpoint failed; the next owner starts from the one before", error=repr(error))
        self.ownership.pause()
        await self.ownership.let_go()
        self.http.close()

    async def _tick(self) -> None:
        while not self.app.should_stop:
            started = time.monotonic()
            await asyncio.sleep(TICK_SECONDS)
            self.health.tick(time.monotonic() - started - TICK_SECONDS)

    async def _save(self) -> None:
        while not self.app.should_stop:
            await asyncio.sleep(self.settings.worker.checkpoint_seconds)
            if self.engine.partitions and not self.app.rebalancing and not self.app.should_stop:
                await self.checkpoints.save()
                flowing = [p for p in self.engine.partitions.values() if p.is_flowing]
                await self.group.tell_offsets({p.number: p.saved for p in flowing})
