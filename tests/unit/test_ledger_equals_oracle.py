"""The ledger, fed as the world feeds it, against the recomputation from the whole table."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.events import Envelope
from models.instants import instant
from models.kpis import CATALOGUE
from tests.oracle.feeding import delayed, differences, feed, look_along, new_ledger
from tests.oracle.recompute import WINDOWS
from tests.oracle.strategies import World, random_history, random_world, worlds

# Shrinking a whole store takes minutes and the difference names its KPI already, so a failure shows itself at once.
_STORES = settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def shuffled(world: World, random: Random) -> list[Envelope]:
    """The world's events in any order, some of them twice or three times."""
    again = random.choices(world.events, k=len(world.events) // 3) if world.events else []
    arrivals = world.events + again
    random.shuffle(arrivals)
    return arrivals


def without_the_let_go(lines: list[str]) -> list[str]:
    """Over more than a year the gauge differs by intent: the ledger lets go of an order left open that long."""
    return [line for line in lines if not line.startswith("vehicles_in_workshop")]


def test_the_recomputation_knows_every_kpi_and_window_of_the_catalogue_and_no_other():
    windows = {kpi.id: set(kpi.windows) for kpi in CATALOGUE.values() if kpi.id != "vehicles_in_workshop"}
    assert {kpi: set(names) for kpi, names in WINDOWS.items()} == windows


def test_an_empty_ledger_reads_zero_everywhere():
    world = random_world(Random(1), timedelta(0), orders=0)
    ledger = new_ledger(world)
    ledger.settle(instant(world.nows[-1]))
    assert differences(ledger, world, [], world.nows[-1]) == []


def test_looking_at_an_earlier_moment_shows_the_last_one():
    world = random_world(Random(2), timedelta(days=6), orders=3)
    ledger = new_ledger(world)
    for event in world.events:
        ledger.absorb(event)
    for now in reversed(world.nows):
        ledger.settle(instant(now))
    assert differences(ledger, world, world.events, world.nows[-1]) == []


@_STORES
@given(worlds(), st.randoms(use_true_random=False))
def test_any_order_with_any_duplicates_gives_the_recomputed_values(world, random):
    assert feed(world, shuffled(world, random), random) == []


@_STORES
@given(worlds(), st.randoms(use_true_random=False))
def test_restarts_at_any_moment_change_nothing(world, random):
    assert feed(world, shuffled(world, random), random, restarts=0.5) == []


@pytest.mark.parametrize("seed", range(30))
def test_a_busy_month_gives_the_recomputed_values(seed):
    random = Random(seed)
    world = random_world(random, timedelta(days=38), orders=12, looks=8)
    assert feed(world, shuffled(world, random), random, restarts=0.1) == []


@pytest.mark.parametrize("seed", range(30))
def test_looking_while_events_come_in_late_gives_the_recomputed_values_each_time(seed):
    random = Random(seed)
    world = random_world(random, timedelta(days=10), orders=4)
    arrivals = delayed(world.events, random, timedelta(days=2))
    assert look_along(world, arrivals, random, restarts=0.2) == []


@pytest.mark.parametrize("seed", range(12))
def test_fourteen_months_with_events_days_late_give_the_recomputed_values(seed):
    random = Random(seed)
    world = random_history(random, months=14, orders=3)
    arrivals = delayed(world.events, random, timedelta(days=5))
    assert without_the_let_go(feed(world, arrivals, random, restarts=0.5)) == []


@pytest.mark.parametrize("seed", range(12))
def test_events_sent_again_months_later_change_nothing(seed):
    random = Random(seed)
    world = random_history(random, months=14, orders=3)
    arrivals = list(world.events)
    for event in random.sample(world.events, k=len(world.events) // 5):
        arrivals.insert(random.randint(arrivals.index(event), len(arrivals)), event)
    lines = without_the_let_go(feed(world, arrivals, random))
    assert [line for line in lines if not line.startswith("refused: late")] == []
