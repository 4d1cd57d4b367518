"""What a store's systems send: events as JSON, in the order in which they happened."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from models.events import PREFIX
from models.instants import MINUTE, SECOND, Instant, moment
from models.zones import QUARTER

__all__ = ["Journal", "SimulatedEvent"]

CACHED_QUARTERS = 4_096

_encode = msgspec.json.Encoder().encode


class SimulatedEvent(NamedTuple):
    """One record: the JSON of an event, when it is sent, and when it says that it happened."""

    sent: Instant
    store: str
    source: str
    id: str
    kind: str
    time: Instant
    value: bytes


class Journal:
    """Writes down events at the present moment of its clock; `take` hands over what came since the last time."""

    def __init__(self, store_id: str, zone: ZoneInfo, now: Callable[[], Instant]) -> None:
        self._store = store_id
        self._zone = zone
        self._now = now
        self._count = 0
        self._quarters: dict[int, tuple[str, int, str]] = {}
        self._events: list[SimulatedEvent] = []

    def take(self) -> list[SimulatedEvent]:
        """Return the events since the last call, in order."""
        events, self._events = self._events, []
        return events

    def text(self, at: Instant) -> str:
        """Return an instant as the store's systems write it: local time with its offset."""
        quarter, rest = divmod(at, QUARTER)
        hour, minute, offset = self._quarters.get(quarter) or self._render(quarter)
        minutes, left = divmod(rest, MINUTE)
        return f"{hour}{minute + minutes:02d}:{left // SECOND:02d}.{left % SECOND // 1_000:03d}{offset}"

    def write(self, system: str, kind: str, subject: str, data: Mapping[str, Any]) -> str:
        """Write one event of one of the store's systems; return its id."""
        at = self._now()
        self._count += 1
        event_id = f"{self._count:08d}"
        source = f"/{self._store}/{system}"
        value = _encode(
            {
                "specversion": "1.0",
                "id": event_id,
                "source": source,
                "type": PREFIX + kind,
                "time": self.text(at),
                "subject": subject,
                "storeid": self._store,
                "data": data,
            }
        )
        self._events.append(SimulatedEvent(at, self._store, source, event_id, kind, at, value))
        return event_id

    def _render(self, quarter: int) -> tuple[str, int, str]:
        if len(self._quarters) >= CACHED_QUARTERS:
            self._quarters.clear()
        local = moment(quarter * QUARTER).astimezone(self._zone)
        text = local.isoformat(timespec="minutes")
        parts = self._quarters[quarter] = text[:14], local.minute, text[16:]
        return parts
