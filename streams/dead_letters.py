"""Refused records: why, what goes to the dead letters, and when so many are refused that the worker must stop."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, get_args

from aiokafka import ConsumerRecord

from models.instants import Instant, moment
from streams.errors import StoppedError

__all__ = ["REASONS", "DeadLetter", "Reason", "Refusal", "RefusalWatch"]

Reason = Literal["malformed", "unknown_type", "unknown_store", "wrong_key", "future", "late", "oversized"]
REASONS: tuple[Reason, ...] = get_args(Reason)

MAX_VALUE_BYTES = 900_000  # with its headers, a letter has to fit a broker's usual limit of 1 MiB for a message
WATCHED_RECORDS = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one record is not counted: the reason, the field at fault (dotted, empty for the whole) and a sentence."""

    reason: Reason
    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A refused record with where it came from; it is sent in the transaction that passes over it."""

    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    reason: Reason

    @classmethod
    def of(cls, record: ConsumerRecord, refusal: Refusal, at: Instant) -> "DeadLetter":
        """Return the letter for a record refused at an instant; the original bytes are kept, cut only above 900 kB."""
        value = record.value or b""
        said = {
            "reason": refusal.reason,
            "field": refusal.field,
            "detail": refusal.detail,
            "topic": record.topic,
            "partition": str(record.partition),
            "offset": str(record.offset),
            "time": moment(at).isoformat(),
        }
        if len(value) > MAX_VALUE_BYTES:
            said["cut_from_bytes"] = str(len(value))
        headers = tuple((name, text.encode()) for name, text in said.items())
        return cls(record.key, value[:MAX_VALUE_BYTES], headers, refusal.reason)


@dataclass(slots=True)
class _Span:
    seen: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)


class RefusalWatch:
    """Stops the worker when more than a share of the last thousand or more records were refused.

    A topic full of the wrong thing would otherwise be emptied into the dead letters, quietly.
    """

    def __init__(self, limit: float, topic: str) -> None:
        self._limit = limit
        self._topic = topic
        self._before = _Span()
        self._now = _Span()

    def count(self, reason: Reason | None) -> None:
        """Count one record, refused for a reason or taken (None); StoppedError when the share is above the limit."""
        self._now.seen += 1
        if reason is not None:
            self._now.refused[reason] += 1
            self._check()
        if self._now.seen >= WATCHED_RECORDS:
            self._before, self._now = self._now, _Span()

    def _check(self) -> None:
        seen = self._before.seen + self._now.seen
        refused = self._before.refused + self._now.refused
        if seen >= WATCHED_RECORDS and refused.total() > self._limit * seen:
            reason, times = refused.most_common(1)[0]
            msg = (
                f"{refused.total()} of the last {seen} records of {self._topic} were refused, {times} as {reason}: "
                f"mend what writes them, or raise BAYPULSE_WORKER_REFUSAL_LIMIT (now {self._limit})"
            )
            raise StoppedError(msg)
