"""Rolling windows: cases go into time buckets, and the sums of every window follow by differences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import msgpack

from models.clock import NEVER
from models.instants import DAY, HOUR, MINUTE, SECOND, Instant
from models.zones import QUARTER, LocalTime, year_before

__all__ = ["EVER", "LEVELS", "WINDOWS", "Windows"]

Row = dict[int, int]
"""One bucket: slot → sum, where KPI k has its numerator in slot 2k and its denominator in 2k + 1; zeros are left
out."""


LEVELS: dict[str, tuple[str, ...]] = {
    "minute": ("1h",),
    "hour": ("today", "7d", "30d"),
    "day": ("mtd",),
    "date": ("12m",),
}
"""Which windows are summed from which buckets; `date` keeps a year of days, `day` only the current month's."""

EVER: dict[str, tuple[str, ...]] = {"ever": ("all",)}
"""One more, for files that are counted once: everything, in one bucket."""

WINDOWS: tuple[str, ...] = tuple(window for windows in LEVELS.values() for window in windows)


@dataclass(slots=True)
class _Span:
    """One window's running sums over all buckets from `start` on."""

    sums: list[int]
    start: int = -NEVER


@dataclass(slots=True)
class _Level:
    """The buckets of one size; those not touched of late are kept packed."""

    name: str
    spans: dict[str, _Span]
    rows: dict[int, Row | bytes] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    floor: int = -NEVER
    """The first bucket that any window still needs."""

    def add(self, key: int, slot: int, numerator: int, denominator: int) -> None:
        """Add to a KPI's two sums in one bucket, `slot` being that of its numerator."""
        if key < self.floor:
            return
        row = self._open(key)
        if numerator:
            row[slot] = row.get(slot, 0) + numerator
        if denominator:
            row[slot + 1] = row.get(slot + 1, 0) + denominator
        self.changed.add(key)
        for span in self.spans.values():
            if key >= span.start:
                span.sums[slot] += numerator
                span.sums[slot + 1] += denominator

    def advance(self, starts: dict[str, int]) -> None:
        for window, start in starts.items():
            span = self.spans[window]
            if start > span.start:
                self._leave(span, start)
        self.floor = min(span.start for span in self.spans.values())
        for key in [key for key in self.rows if key < self.floor]:
            del self.rows[key]
            self.changed.add(key)

    def _leave(self, span: _Span, start: int) -> None:
        for key in [key for key in self.rows if span.start <= key < start]:
            for slot, amount in self._open(key).items():
                span.sums[slot] -= amount
        span.start = start

    def _open(self, key: int) -> Row:
        row = self.rows.get(key)
        if isinstance(row, dict):
            return row
        opened: Row = {} if row is None else msgpack.decode(row, type=Row)
        self.rows[key] = opened
        return opened

    def pack(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the changed buckets as records, and pack all but the newest; an hour's minutes are one record."""
        if self.changed and self.name == "minute":
            self.changed.clear()
            yield b"minute/all", msgpack.encode(self.rows)
            return
        newest = max(self.rows, default=0)
        for key in sorted(self.changed):
            row = self.rows.get(key)
            packed = None if row is None else row if isinstance(row, bytes) else msgpack.encode(row)
            if packed is not None and key != newest:
                self.rows[key] = packed
            yield b"%s/%d" % (self.name.encode(), key), packed
        self.changed.clear()


def _key(level: str, at: Instant, hour: int, day: int) -> int:
    if level == "hour":
        return hour
    return day if level in ("day", "date") else at // MINUTE if level == "minute" else 0


class Windows:
    """Sums of all KPIs of one store in all windows, as of the last `advance`.

    `levels_of` names for each KPI the levels its windows are summed from. Cases must lie before the last `advance`;
    one that has already left a window changes nothing there, so taking it back later changes nothing either.
    """

    def __init__(self, local: LocalTime, levels_of: Sequence[Sequence[str]]) -> None:
        slots = 2 * len(levels_of)
        self._local = local
        used = LEVELS | {name: windows for name, windows in EVER.items() if any(name in names for names in levels_of)}
        self._levels = {
            name: _Level(name, {window: _Span([0] * slots) for window in windows}) for name, windows in used.items()
        }
        self._spans = {window: span for level in self._levels.values() for window, span in level.spans.items()}
        self._plan = [tuple(self._levels[name] for name in names) for names in levels_of]
        self._minute = -NEVER
        self._quarter = -NEVER

    def add(self, kpi: int, at: Instant, numerator: int, denominator: int) -> None:
        """Count one case; negative amounts take one back."""
        hour, day = self._local.locate(at)
        for level in self._plan[kpi]:
            level.add(_key(level.name, at, hour, day), 2 * kpi, numerator, denominator)

    def spread(self, slot: int, start: Instant, end: Instant, sign: int) -> None:
        """Spread the whole seconds from start to end over a slot's buckets; sign −1 takes them back."""
        kpi, is_denominator = divmod(slot, 2)
        for level in self._plan[kpi]:
            for key, begin, until in self._pieces(level, start, end):
                amount = sign * (until // SECOND - begin // SECOND)
                level.add(key, 2 * kpi, *((0, amount) if is_denominator else (amount, 0)))

    def advance(self, now: Instant) -> bool:
        """Move every window's start to where it belongs at `now`; True when one moved. Time never runs back."""
        minute = now // MINUTE
        if minute <= self._minute:
            return False
        self._minute = minute
        self._levels["minute"].advance({"1h": (now - HOUR) // MINUTE})
        if now // QUARTER != self._quarter:
            self._quarter = now // QUARTER
            self._advance_days(now, self._local.locate(now)[1])
        return True

    def _advance_days(self, now: Instant, day: int) -> None:
        local = self._local
        today = local.locate(local.start_of(day))[0]
        week, month = (local.locate(now - days * DAY)[0] for days in (7, 30))
        self._levels["hour"].advance({"today": today, "7d": week, "30d": month})
        self._levels["day"].advance({"mtd": local.first_of_month(day)})
        self._levels["date"].advance({"12m": year_before(day)})

    def sums(self, window: str) -> Sequence[int]:
        """Return a window's running sums, two slots a KPI."""
        return self._spans[window].sums

    def _pieces(self, level: _Level, start: Instant, end: Instant) -> Iterator[tuple[int, Instant, Instant]]:
        """Cut a span at the borders of a level's buckets."""
        if level.name == "minute":  # a long span has hundreds of minutes that left the hour long ago
            start = max(start, level.floor * MINUTE)
        while start < end:
            key, after = self._bucket(level.name, start)
            yield key, start, min(end, after)
            start = after

    def _bucket(self, level: str, at: Instant) -> tuple[int, Instant]:
        """Return the bucket an instant falls into, and where that bucket ends."""
        if level == "minute":
            return at // MINUTE, (at // MINUTE + 1) * MINUTE
        if level == "ever":
            return 0, NEVER
        hour, day = self._local.locate(at)
        return (hour, self._local.hour_after(at)) if level == "hour" else (day, self._local.start_of(day + 1))

    def changed(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the buckets that changed since the last call as records (None: gone)."""
        for level in self._levels.values():
            yield from level.pack()

    def head(self) -> bytes:
        """Return the running sums and starts as one record."""
        spans = [(span.start, span.sums) for span in self._spans.values()]
        return msgpack.encode((self._minute, self._quarter, spans))

    def restore(self, head: bytes) -> None:
        """Take back what `head` gave."""
        self._minute, self._quarter, spans = msgpack.decode(head)
        for span, (start, sums) in zip(self._spans.values(), spans, strict=True):
            span.start, span.sums = start, sums
        for level in self._levels.values():
            level.floor = min(span.start for span in level.spans.values())

    def restore_row(self, level: str, key: str, packed: bytes) -> None:
        """Take back one record as `changed` gave it."""
        if level == "minute":
            self._levels[level].rows.update(msgpack.decode(packed, type=dict[int, Row]))
        else:
            self._levels[level].rows[int(key)] = packed
