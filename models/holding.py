"""How long what is known is held, and what is let go of when it is over."""

from collections.abc import Callable

from models.cases import Case
from models.clock import NEVER
from models.entities.facts import Fact, event_name
from models.entities.technician import LONGEST, Marks, punches
from models.events import store, workshop
from models.instants import DAY, Instant
from models.kinds import ATTENDANCE, HOLD, KINDS, LOOSE, OPEN_HOLD

__all__ = ["is_over", "trim"]

REPORTS_KEPT: Instant = 430 * DAY
"""Reports feed windows of up to a year; the latest one before holds on."""


def is_over(kind: str, last: Instant, done: Instant, at: Instant) -> bool:
    """Return whether a case with these times (latest event, latest closing event) is no longer held at a moment."""
    if KINDS[kind].held != "case":
        return False
    return (max(done, last) + HOLD if done > -NEVER else last + OPEN_HOLD) < at


def trim(case: Case, at: Instant, marks: Marks) -> bool:
    """Let go of the events of a rolling or standing case that are not held any more at a moment; return whether there
    were any."""
    starts_at = _cut(case.kind, sorted(case.log.values()), at, marks)
    gone = [event_name(fact) for fact in case.log.values() if not starts_at(fact)]
    for name in gone:
        del case.log[name]
    return bool(gone)


def _cut(kind: str, facts: list[Fact], at: Instant, marks: Marks) -> Callable[[Fact], bool]:
    """Return what tells the events that are kept."""
    if kind == ATTENDANCE:
        return _attendance_cut(facts, at)
    return _loose_cut(facts, at, marks) if kind == LOOSE else _reports_cut(facts, at)


def _attendance_cut(facts: list[Fact], at: Instant) -> Callable[[Fact], bool]:
    """Keep from the last shift on that began before what is held: attendances do not reach over the next one's
    start."""
    started = workshop.TechnicianShiftStarted.event_type
    cut = max((fact[0] for fact in facts if fact[3] == started and fact[0] <= at - HOLD - DAY), default=-NEVER)
    shifts = (started, workshop.TechnicianShiftEnded.event_type)
    breaks = (workshop.TechnicianBreakStarted.event_type, workshop.TechnicianBreakEnded.event_type)
    return lambda fact: fact[0] >= (cut if fact[3] in (*shifts, *breaks) else at - 2 * HOLD)


def _loose_cut(facts: list[Fact], at: Instant, marks: Marks) -> Callable[[Fact], bool]:
    """Keep what is held, and the punches that reach into it."""
    reaching = (punch for punch in punches(facts, marks) if (punch.off or punch.on + LONGEST) >= at - HOLD)
    began = {punch.event_id for punch in reaching}
    cut = min((fact[0] for fact in facts if fact[2] in began), default=at - HOLD)
    return lambda fact: fact[0] >= min(cut, at - HOLD)


def _reports_cut(facts: list[Fact], at: Instant) -> Callable[[Fact], bool]:
    """Keep a year and what was in force when it began."""
    kept: set[Fact] = set()
    for name in (store.StoreStaffed.event_type, store.StoreInventoryValued.event_type):
        old = [fact for fact in facts if fact[3] == name and fact[0] < at - REPORTS_KEPT]
        kept.update(old[-1:])
    return lambda fact: fact[0] >= at - REPORTS_KEPT or fact in kept
