"""A book of made-up events of one store: times that like borders, events valid by the product's own rules."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from models.events import Envelope, make_event
from tests.oracle.calendar import day_start, local_day

__all__ = ["STORE_ID", "Book"]

STORE_ID = "S1"
_TINY = timedelta(microseconds=1)
_STEPS = (
    timedelta(0),
    _TINY,
    timedelta(milliseconds=700),
    timedelta(seconds=59),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3, minutes=17, seconds=5.25),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=3),
)


@dataclass
class Book:
    """Collects events between `start` and `end`; what falls outside is left out. All its ids begin with `prefix`."""

    random: Random
    zone: ZoneInfo
    start: datetime
    end: datetime
    prefix: str = ""
    events: list[Envelope] = field(default_factory=list)

    def emit(self, kind: str, at: datetime, **data: Any) -> None:
        """Write one event; datetimes in its data become text, in the zone or in UTC."""
        if self.start <= at < self.end:
            self.add(self.next_id, self.random.choice(("dms", "pad", "clock")), kind, at, data)

    @property
    def next_id(self) -> str:
        """The id of the event written next."""
        return f"{self.prefix}e{len(self.events)}"

    def add(self, name: str, source: str, kind: str, at: datetime, data: dict[str, Any]) -> None:
        """Write one event under a name of its own."""
        texts = {key: self.text(value) if isinstance(value, datetime) else value for key, value in data.items()}
        fields = {"id": name, "source": source, "type": f"workshop.{kind}", "time": self.text(at)}
        self.events.append(make_event({**fields, "storeid": STORE_ID, "data": texts}))

    def text(self, at: datetime) -> str:
        """Return a moment with one of two offsets."""
        return at.astimezone(self.random.choice((UTC, self.zone))).isoformat()

    def chance(self, probability: float) -> bool:
        """Return True as often as that."""
        return self.random.random() < probability

    def times(self, most: int) -> range:
        """Return a range of 0 to most rounds, few rather than many."""
        return range(min(self.random.randint(0, most), self.random.randint(0, most)))

    def moment(self) -> datetime:
        """Return some moment of the book: in the day's work, on a border of the local time, or anywhere."""
        anywhere = self.start + (self.end - self.start) * self.random.random()
        midnight = day_start(local_day(anywhere, self.zone), self.zone)
        kind = self.random.randrange(5)
        if kind == 0:
            return anywhere
        if kind == 1:
            return self.edge(midnight + timedelta(hours=self.random.choice((0, 0, 1, 2, 3, 24))))
        return midnight + timedelta(minutes=15 * self.random.randint(30, 76))

    def after(self, at: datetime) -> datetime:
        """Return a moment a little later, at the same moment, or now and then earlier."""
        step = self.random.choice(_STEPS[:9] if self.chance(0.8) else _STEPS)
        return at - step if self.chance(0.12) else at + step

    def edge(self, at: datetime) -> datetime:
        """Return the moment itself or one just beside it."""
        beside = self.random.choice((timedelta(0), timedelta(0), _TINY, timedelta(seconds=1), timedelta(hours=1)))
        return at - beside if self.chance(0.5) else at + beside
