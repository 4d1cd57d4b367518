"""The events of one case: a set that duplicates and order of arrival cannot change, folded into facts when asked."""

import inspect
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from msgspec import msgpack

from models.clock import Clock
from models.entities.facts import EventName, Fact
from models.events import Data

__all__ = ["Hearing", "IsVoid", "Log", "absorb", "visible"]

Log = dict[EventName, Fact]

F = TypeVar("F")

IsVoid = Callable[[Fact, Clock], bool]
"""Tells whether an event is retracted as seen at a clock's moment."""

_encode = msgpack.Encoder().encode


def absorb(log: Log, fact: Fact) -> bool:
    """Add a fact; return whether that changed anything. Of differing copies of one event the later one stands."""
    name = (fact[1], fact[2])
    known = log.setdefault(name, fact)
    if known is fact:
        return True
    if known == fact or (known[0], _encode(known[3:])) >= (fact[0], _encode(fact[3:])):
        return False
    log[name] = fact
    return True


def visible(log: Log, clock: Clock, is_void: IsVoid | None) -> Iterable[Fact]:
    """Yield the facts that count now, in the order (time, source, id); `is_void` tells the retracted ones."""
    for fact in sorted(log.values()):
        if not clock.passed(fact[0]):
            return
        if is_void is None or not is_void(fact, clock):
            yield fact


class Hearing(Generic[F]):
    """Which events an entity hears, and what each of them does to its facts."""

    def __init__(self, new: Callable[[], F]) -> None:
        self._new = new
        self._handlers: dict[str, Callable[..., None]] = {}

    def on(self, data_type: type[Data]) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Register `handler(facts, at, *fields)`; its parameters must be named as the fields of the event's data."""

        def register(handler: Callable[..., None]) -> Callable[..., None]:
            expected = list(data_type.model_fields)
            named = list(inspect.signature(handler).parameters)[2:]
            if named != expected:
                raise TypeError(f"{handler.__name__} takes {named}, but {data_type.event_type} has {expected}")
            self._handlers[data_type.event_type] = handler
            return handler

        return register

    def fold(self, facts: Iterable[Fact]) -> F:
        """Return what the facts add up to."""
        entity = self._new()
        handlers = self._handlers
        for at, _, _, name, values in facts:
            handlers[name](entity, at, *values)
        return entity
