"""A technician's time: punches on orders, and attendance with its breaks."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from models.clock import Clock
from models.entities.facts import Fact
from models.entities.log import Hearing
from models.entities.order import PRODUCTIVE
from models.events import workshop
from models.instants import DAY, HOUR, Instant

__all__ = ["LONGEST", "Attendance", "Marks", "Punch", "Span", "attendance_hearing", "clocked", "marks_of", "punches"]

Span = tuple[Instant, Instant]

CORRECTABLE: Instant = 45 * DAY
"""How long after its start a punch can be corrected: what is older is no longer held."""

LONGEST: Instant = 12 * HOUR
"""How long an attendance or a punch lasts at the most when nobody ends it."""


@dataclass(slots=True)
class Attendance:
    """When a technician came and went, and the breaks taken: (moment, whether it begins), in reading order."""

    shifts: list[tuple[Instant, bool]] = field(default_factory=list)
    breaks: list[tuple[Instant, bool]] = field(default_factory=list)

    def available(self, clock: Clock) -> list[Span]:
        """Return the attendances without their breaks; what goes on ends now."""
        spans: list[Span] = []
        for start, end in self._attendances(clock):
            begin = start
            for pause_start, pause_end in self._breaks(start, end):
                spans.append((begin, pause_start))
                begin = max(begin, pause_end)
            spans.append((begin, end))
        return [(start, end) for start, end in spans if start < end]

    def _attendances(self, clock: Clock) -> Iterator[Span]:
        for i, (start, begins) in enumerate(self.shifts):
            if begins:
                ends = [at for at, _ in self.shifts[i + 1 : i + 2]]
                yield start, _until(min([*ends, start + LONGEST]), clock)

    def _breaks(self, start: Instant, end: Instant) -> Iterator[Span]:
        for i, (begin, begins) in enumerate(self.breaks):
            if begins and start <= begin < end:
                ends = (at for at, goes_on in self.breaks[i + 1 :] if not goes_on)
                yield begin, min(next(ends, end), end)


attendance_hearing = Hearing(Attendance)


@attendance_hearing.on(workshop.TechnicianClockedOff)
def _named_off(attendance: Attendance, at: Instant, technician_id: str, order_id: str | None, punch_id: str) -> None:
    """A clock-off that names its punch is one of the technician's `Marks`."""


@attendance_hearing.on(workshop.TechnicianPunchCorrected)
def _corrected(
    attendance: Attendance,
    at: Instant,
    technician_id: str,
    punch_id: str,
    order_id: str | None,
    on: Instant,
    off: Instant,
    by: str | None,
) -> None:
    """A correction is one of the technician's `Marks`."""


@attendance_hearing.on(workshop.TechnicianShiftPlanned)
def _planned(attendance: Attendance, at: Instant, technician_id: str, from_: Instant, until: Instant) -> None:
    """A plan decides nothing about time worked; the event is kept with the technician."""


@attendance_hearing.on(workshop.TechnicianShiftStarted)
def _started(attendance: Attendance, at: Instant, technician_id: str) -> None:
    attendance.shifts.append((at, True))


@attendance_hearing.on(workshop.TechnicianShiftEnded)
def _ended(attendance: Attendance, at: Instant, technician_id: str) -> None:
    attendance.shifts.append((at, False))


@attendance_hearing.on(workshop.TechnicianBreakStarted)
def _break_started(attendance: Attendance, at: Instant, technician_id: str) -> None:
    attendance.breaks.append((at, True))


@attendance_hearing.on(workshop.TechnicianBreakEnded)
def _break_ended(attendance: Attendance, at: Instant, technician_id: str) -> None:
    attendance.breaks.append((at, False))


EventOrder = tuple[Instant, str, str]
"""(time, source, id): the order in which a technician's events are read."""

Correction = tuple[EventOrder, Instant, Instant]
"""(made, on, off)."""


