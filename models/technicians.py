"""The technicians' time: the union of their punches, and their attendance, spread over the windows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.cases import CaseId
from models.clock import Clock
from models.entities.coverage import Coverage
from models.entities.facts import Fact
from models.entities.technician import Marks, Span, attendance_hearing, clocked, marks_of, punches
from models.kpis import CATALOGUE
from models.windows import Windows

__all__ = ["Technician", "Technicians"]


def _slots(side_of: str) -> list[int]:
    """Return the window slots that clocked or available seconds are summed in."""
    sides = ((i, getattr(kpi, side_of)) for i, kpi in enumerate(CATALOGUE.values()))
    return [2 * i + (side == "denominator") for i, side in sides if side is not None]


_CLOCKED = _slots("clocked")
_AVAILABLE = _slots("available")


@dataclass(slots=True)
class Technician:
    """One technician: what of the time is covered by punches, what names their punches, and which cards have an open
    punch."""

    coverage: Coverage = field(default_factory=Coverage)
    marks: Marks = field(default_factory=Marks)
    open_cards: set[CaseId] = field(default_factory=set)


class Technicians:
    """All technicians of a store whose time has been looked at since the state was restored."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._known: dict[str, Technician] = {}

    def __contains__(self, technician: str) -> bool:
        return technician in self._known

    def get(self, technician: str) -> Technician:
        """Return a technician, new ones with no time at all."""
        return self._known.setdefault(technician, Technician())

    def look_at_card(self, technician: Technician, card: CaseId, facts: Iterable[Fact], clock: Clock) -> list[Span]:
        """Return the productive time in the events of one card."""
        found = punches(facts, technician.marks)
        technician.open_cards.discard(card)
        if any(punch.off is None for punch in found):
            technician.open_cards.add(card)
        spans = (clocked(punch, technician.marks.went, clock) for punch in found)
        return [span for span in spans if span is not None]

    def look_at_attendance(self, technician: Technician, facts: Iterable[Fact], clock: Clock) -> list[Span]:
        """Return the available time in a technician's events; remember what they say about punches."""
        seen = list(facts)
        technician.marks = marks_of(seen)
        return attendance_hearing.fold(seen).available(clock)

    def book_clocked(self, technician: Technician, old: Sequence[Span], new: Sequence[Span]) -> None:
        """Replace the time of one card; only what no other card covers reaches the windows."""
        before, after = set(old), set(new)
        for span in _only(old, after):
            self._spread(_CLOCKED, technician.coverage.remove(span), -1)
        for span in _only(new, before):
            self._spread(_CLOCKED, technician.coverage.add(span), 1)

    def book_available(self, old: Sequence[Span], new: Sequence[Span]) -> None:
        """Replace the available time of one technician."""
        before, after = set(old), set(new)
        self._spread(_AVAILABLE, _only(old, after), -1)
        self._spread(_AVAILABLE, _only(new, before), 1)

    def forget(self, technician: Technician, old: Sequence[Span], new: Sequence[Span]) -> None:
        """Let go of time that is no longer held; what is booked of it stays booked."""
        for span in _only(old, set(new)):
            technician.coverage.remove(span)

    def _spread(self, slots: Sequence[int], spans: Iterable[Span], sign: int) -> None:
        for start, end in spans:
            for slot in slots:
                self._windows.spread(slot, start, end, sign)


def _only(spans: Sequence[Span], others: set[Span]) -> list[Span]:
    return [span for span in spans if span not in others]
