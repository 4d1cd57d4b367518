"""Made-up stores and their events, for hypothesis and from a seed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from models.events import Envelope
from tests.oracle.book import Book
from tests.oracle.calendar import OracleStore, day_start, local_day
from tests.oracle.floor import change_of_mind, changed_copies, office_story, technician_story
from tests.oracle.stories import appointment_story, order_story

__all__ = ["ZONES", "World", "random_history", "random_nows", "random_store_events", "random_world", "worlds"]

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Australia/Adelaide",
    "Africa/Cairo",
)
"""Whole and half hours, summer time on both halves of the globe, and one whose clock jumps over midnight."""

# Days after which something odd comes: changes of the clock, a leap day, turns of the year and of the month.
_STARTS = (
    date(2026, 3, 6),
    date(2026, 3, 27),
    date(2026, 4, 3),
    date(2026, 4, 22),
    date(2026, 10, 2),
    date(2026, 10, 23),
    date(2026, 12, 28),
    date(2024, 2, 26),
    date(2025, 2, 26),
    date(2026, 6, 10),
)


@dataclass(frozen=True)
class World:
    """One store with its events and the moments at which to look at it, earliest first."""

    zone: ZoneInfo
    store: OracleStore
    events: list[Envelope]
    nows: list[datetime]


def random_store_events(
    random: Random, zone: ZoneInfo, start: datetime, span: timedelta, *, orders: int, prefix: str = ""
) -> list[Envelope]:
    """Return the events of a store between start and start + span, in no particular order."""
    book = Book(random, zone, start, start + span, prefix)
    appointments = [f"{prefix}appointment-{number}" for number in range(orders // 2 + 1)]
    for appointment in appointments:
        appointment_story(book, appointment)
    for number in range(orders):
        order_story(book, f"{prefix}order-{number}", appointments)
    for technician in ("t1", "t2"):
        technician_story(book, technician)
    office_story(book)
    if book.events:
        change_of_mind(book)
        changed_copies(book)
    return book.events


def random_nows(random: Random, zone: ZoneInfo, events: Iterable[Envelope], count: int) -> list[datetime]:
    """Return moments to look at a store: by its events, at midnights and hours, in between and long after."""
    times = [event.time.astimezone(UTC) for event in events] or [datetime(2026, 3, 1, tzinfo=UTC)]
    nows = []
    for _ in range(count):
        at = random.choice(times)
        midnight = day_start(local_day(at, zone) + timedelta(days=random.choice((0, 1, 4, 30))), zone)
        hour = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=random.choice((1, 12, 168, 720)))
        tiny = timedelta(microseconds=random.choice((0, 1)))
        ago = timedelta(hours=random.choice((0, 1, 24, 168, 720, 8760)))
        nows.append(random.choice((at + tiny, at + ago + tiny, midnight + tiny, hour + tiny, max(times) + ago + tiny)))
    return sorted(nows)


def random_world(random: Random, span: timedelta, orders: int, looks: int = 3) -> World:
    """Return a store, its events in a span and some moments to look at it."""
    zone = ZoneInfo(random.choice(ZONES))
    start = day_start(random.choice(_STARTS), zone)
    events = random_store_events(random, zone, start, span, orders=orders)
    return World(zone, _store(random, start.date()), events, random_nows(random, zone, events, looks))


def random_history(random: Random, months: int, orders: int, looks: int = 3) -> World:
    """Return a store over many months: vehicles come again, but each order is over within 38 days."""
    world = random_world(random, timedelta(0), 0)
    start = day_start(random.choice(_STARTS), world.zone)
    events: list[Envelope] = []
    for month in range(months):
        begin, prefix = start + timedelta(days=30 * month), f"m{month}-"
        events += random_store_events(random, world.zone, begin, timedelta(days=38), orders=orders, prefix=prefix)
    events.sort(key=lambda event: event.time)
    return World(world.zone, world.store, events, random_nows(random, world.zone, events[-60:], looks))


def _store(random: Random, first: date) -> OracleStore:
    week = [random.choice(([("08:30", "12:00"), ("13:00", "17:30")], [("09:00", "18:00")])) for _ in range(6)]
    return OracleStore(
        hours={weekday: spans for weekday, spans in enumerate(week) if weekday == 0 or random.random() < 0.8},
        holidays=frozenset(first + timedelta(days=random.randint(0, 9)) for _ in range(2)),
        workdays=frozenset({first + timedelta(days=random.randint(0, 9))}),
        tolerance_minutes=random.choice((0, 0, 10)),
        follow_up_days=random.choice((3, 3, 1)),
    )


@st.composite
def worlds(draw: st.DrawFn, days: int = 6, most_orders: int = 3) -> World:
    """A small store over a few days; shrinks towards few events."""
    random = draw(st.randoms(use_true_random=False))
    orders = draw(st.integers(0, most_orders))
    return random_world(random, timedelta(days=draw(st.sampled_from((days, 38)))), orders)
