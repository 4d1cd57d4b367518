"""The cases a store holds: their events, what of them is booked, and how they are packed."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import msgpack

from models.clock import NEVER
from models.entities.facts import Fact, event_name
from models.entities.log import Log
from models.entities.technician import Span
from models.instants import Instant
from models.kpis.card import Cases

__all__ = ["Booked", "Case", "CaseId", "Visit", "pack", "packed_times", "unpack"]

CaseId = tuple[str, str]
"""(kind, key)."""

Visit = tuple[str, Instant, bool]
"""(vehicle, check-in, whether the customer paid for any of it)."""

_TIMES = struct.Struct(">qqq")
_decode = msgpack.Decoder(list[tuple[int, str, str, str, tuple[Any, ...]]]).decode


@dataclass(slots=True)
class Booked:
    """What a case has contributed as of the last settling: it is taken back before anything else is put in its
    place."""

    cases: Sequence[Cases] = ()
    """One entry per rule of the case's kind."""
    visit: Visit | None = None
    state: str | None = None
    spans: Sequence[Span] = ()
    """A technician's working or available time."""


@dataclass(slots=True)
class Case:
    """One case: a set of events and what follows from it."""

    kind: str
    key: str
    log: Log = field(default_factory=dict)
    booked: Booked = field(default_factory=Booked)
    next: Instant = NEVER
    """When its contributions change next without an event."""
    last: Instant = -NEVER
    """The latest time of its events."""
    done: Instant = -NEVER
    """When the latest event that closes such a case happened; what happens later hardly concerns it."""
    round: int = 0
    """The latest round of `changed` in which it was opened or touched."""
    touched: int = -1
    """The latest round in which it was touched."""
    dirty: bool = False
    """Whether its contributions wait to be looked at."""

    @property
    def id(self) -> CaseId:
        """Its place in the store."""
        return (self.kind, self.key)


def pack(case: Case) -> bytes:
    """Return a case as bytes; what it has booked is left out, for it follows from the rest."""
    return _TIMES.pack(case.next, case.last, case.done) + msgpack.encode(list(case.log.values()))


def unpack(kind: str, key: str, packed: bytes) -> Case:
    """Return a packed case with nothing booked yet."""
    facts: list[Fact] = _decode(memoryview(packed)[_TIMES.size :])
    upcoming, last, done = packed_times(packed)
    return Case(kind, key, {event_name(fact): fact for fact in facts}, next=upcoming, last=last, done=done)


def packed_times(packed: bytes) -> tuple[Instant, Instant, Instant]:
    """Return (next, last, done) of a packed case without unpacking it."""
    upcoming, last, done = _TIMES.unpack_from(packed)
    return upcoming, last, done
