"""A store's ledger: events go in, exact rolling KPIs come out, and the whole of it can be kept and restored.

The value of every KPI is a function of the set of events absorbed and of `now`. An event only joins its cases' logs;
`settle` looks at the cases that changed or whose deadline passed, and puts the difference between what they
contribute now and what is booked of them into the windows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from msgspec import msgpack

from models.casebook import Casebook
from models.cases import Booked, Case, CaseId, packed_times
from models.clock import NEVER, Clock
from models.entities.facts import EventName, Fact, event_name, fact_of
from models.entities.log import IsVoid, absorb, visible
from models.entities.state import STATES
from models.entities.technician import marks_of
from models.events import Envelope
from models.holding import is_over, trim
from models.instants import DAY, Instant, moment
from models.kinds import (
    ATTENDANCE,
    HOLD,
    KINDS,
    OPEN_HOLD,
    RETIRED,
    RETRACTED,
    routes,
)
from models.kpis import CATALOGUE
from models.kpis.card import Cases
from models.retractions import Retractions
from models.stores import Store
from models.technicians import KINDS_OF_TIME, Technicians
from models.version import counting_version
from models.visits import Visits
from models.windows import EVER, LEVELS, WINDOWS, Windows

__all__ = ["SCHEMA", "Reading", "StoreChangedError", "StoreLedger"]

SCHEMA: str = counting_version()
"""State of another schema was counted by other rules: it must be discarded and its events counted again."""


class Reading(NamedTuple):
    """One KPI in one window: integer sums (counts, seconds, cents) as of the last settling."""

    kpi: str
    window: str
    numerator: int
    denominator: int


class StoreChangedError(ValueError):
    """The state was counted with other settings of the store (zone, hours, …) and cannot be continued with these."""


class StoreLedger:
    """The ledger of one store; a `whole` one, for files that are read once, also sums everything in a window `all`."""

    def __init__(self, store: Store, *, whole: bool = False) -> None:
        self.store = store
        self.watermark: Instant | None = None
        """The latest event time absorbed."""
        local = store.calendar.local
        self._whole = tuple(EVER) if whole else ()
        self._windows = Windows(local, [kpi.levels + self._whole * kpi.adds_up for kpi in CATALOGUE.values()])
        self._visits = Visits(local, self._windows)
        self._retractions = Retractions()
        self._retractions_changed = False
        self._cases = Casebook(lambda case: self._look(case, Clock(self._settled)))
        self._technicians = Technicians(self._windows, self._cases)
        self._dirty: dict[CaseId, Case] = {}
        self._due: list[tuple[Instant, CaseId]] = []
        self._states: Counter[str] = Counter()
        self._settled: Instant = -NEVER
        self._swept = 0
        self._saved_watermark: Instant | None = None

    # ---------------------------------------------------------------- events in

    def absorb(self, event: Envelope) -> str | None:
        """Take an event in; return None, or why it is refused (then nothing changed).

        A duplicate changes nothing. Only an event whose case is no longer held is refused. What it does to the KPIs
        shows after `settle`.
        """
        return self.absorb_fact(fact_of(event))

    def absorb_fact(self, fact: Fact) -> str | None:
        """Take in an event that is a fact already; as `absorb`."""
        refusal = self._retract(fact) if fact[3] == RETRACTED else self._take(fact)
        if refusal is None and (self.watermark is None or fact[0] > self.watermark):
            self.watermark = fact[0]
        return refusal

    def _take(self, fact: Fact) -> str | None:
        ids = routes(fact)
        if self.watermark is not None and fact[0] < self.watermark - HOLD and ids and not self._is_held(ids[0]):
            kind, key = ids[0]
            latest = f"{moment(self.watermark):%F %T} UTC"
            return f"late: its {kind} {key} is no longer held 45 days before the store's latest event at {latest}"
        for case_id in ids:
            case = self._open(case_id)
            if absorb(case.log, fact):
                case.last = max(case.last, fact[0])
                case.done = max(case.done, KINDS[case.kind].closes(fact))
                self._touch(case)
        return None

    def _retract(self, fact: Fact) -> str | None:
        concerned = [case for name in self._retractions.concerned(fact) for case in self._holders(name)]
        if self._retractions.add(fact):
            self._retractions_changed = True
            for case in concerned:
                self._touch(case)
        return None

    def _holders(self, name: EventName) -> list[Case]:
        found = (self._get(case_id) for case_id in self._cases.mentioning(name))
        return [case for case in found if case is not None and name in case.log]

    def _get(self, case_id: CaseId) -> Case | None:
        """Return a case with what is booked of it."""
        self._technicians.meet(case_id)
        return self._cases.get(case_id)

    def _open(self, case_id: CaseId) -> Case:
        """Return the case that goes by a name now, new if need be; one that is over makes room for its successor."""
        case = self._get(case_id)
        if case is not None and self.watermark is not None and is_over(case.kind, case.last, case.done, self.watermark):
            self._retire(case)
            case = None
        return case or self._cases.add(Case(*case_id))

    def _is_held(self, case_id: CaseId) -> bool:
        held = KINDS[case_id[0]].held
        if held != "case":
            return held == "standing"
        case = self._get(case_id)
        return (
            case is not None
            and self.watermark is not None
            and not is_over(case.kind, case.last, case.done, self.watermark)
        )

    def _retire(self, case: Case) -> None:
        was_dirty = self._dirty.pop(case.id, None) is not None
        self._cases.rename(case, f"{case.key}{RETIRED}{case.last}")
        if was_dirty:
            self._dirty[case.id] = case
        if case.next < NEVER:
            heappush(self._due, (case.next, case.id))

    def _touch(self, case: Case) -> None:
        if self._cases.touch(case) or not case.dirty:
            case.dirty = True
            self._dirty[case.id] = case

    # ---------------------------------------------------------------- the KPIs as of a moment

    def settle(self, now: Instant) -> bool:
        """Bring every sum to `now`; return whether any may have changed. A `now` before the last one is taken as the
        last one."""
        now = max(now, self._settled)
        moved = self._windows.advance(now)
        self._wake(now)
        worked = bool(self._dirty)
        for case in [case for case in self._dirty.values() if case.kind == ATTENDANCE]:
            self._wake_cards(case, now)
            self._revise(self._dirty.pop(case.id), now)
        for case in self._dirty.values():
            self._revise(case, now)
        self._dirty.clear()
        self._settled = now
        self._sweep(now)
        return moved or worked

    def _wake(self, now: Instant) -> None:
        """Look again at every case whose deadline has passed."""
        while self._due and self._due[0][0] < now:
            at, case_id = heappop(self._due)
            if self._cases.next_of(case_id) == at and (case := self._get(case_id)) is not None:
                self._touch(case)

    def _wake_cards(self, attendance: Case, now: Instant) -> None:
        """Look again at the punches that a technician's events end or correct, noting first what is booked of them."""
        for card in self._technicians.concerned(attendance, marks_of(self._visible(attendance, Clock(now)))):
            self._touch(card)

    def _revise(self, case: Case, now: Instant) -> None:
        """Replace what a case has booked by what it contributes now."""
        case.dirty = False
        clock = Clock(now)
        booked = self._look(case, clock)
        self._book(case, booked, now)
        case.booked = booked
        case.next = clock.next
        if clock.next < NEVER:
            heappush(self._due, (clock.next, case.id))

    def _look(self, case: Case, clock: Clock) -> Booked:
        facts = self._visible(case, clock)
        if case.kind in KINDS_OF_TIME:
            return Booked(spans=self._technicians.look(case, facts, clock))
        return KINDS[case.kind].look(facts, clock, self.store)

    def _visible(self, case: Case, clock: Clock) -> Iterable[Fact]:
        return visible(case.log, clock, self._is_void(case.kind) if self._retractions else None)

    def _is_void(self, kind: str) -> IsVoid:
        """Return what tells the retracted events; in a rolling case a retraction reaches back no further than the
        case does."""
        reach = HOLD if KINDS[kind].held == "rolling" else NEVER
        return lambda fact, clock: self._retractions.is_void(event_name(fact), clock, fact[0] + reach)

    def _book(self, case: Case, new: Booked, now: Instant) -> None:
        """Put the difference between what is booked of a case and what it contributes now into the windows."""
        old = case.booked
        if old.cases != new.cases:
            before: Sequence[Cases] = old.cases or [()] * len(new.cases)
            for (kpi, _), gone, come in zip(KINDS[case.kind].rules, before, new.cases, strict=True):
                if gone != come:
                    self._count(kpi, gone, -1)
                    self._count(kpi, come, 1)
        if case.kind in KINDS_OF_TIME:
            self._technicians.book(case, new.spans)
        elif old.visit != new.visit:
            self._visits.revise(case.key.partition(RETIRED)[0], old.visit, new.visit, now)
        if old.state != new.state:
            self._states.subtract([old.state] if old.state else [])
            self._states.update([new.state] if new.state else [])

    def _count(self, kpi: int, cases: Cases, sign: int) -> None:
        for at, numerator, denominator in cases:
            self._windows.add(kpi, at, sign * numerator, sign * denominator)

    def readings(self) -> Iterator[Reading]:
        """Yield every KPI in every window it has, as of the last settling."""
        sums = {window: self._windows.sums(window) for window in WINDOWS}
        for i, kpi in enumerate(CATALOGUE.values()):
            for window in kpi.windows:
                if window == "now":
                    yield Reading(kpi.id, window, self._states.total(), 0)
                else:
                    yield Reading(kpi.id, window, sums[window][2 * i], sums[window][2 * i + 1])
        if self._whole:
            yield from self._whole_readings()

    def _whole_readings(self) -> Iterator[Reading]:
        (window,) = EVER["ever"]
        sums = self._windows.sums(window)
        for i, kpi in enumerate(CATALOGUE.values()):
            if kpi.adds_up:
                yield Reading(kpi.id, window, sums[2 * i], sums[2 * i + 1])

    def states(self) -> Mapping[str, int]:
        """Return how many vehicles are in the workshop in each board state."""
        return {state: self._states[state] for state in STATES}

    # ---------------------------------------------------------------- letting go

    def _sweep(self, now: Instant) -> None:
        """Once a day of the store's events, let go of what is over; what it counted stays counted."""
        if self.watermark is None or min(self.watermark, now) // DAY <= self._swept:
            return
        at = min(self.watermark, now)
        self._swept = at // DAY
        for case_id, (_, last, done) in list(self._cases.times()):
            if KINDS[case_id[0]].held != "case":
                self._trim(case_id, at)
            elif is_over(case_id[0], last, done, at):
                self._drop(case_id)
        self._retractions_changed |= self._retractions.forget(at - OPEN_HOLD)

    def _trim(self, case_id: CaseId, at: Instant) -> None:
        case = self._get(case_id)
        if case is not None and trim(case, at, self._technicians.marks(case.key)):
            kept = self._look(case, Clock(self._settled))
            if case.kind in KINDS_OF_TIME:
                self._technicians.let_go(case, kept.spans)
            case.booked = kept
            self._cases.touch(case)

    def _drop(self, case_id: CaseId) -> None:
        case = self._get(case_id)
        if case is None:
            return
        if case.kind in KINDS_OF_TIME:
            self._technicians.let_go(case, ())
        self._states.subtract([case.booked.state] if case.booked.state else [])
        self._cases.drop(case_id)

    # ---------------------------------------------------------------- state

    def changed(self) -> dict[bytes, bytes | None]:
        """Return the records of the state that changed since the last call (None: gone). Call it after `settle`.

        All records ever returned, the latest of each key, are the whole state.
        """
        records = dict(self._cases.changed())
        records.update(self._windows.changed())
        records.update(self._visits.changed())
        if self._retractions_changed:
            records[b"retractions"] = self._retractions.pack()
            self._retractions_changed = False
        if records or self.watermark != self._saved_watermark:
            records[b"head"] = self._head()
            self._saved_watermark = self.watermark
        return records

    def _head(self) -> bytes:
        states = {state: count for state, count in self._states.items() if count}
        return msgpack.encode(
            (self.store.counting_settings(), self._settled, self._swept, self.watermark, states, self._windows.head())
        )

    @classmethod
    def restore(cls, store: Store, records: Mapping[bytes, bytes]) -> "StoreLedger":
        """Return the ledger whose `changed` gave these records, to be settled before it is read.

        Raises `StoreChangedError` when the settings of the store are not those it was counted with.
        """
        ledger = cls(store)
        if b"head" not in records:
            return ledger
        settings, ledger._settled, ledger._swept, ledger.watermark, states, windows = msgpack.decode(records[b"head"])
        if settings != store.counting_settings():
            raise StoreChangedError(f"the state of store {store.id!r} was counted with other settings of the store")
        ledger._saved_watermark = ledger.watermark
        ledger._states.update(states)
        ledger._windows.restore(windows)
        for key, packed in records.items():
            ledger._restore_record(key.decode(), packed)
        return ledger

    def _restore_record(self, key: str, packed: bytes) -> None:
        kind, _, name = key.partition("/")
        if kind in KINDS:
            self._cases.restore(kind, name, packed)
            if (upcoming := packed_times(packed)[0]) < NEVER:
                heappush(self._due, (upcoming, (kind, name)))
        elif kind in LEVELS:
            self._windows.restore_row(kind, name, packed)
        elif kind == "vehicles":
            self._visits.restore(int(name), packed)
        elif kind == "retractions":
            self._retractions.restore(packed)
