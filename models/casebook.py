"""All cases a store holds: those touched of late as objects, the others as the bytes they are kept in."""

from collections.abc import Callable, Iterator

from models.cases import Booked, Case, CaseId, pack, packed_times, unpack
from models.clock import NEVER
from models.entities.facts import EventName
from models.instants import Instant
from models.kinds import CARD, KINDS, LOOSE, technician_of

__all__ = ["Casebook"]


class Casebook:
    """Cases by kind and key.

    A case that was not touched between two calls of `changed` is packed. What a packed case has booked is worked out
    again when it is opened, by `rebook`, so nothing of it needs to be kept.
    """

    def __init__(self, rebook: Callable[[Case], Booked]) -> None:
        self._rebook = rebook
        self._hot: dict[str, dict[str, Case]] = {kind: {} for kind in KINDS}
        self._packed: dict[str, dict[str, bytes]] = {kind: {} for kind in KINDS}
        self._touched: dict[CaseId, Case] = {}
        self._gone: set[CaseId] = set()
        self._round = 0

    def get(self, case_id: CaseId) -> Case | None:
        """Return a case with what it has booked, or None."""
        kind, key = case_id
        case = self._hot[kind].get(key)
        if case is None and (packed := self._packed[kind].get(key)) is not None:
            case = unpack(kind, key, packed)
            case.booked = self._rebook(case)
            case.round = self._round
            self._hot[kind][key] = case
        return case

    def add(self, case: Case) -> Case:
        """Take in a case that is new under its name."""
        self._hot[case.kind][case.key] = case
        self.touch(case)
        return case

    def touch(self, case: Case) -> bool:
        """Say that a case changes; return whether that is news since the last call of `changed`."""
        if case.touched == self._round:
            return False
        case.round = case.touched = self._round
        self._touched[case.id] = case
        return True

    def drop(self, case_id: CaseId) -> None:
        """Forget a case."""
        kind, key = case_id
        self._hot[kind].pop(key, None)
        self._packed[kind].pop(key, None)
        self._touched.pop(case_id, None)
        self._gone.add(case_id)

    def rename(self, case: Case, key: str) -> None:
        """Let a case go by another key."""
        self.drop(case.id)
        case.key = key
        case.touched = -1
        self.add(case)

    def times(self) -> Iterator[tuple[CaseId, tuple[Instant, Instant, Instant]]]:
        """Yield (next, last, done) of every case."""
        for kind, cases in self._hot.items():
            for key, case in cases.items():
                yield (kind, key), (case.next, case.last, case.done)
            for key, packed in self._packed[kind].items():
                if key not in cases:
                    yield (kind, key), packed_times(packed)

    def next_of(self, case_id: CaseId) -> Instant:
        """Return when a case changes next without an event; never, for one that is not held."""
        kind, key = case_id
        case = self._hot[kind].get(key)
        if case is not None:
            return case.next
        packed = self._packed[kind].get(key)
        return NEVER if packed is None else packed_times(packed)[0]

    def cards_of(self, technician: str) -> list[CaseId]:
        """Return the cards of a technician."""
        kinds = (CARD, LOOSE)
        return [(kind, key) for kind in kinds for key in self._keys(kind) if technician_of(key) == technician]

    def mentioning(self, name: EventName) -> list[CaseId]:
        """Return the cases that hold an event, and perhaps some whose bytes only look as if they did."""
        needle = name[1].encode()
        packed = [(kind, key) for kind, cases in self._packed.items() for key, data in cases.items() if needle in data]
        hot = [case.id for cases in self._hot.values() for case in cases.values() if name in case.log]
        return list(dict.fromkeys(packed + hot))

    def changed(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the cases that changed since the last call as records (None: gone), and pack those at rest."""
        for kind, key in sorted(self._gone - self._touched.keys()):
            yield _record_key(kind, key), None
        for (kind, key), case in self._touched.items():
            packed = self._packed[kind][key] = pack(case)
            yield _record_key(kind, key), packed
        self._gone.clear()
        self._touched.clear()
        for cases in self._hot.values():
            for key in [key for key, case in cases.items() if case.round < self._round]:
                del cases[key]
        self._round += 1

    def restore(self, kind: str, key: str, packed: bytes) -> None:
        """Take back one case as it was packed."""
        self._packed[kind][key] = packed

    def _keys(self, kind: str) -> set[str]:
        return self._hot[kind].keys() | self._packed[kind].keys()


def _record_key(kind: str, key: str) -> bytes:
    return f"{kind}/{key}".encode()