@dataclass(slots=True)
class Marks:
    """What concerns a technician's punches from outside their own cards, by the name of the punch."""

    went: list[Instant] = field(default_factory=list)
    """When the technician went home, in order."""
    offs: dict[str, list[EventOrder]] = field(default_factory=dict)
    """The clock-offs that name a punch."""
    corrections: dict[str, list[Correction]] = field(default_factory=dict)
    """The corrections that name a punch."""

    def changed_names(self, other: "Marks") -> set[str]:
        """Return the punches of which two sets of marks say different things."""
        return _different(self.offs, other.offs) | _different(self.corrections, other.corrections)


def _different(a: Mapping[str, object], b: Mapping[str, object]) -> set[str]:
    return {name for name in a.keys() | b.keys() if a.get(name) != b.get(name)}


def marks_of(facts: Iterable[Fact]) -> Marks:
    """Return the marks in a technician's events."""
    marks = Marks()
    for fact in facts:
        at, source, event_id, name, values = fact
        if name == workshop.TechnicianClockedOff.event_type:
            marks.offs.setdefault(values[2], []).append((at, source, event_id))
        elif name == workshop.TechnicianPunchCorrected.event_type:
            _, punch_id, _, on, off, _ = values
            marks.corrections.setdefault(punch_id, []).append(((at, source, event_id), on, off))
        elif name == workshop.TechnicianShiftEnded.event_type:
            marks.went.append(at)
    return marks


@dataclass(slots=True)
class Punch:
    """One stretch of work; `off` is None while nobody ended it. `name` is its id, else that of its clock-on event."""

    name: str
    event_id: str
    on: Instant
    off: Instant | None
    productive: bool


def punches(facts: Iterable[Fact], marks: Marks) -> list[Punch]:
    """Return the punches on one card: a numbered one, or those without a number of a technician and order."""
    found: list[Punch] = []
    for at, source, event_id, name, values in facts:
        is_on = name == workshop.TechnicianClockedOn.event_type
        is_open = bool(found) and _is_open(found[-1], (at, source, event_id), is_on, marks)
        if not is_on:
            if is_open:
                found[-1].off = at
        elif not found or not (is_open or values[4] is not None):
            found.append(Punch(values[4] or event_id, event_id, at, None, values[3] == PRODUCTIVE))
    return [_marked(punch, marks) for punch in found]


def _is_open(punch: Punch, then: EventOrder, is_on: bool, marks: Marks) -> bool:
    """Return whether a punch without a number still waits for its end when an event comes.

    A clock-on 12 h later finds it forgotten and over; a clock-off ends even that one, for it may only be late.
    """
    ended = (*marks.offs.get(punch.name, ()), *(made for made, _, _ in _corrections(punch, marks)))
    if punch.off is not None or any(end < then for end in ended) or then[0] > punch.on + CORRECTABLE:
        return False
    return not is_on or then[0] < punch.on + LONGEST


def _forgotten(punch: Punch, went: list[Instant]) -> Instant:
    """Return when a punch is over that nobody ended: when its technician went home, or 12 h after it began."""
    gone = bisect_right(went, punch.on)
    return min([*went[gone : gone + 1], punch.on + LONGEST])


def _corrections(punch: Punch, marks: Marks) -> list[Correction]:
    naming = [made for name in {punch.name, punch.event_id} for made in marks.corrections.get(name, ())]
    return [correction for correction in naming if correction[0][0] <= punch.on + CORRECTABLE]


def _marked(punch: Punch, marks: Marks) -> Punch:
    """Return a punch with the ends that the events naming it give it."""
    if corrections := _corrections(punch, marks):
        _, on, off = max(corrections)
        return replace(punch, on=on, off=off)
    named = [at for at, _, _ in marks.offs.get(punch.name, ()) if at <= punch.on + CORRECTABLE]
    return replace(punch, off=named[-1]) if named else punch


def clocked(punch: Punch, went: list[Instant], clock: Clock) -> Span | None:
    """Return the productive time of a punch so far, or None. `went` is when its technician went home, in order."""
    if not punch.productive or not clock.passed(punch.on):
        return None
    end = _until(_forgotten(punch, went) if punch.off is None else punch.off, clock)
    return (punch.on, end) if punch.on < end else None


def _until(end: Instant, clock: Clock) -> Instant:
    """Return an end that has come, else now."""
    return end if clock.passed(end) else clock.runs()
