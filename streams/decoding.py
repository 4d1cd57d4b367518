"""From a record of the events topic to an event, or to the reason why it is none."""

import json
from dataclasses import dataclass

from aiokafka import ConsumerRecord

from models.events import EVENT_TYPES, Envelope, EventError, parse_event
from models.instants import MINUTE, instant
from models.stores import Stores
from streams.dead_letters import Refusal

__all__ = ["FUTURE_LIMIT", "Decoder"]

FUTURE_LIMIT = 5 * MINUTE
"""How far an event may be ahead of its record's own timestamp."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """Applies everything that can be said about a record without its store's state."""

    stores: Stores
    max_bytes: int

    def decode(self, record: ConsumerRecord) -> Envelope | Refusal:
        """Return the event in a record, or why it is refused; never raises, whatever the bytes are."""
        raw = record.value or b""
        if len(raw) > self.max_bytes:
            return Refusal("oversized", "", f"{len(raw)} bytes, the limit is {self.max_bytes}")
        try:
            event = parse_event(raw)
        except EventError as error:
            is_unknown = error.field == "type" and _names_unknown_type(raw)
            return Refusal("unknown_type" if is_unknown else "malformed", error.field, error.reason)
        return self._misplaced(record, event) or event

    def _misplaced(self, record: ConsumerRecord, event: Envelope) -> Refusal | None:
        if record.key != event.storeid.encode():
            key = (record.key or b"").decode("utf-8", "replace")
            return Refusal("wrong_key", "storeid", f"the record's key is {key!r}, the store is {event.storeid!r}")
        # Store ids are a part of the state's keys, where control characters have a meaning.
        if not event.storeid.isprintable() or self.stores.get(event.storeid) is None:
            return Refusal("unknown_store", "storeid", f"no store {event.storeid!r} is known")
        if instant(event.time) > record.timestamp * 1000 + FUTURE_LIMIT:
            return Refusal("future", "time", f"{event.time.isoformat()} is ahead of the record's own time")
        return None


def _names_unknown_type(raw: bytes) -> bool:
    named = json.loads(raw).get("type")
    return isinstance(named, str) and named not in EVENT_TYPES
