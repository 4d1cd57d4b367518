"""One owned partition: its stores' ledgers, the offset they include, and what isn't saved yet."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.instants import Instant
from models.ledger import StoreLedger
from models.stores import Stores
from streams.dead_letters import DeadLetter, Reason
from streams.state import Restored, StateWriter, state_key

__all__ = ["Partition"]

NOT_FLOWING = -1


@dataclass(slots=True)
class Partition:
    """Everything a worker holds for a partition, between its acquisition and its loss."""

    number: int
    writer: StateWriter
    acquisition: str
    generation: int
    """The group's generation in which it was last ours."""
    stores: Stores
    next: int = 0
    saved: int = 0
    """The offset up to which the last checkpoint goes."""
    epoch: int = NOT_FLOWING
    """Batches of this epoch go on from `next`; none do while the flow is off."""
    ledgers: dict[str, StoreLedger] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    """Stores to settle before others."""
    unsaved: set[str] = field(default_factory=set)
    """Stores that took events since the last checkpoint."""
    obsolete: set[bytes] = field(default_factory=set)
    """Keys of a state that was discarded, to be deleted by the first checkpoint."""
    letters: list[DeadLetter] = field(default_factory=list)
    refused: Counter[Reason] = field(default_factory=Counter)
    is_saving: bool = False
    """While true, or after it stayed true, the topic may hold more than `saved` says."""

    @property
    def is_flowing(self) -> bool:
        """Whether the partition is restored and being consumed."""
        return self.epoch != NOT_FLOWING

    @property
    def has_unsaved(self) -> bool:
        """Whether a checkpoint would hold anything new."""
        return self.next != self.saved or bool(self.obsolete)

    def stop_flow(self) -> None:
        """Refuse every batch until the next seek."""
        self.epoch = NOT_FLOWING

    def ledger(self, store_id: str) -> StoreLedger:
        """Return a known store's ledger, a new one if it had no event yet."""
        found = self.ledgers.get(store_id)
        if found is None:
            store = self.stores.get(store_id)
            if store is None:
                raise KeyError(store_id)
            found = self.ledgers[store_id] = StoreLedger(store)
        return found

    def touch(self, store_id: str) -> None:
        """Note that a store took an event."""
        self.touched.add(store_id)
        self.unsaved.add(store_id)

    def refuse(self, letter: DeadLetter) -> None:
        """Keep a refused record for the next checkpoint."""
        self.letters.append(letter)
        self.refused[letter.reason] += 1

    def resume_from(self, restored: Restored) -> None:
        """Take the counters and the position of the last checkpoint."""
        if restored.marker is not None:
            self.next = self.saved = restored.marker.next
            self.refused = Counter(restored.marker.refused)

    def start_over(self, restored: Restored) -> None:
        """Begin with nothing, at the start of the input; what was in the topic goes with the first checkpoint."""
        self.next = self.saved = 0
        self.refused.clear()
        self.ledgers.clear()
        self.touched.clear()
        self.obsolete = set(restored.keys())

    def restore_stores(self, restored: Restored) -> Iterator[str]:
        """Rebuild the ledgers one by one; yields each store's id, also of one that is in no list any more."""
        for store_id, records in restored.stores.items():
            store = self.stores.get(store_id)
            if store is not None and records:
                self.ledgers[store_id] = StoreLedger.restore(store, records)
                self.touched.add(store_id)
            yield store_id

    def collect(self, store_ids: Iterable[str], now: Instant) -> Iterator[dict[bytes, bytes | None]]:
        """Settle stores and yield what changed in each since it was last collected."""
        for store_id in store_ids:
            ledger = self.ledgers[store_id]
            if ledger.settle(now):
                self.touched.add(store_id)
            yield {state_key(store_id, key): value for key, value in ledger.changed().items()}
