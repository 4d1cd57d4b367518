"""Whatever happens to the workers, they show exactly what a ledger folded over the same events shows."""

import signal

import pytest

from tests.integration.workers import (
    Deployment,
    eventually,
    expected_lines,
    kpi_lines,
    message_of,
    produce,
    random_events,
    workers,
)

STORES, ORDERS = 16, 20


@pytest.fixture(scope="module")
def events():
    return random_events(STORES, ORDERS)


@pytest.fixture(scope="module")
def truth(events):
    return expected_lines(events)


@pytest.fixture
def deployment(kafka, request):
    return Deployment(kafka, request.node.name.replace("[", ".").replace("]", "")).create()


@pytest.fixture
def start(deployment, tmp_path):
    with workers(deployment, tmp_path) as start:
        yield start


def feed(deployment, events):
    produce(deployment.bootstrap, deployment.events, map(message_of, events), compression="lz4")


def shows(truth, *running):
    """Whether the workers together show the truth, and all of it."""
    return kpi_lines([worker.metrics() for worker in running]) == truth


def halves(events):
    return events[: len(events) // 2], events[len(events) // 2 :]


def share_partitions(*running):
    eventually(lambda: all(w.value("workshop_worker_partition_owned") == 3 for w in running))


def test_one_worker_shows_what_a_ledger_shows(deployment, start, events, truth):
    feed(deployment, events)
    worker = start()
    eventually(lambda: shows(truth, worker))


def test_two_workers_share_the_stores(deployment, start, events, truth):
    first, second = start(), start()
    share_partitions(first, second)
    feed(deployment, events)
    eventually(lambda: shows(truth, first, second))


@pytest.mark.parametrize("comes_back", [True, False], ids=["restarted", "taken-over"])
def test_a_killed_worker_loses_nothing(deployment, start, events, truth, comes_back):
    before, after = halves(events)
    survivor, victim = start(), start()
    share_partitions(survivor, victim)
    feed(deployment, before)
    eventually(
        lambda: victim.value("workshop_worker_events_total") and victim.value("workshop_worker_checkpoints_total")
    )
    victim.kill()
    feed(deployment, after)
    left = [survivor, start()] if comes_back else [survivor]
    eventually(lambda: shows(truth, *left))


DIE_IN_CHECKPOINT = """
import os, signal
from aiokafka import AIOKafkaProducer
commit, commits = AIOKafkaProducer.commit_transaction, []
async def die_at_the_fifth(self):
    commits.append(self)
    if len(commits) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    await commit(self)
AIOKafkaProducer.commit_transaction = die_at_the_fifth
"""


def test_a_checkpoint_torn_by_a_kill_is_as_if_never_begun(deployment, start, events, truth):
    before, after = halves(events)
    feed(deployment, before)
    torn = start(DIE_IN_CHECKPOINT)
    torn_code = torn.wait()
    feed(deployment, after)
    worker = start()
    eventually(lambda: shows(truth, worker))
    assert torn_code == -signal.SIGKILL


def test_a_frozen_worker_that_wakes_up_is_fenced(deployment, start, events, truth):
    before, after = halves(events)
    zombie = start(BAYPULSE_WORKER_CHECKPOINT_SECONDS="5")
    eventually(zombie.is_ready)
    feed(deployment, before)
    eventually(lambda: zombie.value("workshop_worker_events_total") == len(before))
    zombie.freeze()  # with everything unsaved, or in the middle of saving it
    heir = start()
    feed(deployment, after)
    eventually(lambda: shows(truth, heir))
    zombie.thaw()
    zombie_code = zombie.wait()
    third = start()
    eventually(third.is_ready)
    eventually(lambda: shows(truth, heir, third))
    assert zombie_code == 1
    assert "another worker has taken over" in zombie.said()
