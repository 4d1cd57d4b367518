"""Instants and durations as integers: microseconds for moments, whole seconds for what is summed."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "Instant",
    "instant",
    "moment",
    "seconds",
    "seconds_between",
    "to_cents",
    "to_seconds",
]

Instant = int  # microseconds since 1970-01-01T00:00:00Z: integers compare, sum and pack without drift

SECOND: Instant = 1_000_000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
DAY: Instant = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(when: datetime) -> Instant:
    """Return an aware datetime as microseconds since the epoch, exactly.

    >>> instant(datetime(1970, 1, 1, 8, 0, 1, tzinfo=UTC))
    28801000000
    """
    return (when - _EPOCH) // _MICROSECOND


def moment(at: Instant) -> datetime:
    """Return an instant as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=at)


def seconds(at: Instant) -> int:
    """Return the whole second an instant lies in."""
    return at // SECOND


def seconds_between(start: Instant, end: Instant) -> int:
    """Return the whole seconds from start to end; adjoining spans add up to their whole without loss."""
    return end // SECOND - start // SECOND


def to_seconds(hours: Decimal) -> int:
    """Return hours as whole seconds, halves to even."""
    return int((hours * 3600).to_integral_value(ROUND_HALF_EVEN))


def to_cents(amount: Decimal) -> int:
    """Return an amount of money in minor units (hundredths), halves to even."""
    return int((amount * 100).to_integral_value(ROUND_HALF_EVEN))
