"""What real senders get wrong, on request and by a seed: duplicates, disorder, lateness, wrong clocks, garbage."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from models.instants import SECOND, Instant, moment
from simulator.chance import Draw
from simulator.journal import SimulatedEvent

__all__ = ["Dead", "Misbehaviour", "Report", "misbehave"]

DUPLICATE_DELAY: Instant = 600 * SECOND
TRUNCATED_TO = 0.6


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """How a stream misbehaves. Shares are of the events of the stream; the default does nothing.

    Only `clock_skew` changes what is true: malformed and future records are additional ones, the events they were made
    from are sent as well.
    """

    seed: int = 0
    duplicate_share: float = 0.0
    """Sent a second time, up to ten minutes later."""
    shuffle_window_seconds: int = 0
    """Every event is sent up to this much late, so that neighbours change places."""
    late_share: float = 0.0
    late_by_seconds: int = 3600
    """These are sent this much late."""
    future_share: float = 0.0
    future_by_seconds: int = 7200
    """For these, a copy under another id claims to happen this much later than it is sent."""
    malformed_share: float = 0.0
    """For these, a record that is no event is sent too."""
    clock_skew: tuple[tuple[str, int], ...] = ()
    """(system, seconds): the clocks of dms, floor, parts or crm go this much ahead, or behind where negative."""


@dataclass(frozen=True, slots=True)
class Dead:
    """A record that should end among the dead letters, and why; `index` is its place in the stream."""

    index: int
    reason: str
    store: str
    source: str
    id: str


@dataclass(slots=True)
class Report:
    """What a misbehaving stream did, complete once it is exhausted."""

    counts: Counter[str] = field(default_factory=Counter)
    """Records by what was done: sent (all of them), duplicates, shuffled, late, future, malformed, skewed."""
    dead: list[Dead] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return counts and dead letters as plain values."""
        return {"counts": dict(sorted(self.counts.items())), "dead": [msgspec.to_builtins(dead) for dead in self.dead]}


def misbehave(events: Iterable[SimulatedEvent], how: Misbehaviour, report: Report) -> Iterator[SimulatedEvent]:
    """Yield the events as a bad sender sends them, still in the order of sending; memory holds what is on its way."""
    return _Sender(how, report).send(events)


class _Sender:
    def __init__(self, how: Misbehaviour, report: Report) -> None:
        self._how = how
        self._report = report
        self._draw = Draw(how.seed, "faults")
        self._skew = {system: seconds * SECOND for system, seconds in how.clock_skew}
        self._waiting: list[tuple[Instant, int, SimulatedEvent, str]] = []
        self._count = 0

    def send(self, events: Iterable[SimulatedEvent]) -> Iterator[SimulatedEvent]:
        for event in events:
            yield from self._due(event.sent)
            self._spoil(self._skewed(event))
        yield from self._due(None)

    def _due(self, now: Instant | None) -> Iterator[SimulatedEvent]:
        while self._waiting and (now is None or self._waiting[0][0] < now):
            _, _, event, reason = heapq.heappop(self._waiting)
            if reason:
                dead = Dead(self._report.counts["sent"], reason, event.store, event.source, event.id)
                self._report.dead.append(dead)
            self._report.counts["sent"] += 1
            yield event

    def _spoil(self, event: SimulatedEvent) -> None:
        how, draw = self._how, self._draw
        self._put(event, self._delay())
        if draw.chance(how.duplicate_share):
            self._put(event, draw.span(SECOND, DUPLICATE_DELAY), "duplicates")
        if draw.chance(how.future_share):
            self._put(self._future(event), 0, "future", "future")
        if draw.chance(how.malformed_share):
            spoil, reason = draw.pick(_SPOILERS)
            self._put(event._replace(id=f"{event.id}-malformed", value=spoil(event)), 0, "malformed", reason)

    def _put(self, event: SimulatedEvent, delay: Instant, done: str = "", reason: str = "") -> None:
        self._count += 1
        if done:
            self._report.counts[done] += 1
        sent = event.sent + delay
        heapq.heappush(self._waiting, (sent, self._count, event._replace(sent=sent), reason))

    def _delay(self) -> Instant:
        how, draw = self._how, self._draw
        if draw.chance(how.late_share):
            self._report.counts["late"] += 1
            return how.late_by_seconds * SECOND
        if how.shuffle_window_seconds:
            self._report.counts["shuffled"] += 1
            return draw.even(0, how.shuffle_window_seconds * SECOND)
        return 0

    def _skewed(self, event: SimulatedEvent) -> SimulatedEvent:
        skew = self._skew.get(event.source.rpartition("/")[2])
        if not skew:
            return event
        self._report.counts["skewed"] += 1
        return _at(event, event.time + skew)

    def _future(self, event: SimulatedEvent) -> SimulatedEvent:
        renamed = _with(event, id=f"{event.id}-future")._replace(id=f"{event.id}-future")
        return _at(renamed, event.sent + self._how.future_by_seconds * SECOND)


def _with(event: SimulatedEvent, **fields: object) -> SimulatedEvent:
    return event._replace(value=msgspec.json.encode({**msgspec.json.decode(event.value), **fields}))


def _at(event: SimulatedEvent, time: Instant) -> SimulatedEvent:
    """Return the event with another time, in the offset it was written in."""
    offset = datetime.fromisoformat(msgspec.json.decode(event.value)["time"]).tzinfo
    text = moment(time).astimezone(offset).isoformat(timespec="milliseconds")
    return _with(event, time=text)._replace(time=time)


def _without_time(event: SimulatedEvent) -> bytes:
    fields = msgspec.json.decode(event.value)
    del fields["time"]
    return msgspec.json.encode(fields)


def _truncated(event: SimulatedEvent) -> bytes:
    return event.value[: int(len(event.value) * TRUNCATED_TO)]


_SPOILERS: tuple[tuple[Callable[[SimulatedEvent], bytes], str], ...] = (
    (_truncated, "truncated"),
    (lambda event: b"\x00\xff" + event.value[:40], "not JSON"),
    (lambda event: _with(event, type="workshop.vehicle.teleported").value, "unknown type"),
    (_without_time, "no time"),
    (lambda event: _with(event, time=1_700_000_000).value, "time is a number"),
    (lambda event: _with(event, data=None).value, "no data"),
)
