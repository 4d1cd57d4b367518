"""The simulated group: the same bytes every time, events the product takes, days shaped like a workshop's."""

import hashlib
import os
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date
from itertools import islice

import pytest

from models.events import EVENT_TYPES, PREFIX, parse_event, unknown_fields
from models.instants import DAY, moment
from models.stores import Stores
from simulator.group import simulate, simulate_store
from simulator.plan import LEAD_DAYS, GroupPlan, stores_toml

PLAN = GroupPlan(seed=11, stores=2, days=21, zones=("Asia/Shanghai", "America/New_York"))


@pytest.fixture(scope="module")
def events():
    return list(simulate(PLAN))


@pytest.fixture(scope="module")
def local_hours(events):
    """Hours of the local day by type of event, of the store in Shanghai."""
    hours = {}
    zone = PLAN.store(0).calendar.local.zone
    for event in events:
        if event.store == "S0001":
            hours.setdefault(event.kind, Counter())[moment(event.time).astimezone(zone).hour] += 1
    return hours


def digest(plan):
    return hashlib.sha256(b"\n".join(event.value for event in simulate(plan))).hexdigest()


def test_the_same_plan_gives_the_same_bytes_whatever_the_hash_seed():
    code = (
        "import hashlib; from simulator.group import simulate; from simulator.plan import GroupPlan;"
        "print(hashlib.sha256(b'\\n'.join(e.value for e in simulate(GroupPlan(stores=1, days=3)))).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    assert {run.strip() for run in runs} == {digest(GroupPlan(stores=1, days=3))}


def test_another_seed_gives_another_group():
    assert digest(GroupPlan(seed=1, stores=1, days=2)) != digest(GroupPlan(seed=2, stores=1, days=2))


def test_a_store_does_the_same_however_many_others_there_are(events):
    alone = [event.value for event in simulate_store(PLAN, 1)]
    assert alone == [event.value for event in events if event.store == "S0002"]


def test_every_event_is_one_the_product_takes_without_unknown_fields(events):
    assert sum(unknown_fields(parse_event(event.value)) for event in events) == 0


def test_every_type_of_event_occurs_in_some_months():
    kinds = {PREFIX + event.kind for event in simulate_store(GroupPlan(seed=5, stores=1, days=100), 0)}
    assert kinds == set(EVENT_TYPES)


def test_events_come_in_the_order_of_time_and_no_name_comes_twice(events):
    assert [event.sent for event in events] == sorted(event.time for event in events)
    assert len({(event.source, event.id) for event in events}) == len(events)


def test_the_first_event_is_a_booking_for_the_first_days(events):
    start = PLAN.store(0).calendar.local.start_of(PLAN.start.toordinal())
    assert events[0].kind == "appointment.booked"
    assert start - (LEAD_DAYS + 1) * DAY < events[0].time < start


def test_an_order_has_about_twenty_events(events):
    orders = sum(event.kind == "vehicle.checked_in" for event in events)
    assert 15 < len(events) / orders < 27


def test_vehicles_come_in_the_morning_and_leave_in_the_afternoon(local_hours):
    arrivals, departures = local_hours["vehicle.checked_in"], local_hours["vehicle.delivered"]
    assert sum(arrivals[hour] for hour in range(8, 12)) > 0.55 * arrivals.total()
    assert sum(departures[hour] for hour in range(13, 20)) > 0.55 * departures.total()


def test_there_is_a_dip_at_noon(local_hours):
    started = local_hours["technician.clocked_on"]
    assert local_hours["vehicle.checked_in"][12] < local_hours["vehicle.checked_in"][9] / 2
    assert started[12] < started[10]


def test_a_store_that_is_closed_receives_nobody():
    plan = GroupPlan(seed=11, stores=8, days=8, start=date(2026, 3, 2))
    closed = [
        index for index in range(plan.stores) if not plan.store(index).calendar.is_open(date(2026, 3, 8).toordinal())
    ]
    local = plan.store(closed[0]).calendar.local
    days = {
        local.locate(event.time)[1] for event in simulate_store(plan, closed[0]) if event.kind == "vehicle.checked_in"
    }
    assert date(2026, 3, 8).toordinal() not in days
    assert date(2026, 3, 7).toordinal() in days


def test_a_bay_holds_one_order_until_it_passed(events):
    held: dict[tuple[str, str], str] = {}
    for event in events:
        data = parse_event(event.value).data
        if event.kind == "technician.clocked_on" and data.order_id:
            assert held.setdefault((event.store, data.bay_id), data.order_id) == data.order_id
        elif event.kind == "qc.passed":
            held = {bay: order for bay, order in held.items() if order != data.order_id}


def test_the_list_of_stores_is_one_the_engine_reads():
    stores = Stores.from_dict(tomllib.loads(stores_toml(PLAN)))
    assert [stores.get(f"S000{number}") for number in (1, 2)] == [PLAN.store(0), PLAN.store(1)]


def test_events_stream_without_waiting_for_the_end():
    """A year of a hundred stores would not fit in memory: the first events come before the last days are drawn."""
    assert len(list(islice(simulate(GroupPlan(stores=5, days=3_000)), 2_000))) == 2_000


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"stores": 0}, "stores is 0"),
        ({"zones": ()}, "zones is empty"),
        ({"zones": ("Mars/Olympus",)}, "Mars/Olympus"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_a_sentence(fields, sentence):
    with pytest.raises(ValueError, match=sentence):
        GroupPlan(**fields)
