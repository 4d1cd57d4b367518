"""The technicians' clocked and available time as spans."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.oracle.table import Row, group, named

__all__ = ["available_spans", "clocked_spans"]

Span = tuple[datetime, datetime]
_LONGEST = timedelta(hours=12)
_HELD = timedelta(days=45)


@dataclass
class _Punch:
    on: Row
    off: datetime | None = None


def clocked_spans(rows: list[Row], now: datetime) -> list[Span]:
    """Return the productive time of every technician, each one's overlaps counted once."""
    kinds = ("clocked_on", "clocked_off", "punch_corrected", "shift_ended")
    by_technician = group(named(rows, *(f"technician.{kind}" for kind in kinds)), _technician)
    return [span for own in by_technician.values() for span in _union(_punch_spans(own, now), now)]


def _technician(row: Row) -> str:
    return str(row.data.technician_id)


def _punch_spans(rows: list[Row], now: datetime) -> Iterator[Span]:
    for punch in [*_numbered_punches(rows), *_open_close_punches(rows)]:
        if punch.on.data.activity == "productive":
            yield _ends(punch, rows, now)


def _numbered_punches(rows: list[Row]) -> Iterator[_Punch]:
    with_id = named(rows, "technician.clocked_on", "technician.clocked_off")
    for punch in group(with_id, lambda row: row.data.punch_id).values():
        ons, offs = named(punch, "technician.clocked_on"), named(punch, "technician.clocked_off")
        if ons:
            yield _Punch(ons[0], offs[-1].time if offs else None)


def _open_close_punches(rows: list[Row]) -> list[_Punch]:
    punches: list[_Punch] = []
    still_open: dict[str | None, _Punch] = {}
    closed: set[str] = set()
    for row in rows:
        named_punch = getattr(row.data, "punch_id", None)
        if row.kind == "technician.clocked_on" and named_punch is None:
            before = still_open.get(row.data.order_id)
            if before is None or row.time >= before.on.time + _LONGEST:
                punches.append(_Punch(row))
                still_open[row.data.order_id] = punches[-1]
                if row.id in closed:
                    del still_open[row.data.order_id]
        elif row.kind == "technician.clocked_off" and named_punch is None and row.data.order_id in still_open:
            punch = still_open.pop(row.data.order_id)
            punch.off = row.time if row.time <= punch.on.time + _HELD else None
        elif row.kind in ("technician.clocked_off", "technician.punch_corrected") and named_punch is not None:
            closed.add(named_punch)
            still_open = {order: punch for order, punch in still_open.items() if punch.on.id != named_punch}
    for punch in punches:
        naming = [row.time for row in named(rows, "technician.clocked_off") if row.data.punch_id == punch.on.id]
        naming = [at for at in naming if at <= punch.on.time + _HELD]
        punch.off = naming[-1] if naming else punch.off
    return punches


def _ends(punch: _Punch, rows: list[Row], now: datetime) -> Span:
    names = {punch.on.id, punch.on.data.punch_id}
    corrections = [row for row in named(rows, "technician.punch_corrected") if row.data.punch_id in names]
    corrections = [row for row in corrections if row.time <= punch.on.time + _HELD]
    if corrections:
        return corrections[-1].data.on, corrections[-1].data.off
    start = punch.on.time
    if punch.off is not None:
        return start, punch.off
    shift_ends = [row.time for row in named(rows, "technician.shift_ended") if row.time > start]
    return start, min([*shift_ends, start + _LONGEST, now])


def available_spans(rows: list[Row], now: datetime) -> list[Span]:
    """Return the attendance of every technician without the breaks."""
    kinds = ("shift_started", "shift_ended", "break_started", "break_ended")
    by_technician = group(named(rows, *(f"technician.{kind}" for kind in kinds)), _technician)
    return [span for own in by_technician.values() for span in _attendance(own, now)]


def _attendance(rows: list[Row], now: datetime) -> Iterator[Span]:
    shifts = named(rows, "technician.shift_started", "technician.shift_ended")
    for place, shift in enumerate(shifts):
        if shift.kind == "technician.shift_started":
            following = [row.time for row in shifts[place + 1 : place + 2]]
            end = min([*following, shift.time + _LONGEST, now])
            yield from _without(shift.time, end, _union(_breaks(rows, shift.time, end), now))


def _breaks(rows: list[Row], start: datetime, end: datetime) -> Iterator[Span]:
    for place, row in enumerate(rows):
        if row.kind == "technician.break_started" and start <= row.time < end:
            ends = named(rows[place + 1 :], "technician.break_ended")
            yield row.time, min(ends[0].time, end) if ends else end


def _without(start: datetime, end: datetime, gaps: list[Span]) -> Iterator[Span]:
    for gap_start, gap_end in gaps:
        yield start, gap_start
        start = gap_end
    if start < end:
        yield start, end


def _union(spans: Iterable[Span], now: datetime) -> list[Span]:
    merged: list[Span] = []
    for start, given_end in sorted(spans):
        end = min(given_end, now)
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged
