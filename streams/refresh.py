"""Bringing every store up to now, and its exported text up to date."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from streams.clock import Clock
from streams.engine import Engine
from streams.exposition import Exposition, store_text
from streams.partitions import Partition
from streams.slices import sliced

__all__ = ["Refresh"]

EVERY_SECONDS = 1.0
LOOK_SECONDS = 0.1
BUSY_SHARE = 4
"""A pass over very many stores takes at most one part in this many of the time, so that events get through."""


@dataclass(slots=True)
class Refresh:
    """Settles stores on the application's loop, those with news first."""

    engine: Engine
    clock: Clock
    exposition: Exposition

    async def run(self, is_over: Callable[[], bool]) -> None:
        """Go on until it is over; a partition that began to flow is seen to at once."""
        due = 0.0
        while not is_over():
            if time.monotonic() >= due or self._has_unseen():
                due = time.monotonic() + await self.one_pass()
            await asyncio.sleep(LOOK_SECONDS)

    def _has_unseen(self) -> bool:
        return any(p.is_flowing and not self.exposition.is_shown(n) for n, p in self.engine.partitions.items())

    async def one_pass(self) -> float:
        """Settle every store of the flowing partitions once; returns the seconds to wait before the next pass."""
        started = time.monotonic()
        flowing = [p for p in self.engine.partitions.values() if p.is_flowing]
        for partition in flowing:
            await self._refresh(partition, list(partition.touched))
            self.exposition.show(partition.number)
        for partition in flowing:
            await self._refresh(partition, [s for s in partition.ledgers if s not in partition.touched])
        spent = time.monotonic() - started
        self.engine.counts.settle_seconds = spent
        return max(EVERY_SECONDS - spent, (BUSY_SHARE - 1) * spent)

    async def _refresh(self, partition: Partition, store_ids: list[str]) -> None:
        async for store_id in sliced(store_ids):
            if self.engine.partitions.get(partition.number) is not partition or not partition.is_flowing:
                return
            self._refresh_store(partition, store_id)

    def _refresh_store(self, partition: Partition, store_id: str) -> None:
        ledger = partition.ledgers[store_id]
        is_new = ledger.settle(self.clock.now()) or store_id in partition.touched
        partition.touched.discard(store_id)
        if is_new or not self.exposition.has(partition.number, store_id):
            self.exposition.put(partition.number, store_id, store_text(ledger.store, ledger))
