"""What the simulator knows against what the engine counts: two answers that know nothing of each other."""

from collections.abc import Iterable
from datetime import datetime

import pytest

from models.events import parse_event
from models.instants import DAY, HOUR, MINUTE, Instant, instant
from models.kpis import CATALOGUE
from models.ledger import StoreLedger
from models.zones import LocalTime, year_before
from simulator.faults import Misbehaviour, Report, misbehave
from simulator.group import simulate_store
from simulator.plan import GroupPlan
from simulator.truth import TruthTable, truth_sums

GROUPS = [
    GroupPlan(seed=1, stores=1, days=36),
    GroupPlan(seed=2, stores=1, days=20, zones=("America/New_York",)),  # its clocks change on 8 March
    GroupPlan(seed=3, stores=1, days=12, zones=("Australia/Lord_Howe",), orders_per_day=40),
]

ROUGH = Misbehaviour(seed=4, duplicate_share=0.1, shuffle_window_seconds=900, late_share=0.05, malformed_share=0.01)

REVISING = (
    "appointment.cancelled",
    "appointment.rescheduled",
    "event.retracted",
    "order.cancelled",
    "order.reopened",
    "rework.confirmed",
    "technician.punch_corrected",
)
"""What takes back something that counted already: the moments before and after the last of each are looked at."""

QUARTER: Instant = 15 * MINUTE


def _just_after(moments: Iterable[Instant]) -> list[Instant]:
    return [at + late for at in moments for late in (0, 1)]


def window_start(local: LocalTime, window: str, now: Instant) -> Instant:
    """Where a window begins, by the rules for windows."""
    day = local.locate(now)[1]
    return {
        "1h": (now - HOUR) // MINUTE * MINUTE,
        "today": local.start_of(day),
        "7d": local.locate(now - 7 * DAY)[0] * QUARTER,
        "30d": local.locate(now - 30 * DAY)[0] * QUARTER,
        "mtd": local.start_of(local.first_of_month(day)),
        "12m": local.start_of(year_before(day)),
        "now": 0,
    }[window]


class World:
    """One store's events in the order of sending, its truth, and its calendar."""

    def __init__(self, plan: GroupPlan) -> None:
        records: list = []
        self.events = list(simulate_store(plan, 0, records.append))
        self.store = plan.store(0)
        self.local = self.store.calendar.local
        self.table = TruthTable(records, plan.zones[0])
        self.records = records
        self.end = self.local.start_of(plan.start.toordinal() + plan.days)
        hours = (0, 5.3, 8.1, 10.4, 13.7, 35.2, 60, 100, 200)
        revised = {event.kind: event.time for event in self.events if event.kind in REVISING}
        self.nows = sorted([*(self.end - int(back * HOUR) - 123_456 for back in hours), *_just_after(revised.values())])

    def differences(self, ledger: StoreLedger, now: Instant) -> list:
        """What the ledger reads and is not true, for every KPI and window."""
        ledger.settle(now)
        read = {(r.kpi, r.window): (r.numerator, r.denominator) for r in ledger.readings() if r.window != "now"}
        true = {(kpi, window): self.table.sums(kpi, window_start(self.local, window, now), now) for kpi, window in read}
        return [(key, read[key], true[key]) for key in read if read[key] != true[key]]


@pytest.fixture(scope="module", params=GROUPS, ids=lambda plan: plan.zones[0])
def world(request):
    return World(request.param)


def test_the_ledger_says_what_is_true_at_every_moment(world):
    ledger = StoreLedger(world.store)
    waiting = iter(world.events)
    event = next(waiting)
    for now in world.nows:
        while event is not None and event.time < now:
            assert ledger.absorb(parse_event(event.value)) is None
            event = next(waiting, None)
        assert world.differences(ledger, now) == []


def test_duplicates_disorder_lateness_and_garbage_change_nothing_of_it(world):
    ledger, report = StoreLedger(world.store), Report()
    sent = list(misbehave(world.events, ROUGH, report))
    dead = {entry.index for entry in report.dead}
    for index, record in enumerate(sent):
        if index not in dead:
            ledger.absorb(parse_event(record.value))
    assert world.differences(ledger, world.end) == []


def test_the_board_holds_as_many_vehicles_as_there_are(world):
    ledger = StoreLedger(world.store)
    for event in world.events:
        ledger.absorb(parse_event(event.value))
    ledger.settle(world.end)
    outside = {"appointment", "no_show"}
    inside = sum(count for state, count in ledger.states().items() if state not in outside)
    assert (inside, 0) == world.table.sums("vehicles_in_workshop", 0, world.end)


def test_something_is_known_about_every_kpi(world):
    assert set(CATALOGUE) <= world.table.kpis


def test_a_deadline_counts_from_the_moment_it_passes(world):
    case = next(r for r in world.records if r.get("kpi") == "punctuality_rate" and r["numerator"] == 0)
    alone = [case]
    assert truth_sums(alone, "punctuality_rate", 0, case["at"]) == (0, 0)
    assert truth_sums(alone, "punctuality_rate", 0, case["at"] + 1) == (0, case["denominator"])


def test_overlapping_punches_of_a_technician_count_once():
    def punch(key, start, end):
        span = {"start": instant(datetime.fromisoformat(f"2026-03-02T{start}Z")), "key": key, "since": 0}
        end_at = instant(datetime.fromisoformat(f"2026-03-02T{end}Z"))
        return {"store": "S", "span": "clocked", "technician": "T", **span, "end": end_at}

    spans = [punch("1", "08:00", "09:00"), punch("2", "08:30", "10:00")]
    now = instant(datetime.fromisoformat("2026-03-02T09:30Z"))
    assert truth_sums(spans, "efficiency_rate", 0, now) == (0, 90 * 60)


def test_a_correction_replaces_a_span_only_from_the_moment_it_is_made():
    span = {"store": "S", "span": "available", "technician": "T", "key": "1", "start": 0}
    spans = [{**span, "end": 4 * HOUR, "since": 0}, {**span, "end": HOUR, "since": 9 * HOUR}]
    before, after = (truth_sums(spans, "performance_index", 0, now) for now in (9 * HOUR, 9 * HOUR + 1))
    assert (before, after) == ((0, 4 * 3600), (0, 3600))


def test_the_kpis_are_neither_perfect_nor_hopeless(world):
    """Lateness comes from waiting for people and bays: some promises are kept and some are not."""
    shares = {}
    for kpi in (
        "on_time_completion_rate",
        "on_time_delivery_rate",
        "pre_pick_rate",
        "utilisation_rate",
        "booking_rate",
    ):
        above, below = world.table.sums(kpi, 0, world.end)
        shares[kpi] = above / below
    assert {kpi: share for kpi, share in shares.items() if not 0.3 < share < 0.99} == {}
