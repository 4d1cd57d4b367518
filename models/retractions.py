"""Events taken back, and retractions taken back in their turn."""

from msgspec import msgpack

from models.clock import NEVER, Clock
from models.entities.facts import EventName, Fact, event_name
from models.instants import Instant

__all__ = ["Retractions"]

_Packed = list[tuple[tuple[str, str], list[tuple[tuple[str, str], int]]]]


class Retractions:
    """Which events are retracted by which others, and from when on."""

    def __init__(self) -> None:
        self._by_target: dict[EventName, dict[EventName, Instant]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_target)

    def add(self, fact: Fact) -> bool:
        """Take a retraction in; return whether it is new (of differing copies of one the later stands)."""
        at = fact[0]
        known = self._by_target.setdefault(_target(fact), {})
        if known.get(event_name(fact), at - 1) >= at:
            return False
        known[event_name(fact)] = at
        return True

    def is_void(self, name: EventName, clock: Clock, until: Instant = NEVER) -> bool:
        """Return whether an event is taken back, as seen at the clock's moment, by a retraction made no later than
        `until`."""
        by = self._by_target.get(name)
        if by is None:
            return False
        return any(
            at <= until and clock.passed(at) and not self.is_void(own, clock) for own, at in by.items() if own != name
        )

    def concerned(self, fact: Fact) -> set[EventName]:
        """Return the events whose validity a retraction changes: its target, and through retracted retractions
        theirs."""
        names = {_target(fact)}
        while more := {target for target, by in self._by_target.items() if names & by.keys()} - names:
            names |= more
        return names

    def forget(self, before: Instant) -> bool:
        """Drop what was retracted before a moment, when its case is long gone; return whether there was any."""
        old = [target for target, by in self._by_target.items() if max(by.values()) < before]
        for target in old:
            del self._by_target[target]
        return bool(old)

    def pack(self) -> bytes:
        """Return all of them as bytes."""
        return msgpack.encode([(target, list(by.items())) for target, by in self._by_target.items()])

    def restore(self, packed: bytes) -> None:
        """Take back what `pack` gave."""
        self._by_target = {target: dict(by) for target, by in msgpack.decode(packed, type=_Packed)}


def _target(fact: Fact) -> EventName:
    source, event_id = fact[4][0]
    return (source, event_id)
