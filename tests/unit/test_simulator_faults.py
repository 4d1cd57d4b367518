"""Misbehaviour: it does what was asked, tells exactly what it did, and spares the events themselves."""

from collections import Counter

import pytest

from models.events import EventError, parse_event
from models.instants import SECOND
from simulator.faults import Misbehaviour, Report, misbehave
from simulator.group import simulate
from simulator.plan import GroupPlan

EVERYTHING = Misbehaviour(
    seed=3,
    duplicate_share=0.05,
    shuffle_window_seconds=120,
    late_share=0.02,
    late_by_seconds=7200,
    future_share=0.01,
    malformed_share=0.02,
)


@pytest.fixture(scope="module")
def events():
    return list(simulate(GroupPlan(seed=2, stores=2, days=5)))


@pytest.fixture(scope="module")
def sent_and_report(events):
    report = Report()
    return list(misbehave(events, EVERYTHING, report)), report


def test_without_a_wish_nothing_changes(events):
    report = Report()
    assert list(misbehave(events, Misbehaviour(), report)) == events
    assert report.counts == {"sent": len(events)}


def test_the_same_seed_misbehaves_in_the_same_way(events, sent_and_report):
    assert list(misbehave(events, EVERYTHING, Report())) == sent_and_report[0]


def test_records_are_sent_in_the_order_of_sending(sent_and_report):
    moments = [record.sent for record in sent_and_report[0]]
    assert moments == sorted(moments)


def test_the_counts_are_those_of_the_records(events, sent_and_report):
    sent, report = sent_and_report
    names = Counter((record.source, record.id) for record in sent)
    assert report.counts["sent"] == len(sent)
    assert report.counts["duplicates"] == sum(count - 1 for count in names.values()) > 0
    assert len(sent) == len(events) + sum(report.counts[what] for what in ("duplicates", "future", "malformed"))


def test_late_records_are_as_late_as_asked(events, sent_and_report):
    sent, report = sent_and_report
    first_sent = {}
    for record in sent:
        first_sent.setdefault((record.source, record.id), record.sent)
    originals = {(event.source, event.id) for event in events}
    late = [
        record
        for record in sent
        if (record.source, record.id) in originals and record.sent - record.time == 7200 * SECOND
    ]
    assert len(late) == report.counts["late"] > 0


def test_the_expected_dead_letters_are_all_that_should_die(sent_and_report):
    sent, report = sent_and_report
    dead = {entry.index: entry.reason for entry in report.dead}
    found = {index: reason for index, record in enumerate(sent) if (reason := refused(record)) is not None}
    assert {index: reason == "future" for index, reason in dead.items()} == found
    assert len(report.dead) == report.counts["future"] + report.counts["malformed"] > 0


def refused(record):
    """Return None for a good record, else whether it is one from the future."""
    try:
        event = parse_event(record.value)
    except EventError:
        return False
    return True if event.time.timestamp() * SECOND > record.sent + 300 * SECOND else None


def test_a_skewed_clock_moves_the_times_of_its_own_system_only(events):
    report = Report()
    skewed = misbehave(events, Misbehaviour(clock_skew=(("floor", -90),)), report)
    moved = {event.id + event.source: event.time for event in skewed}
    shifts = {(event.source.endswith("/floor"), moved[event.id + event.source] - event.time) for event in events}
    assert shifts == {(True, -90 * SECOND), (False, 0)}
    assert report.counts["skewed"] == sum(event.source.endswith("/floor") for event in events)


def test_a_skewed_event_still_says_its_time_in_its_own_offset(events):
    event = next(misbehave(events, Misbehaviour(clock_skew=(("crm", 30),)), Report()))
    assert parse_event(event.value).time.timestamp() * SECOND == event.time
    assert b'+08:00","subject"' in event.value
