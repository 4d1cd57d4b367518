"""The technicians' time: the union of their punches, and their attendance, spread over the windows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.casebook import Casebook
from models.cases import Case, CaseId
from models.clock import Clock
from models.entities.coverage import Coverage
from models.entities.facts import Fact
from models.entities.technician import Marks, Span, attendance_hearing, clocked, marks_of, punches
from models.kinds import ATTENDANCE, CARD, LOOSE, numbered_card, technician_of
from models.kpis import CATALOGUE
from models.windows import Windows

__all__ = ["KINDS_OF_TIME", "Technicians"]

KINDS_OF_TIME = frozenset((ATTENDANCE, CARD, LOOSE))
"""The cases that hold time and no KPI's cases of their own."""


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

    def __init__(self, windows: Windows, cases: Casebook) -> None:
        self._windows = windows
        self._cases = cases
        self._known: dict[str, Technician] = {}

    def meet(self, case_id: CaseId) -> None:
        """Know all booked time of the technician a case is about; to be called before any of it changes."""
        kind, key = case_id
        if kind not in KINDS_OF_TIME or technician_of(key) in self._known:
            return
        technician = self._of(key)
        self._cases.get((ATTENDANCE, technician_of(key)))
        for card in self._cases.cards_of(technician_of(key)):
            if (case := self._cases.get(card)) is not None:
                for span in case.booked.spans:
                    technician.coverage.add(span)

    def look(self, case: Case, facts: Iterable[Fact], clock: Clock) -> list[Span]:
        """Return the time in the events of a case: available for an attendance, productive for a card."""
        technician = self._of(case.key)
        if case.kind == ATTENDANCE:
            seen = list(facts)
            technician.marks = marks_of(seen)
            return attendance_hearing.fold(seen).available(clock)
        found = punches(facts, technician.marks)
        technician.open_cards.discard(case.id)
        if any(punch.off is None for punch in found):
            technician.open_cards.add(case.id)
        spans = (clocked(punch, technician.marks.went, clock) for punch in found)
        return [span for span in spans if span is not None]

    def book(self, case: Case, new: Sequence[Span]) -> None:
        """Replace the booked time of a case; of a card only what no other card covers reaches the windows."""
        old = case.booked.spans
        gone, come = _only(old, set(new)), _only(new, set(old))
        if case.kind == ATTENDANCE:
            self._spread(_AVAILABLE, gone, -1)
            self._spread(_AVAILABLE, come, 1)
            return
        coverage = self._of(case.key).coverage
        for span in gone:
            self._spread(_CLOCKED, coverage.remove(span), -1)
        for span in come:
            self._spread(_CLOCKED, coverage.add(span), 1)

    def let_go(self, case: Case, kept: Sequence[Span]) -> None:
        """Forget the time of a case that is not kept; what is booked of it stays booked."""
        technician = self._of(case.key)
        if not kept:
            technician.open_cards.discard(case.id)
        if case.kind != ATTENDANCE:
            for span in _only(case.booked.spans, set(kept)):
                technician.coverage.remove(span)

    def marks(self, key: str) -> Marks:
        """Return what names the punches of the technician a case is about."""
        return self._of(key).marks

    def concerned(self, attendance: Case, marks: Marks) -> list[Case]:
        """Return the cards to look at again when a technician's marks become these: open ones, and those they name."""
        technician = self._of(attendance.key)
        named = technician.marks.changed_names(marks)
        cards = [card for punch in named for card in self._cards_of_punch(attendance.key, punch, marks)]
        found = (self._cases.get(card) for card in [*technician.open_cards, *cards])
        return [case for case in found if case is not None]

    def _cards_of_punch(self, key: str, punch: str, marks: Marks) -> list[CaseId]:
        """Return the cards of a punch: the one of its number, and those that hold an event of that id."""
        numbered = numbered_card(technician_of(key), punch)
        known = marks.corrections.keys() | self.marks(key).corrections.keys()
        if punch not in known and self._cases.get(numbered) is not None:
            return [numbered]  # only a correction may name a numbered punch by its event: no need to open every card
        cards = [(card, self._cases.get(card)) for card in self._cases.cards_of(technician_of(key))]
        holding = [card for card, case in cards if case and any(name[1] == punch for name in case.log)]
        return [numbered, *holding]

    def _of(self, key: str) -> Technician:
        return self._known.setdefault(technician_of(key), Technician())

    def _spread(self, slots: Sequence[int], spans: Iterable[Span], sign: int) -> None:
        for start, end in spans:
            for slot in slots:
                self._windows.spread(slot, start, end, sign)


def _only(spans: Sequence[Span], others: set[Span]) -> list[Span]:
    return [span for span in spans if span not in others]
