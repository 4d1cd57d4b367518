"""Which partitions are this worker's: taking them up, keeping them through rebalances, letting them go."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog
from aiokafka.errors import KafkaError

from streams.engine import Engine
from streams.exposition import Exposition
from streams.partitions import Partition
from streams.restoring import Restoring
from streams.state import Unfinished

__all__ = ["Group", "Ownership"]

RETRY_SECONDS = 0.5
LOOK_SECONDS = 0.02

log = structlog.get_logger()


class Group(Protocol):
    """What must be known of the consumer group."""

    def assigned(self) -> set[int]:
        """Return the partitions that the last rebalance gave this worker."""

    def turn(self) -> int:
        """Return a number that changes as soon as a rebalance begins."""

    def generation(self) -> int:
        """Return a number that changes when a rebalance is over."""

    def is_stopping(self) -> bool:
        """Whether the worker is about to end."""

    async def seek_again(self, partition: int) -> None:
        """Go back to the offset the state of a partition includes."""


@dataclass(slots=True)
class Ownership:
    """Acquires and releases partitions. One is taken up in this order: fence, read, seek."""

    engine: Engine
    exposition: Exposition
    group: Group
    restoring: Restoring

    def pause(self) -> None:
        """Stop the flow of all partitions and hide their stores; their state is kept in case they come back."""
        for partition in self.engine.partitions.values():
            partition.stop_flow()
            self.exposition.hide(partition.number)

    async def settle_in(self) -> None:
        """Hold exactly what is assigned, each with its state, when this returns; or a new rebalance has begun."""
        turn, generation = self.group.turn(), self.group.generation()
        assigned = self.group.assigned()
        for number in set(self.engine.partitions) - assigned:
            self._drop(number)
        await self._take_up(assigned, turn)
        # The generation changes only when a rebalance is over: returning earlier would let Faust resume inside it.
        while self._is_inside(turn, generation):  # noqa: ASYNC110 - Faust tells nobody when it changes
            await asyncio.sleep(LOOK_SECONDS)

    async def take_up_again(self, lost: Partition) -> None:
        """Read a partition anew whose last checkpoint may or may not have happened, and go on from there."""
        turn = self.group.turn()
        self._drop(lost.number)
        if await self._take_up({lost.number}, turn):
            await self.group.seek_again(lost.number)

    async def let_go(self) -> None:
        """Close everything; for the end of the process."""
        for number in list(self.engine.partitions):
            self._drop(number)
        await self.restoring.all_closed()

    def _is_inside(self, turn: int, generation: int) -> bool:
        return self.group.turn() != turn and self.group.generation() == generation and not self.group.is_stopping()

    def _is_over(self, turn: int) -> bool:
        return self.group.turn() != turn or self.group.is_stopping()

    async def _take_up(self, numbers: set[int], turn: int) -> bool:
        """Hold these partitions with their state, however long Kafka takes; returns whether they still are ours."""
        while not self._is_over(turn):
            try:
                await self._keep_or_acquire(numbers, turn)
            except Unfinished:
                break
            except KafkaError as error:
                log.warning("state can't be read yet", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return True
        return False

    async def _keep_or_acquire(self, numbers: set[int], turn: int) -> None:
        generation = self.group.generation()
        kept = await self._keepable(numbers & set(self.engine.partitions))
        wanted = sorted(numbers - kept)
        if wanted:
            await self._acquire(wanted, generation, turn)
        for number in kept:
            self.engine.partitions[number].generation = generation

    async def _keepable(self, held: Iterable[int]) -> set[int]:
        """Return the partitions whose state in memory is certainly that in the topic, and whose writer is the last.

        They were ours through every generation, no checkpoint of theirs is in doubt, and nobody wrote after us.
        """
        last = self.group.generation() - 1
        mine = [self.engine.partitions[number] for number in held]
        sure = {p.number: p.writer.end for p in mine if not p.is_saving and p.generation == last}
        ends = await self.restoring.reader.ends(sure) if sure else {}
        return {number for number, end in sure.items() if end == ends[number]}

    async def _acquire(self, numbers: list[int], generation: int, turn: int) -> None:
        started = time.monotonic()
        for number in numbers:
            self._drop(number)
        taken = await self.restoring.take_up(numbers, generation, lambda: self._is_over(turn))
        self.engine.partitions.update(taken)
        counts = self.engine.counts
        counts.restores += 1
        counts.restore_seconds = time.monotonic() - started
        log.info("partitions taken up", partitions=numbers, seconds=round(counts.restore_seconds, 3))

    def _drop(self, number: int) -> None:
        partition = self.engine.partitions.pop(number, None)
        if partition is not None:
            partition.stop_flow()
            self.exposition.forget(number)
            self.restoring.close(partition.writer)
