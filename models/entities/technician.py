"""A technician's time: punches on orders, and attendance with its breaks."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.clock import NEVER, Clock
from models.entities.facts import Fact
from models.entities.log import Hearing
from models.entities.order import PRODUCTIVE
from models.events import workshop
from models.instants import DAY, HOUR, Instant

__all__ = ["LONGEST", "Attendance", "Punch", "Span", "attendance_hearing", "clocked", "punches"]

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

    def went(self) -> list[Instant]:
        """Return when the technician went home, in order."""
        return [at for at, begins in self.shifts if not begins]

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


@dataclass(slots=True)
class Punch:
    """One stretch of work; `off` is None while nobody ended it. `name` is its id, else that of its clock-on event."""

    name: str
    on: Instant
    off: Instant | None
    productive: bool


@dataclass(slots=True)
class _Card:
    """The events of one card as they are read."""

    found: list[Punch] = field(default_factory=list)
    offs: dict[str, Instant] = field(default_factory=dict)
    corrections: dict[str, tuple[Instant, Instant, Instant]] = field(default_factory=dict)

    def settled(self) -> list[Punch]:
        """Return the punches with the ends and corrections that name them."""
        for punch in self.found:
            punch.off = self.offs.get(punch.name, punch.off)
            corrected_at, on, off = self.corrections.get(punch.name, (NEVER, 0, 0))
            if corrected_at <= punch.on + CORRECTABLE:
                punch.on, punch.off = on, off
        return self.found


def punches(facts: Iterable[Fact]) -> list[Punch]:
    """Return the punches on one card: a numbered one, or those without a number of a technician and order."""
    card = _Card()
    for fact in facts:
        _READ[fact[3]](card, fact)
    return card.settled()


def _read_on(card: _Card, fact: Fact) -> None:
    at, _, event_id, _, (_, _, _, activity, punch_id) = fact
    if not card.found or (punch_id is None and card.found[-1].off is not None):
        card.found.append(Punch(punch_id or event_id, at, None, activity == PRODUCTIVE))


def _read_off(card: _Card, fact: Fact) -> None:
    _, _, punch_id = fact[4]
    if punch_id is not None:
        card.offs[punch_id] = fact[0]
    elif card.found and card.found[-1].off is None:
        card.found[-1].off = fact[0]


def _read_correction(card: _Card, fact: Fact) -> None:
    _, punch_id, _, on, off, _ = fact[4]
    card.corrections[punch_id] = (fact[0], on, off)


_READ = {
    workshop.TechnicianClockedOn.event_type: _read_on,
    workshop.TechnicianClockedOff.event_type: _read_off,
    workshop.TechnicianPunchCorrected.event_type: _read_correction,
}


def clocked(punch: Punch, went: list[Instant], clock: Clock) -> Span | None:
    """Return the productive time of a punch so far, or None. `went` is when its technician went home, in order."""
    if not punch.productive or not clock.passed(punch.on):
        return None
    end = punch.off
    if end is None:
        gone = bisect_right(went, punch.on)
        end = min([*went[gone : gone + 1], punch.on + LONGEST])
    end = _until(end, clock)
    return (punch.on, end) if punch.on < end else None


def _until(end: Instant, clock: Clock) -> Instant:
    """Return an end that has come, else now."""
    return end if clock.passed(end) else clock.runs()
