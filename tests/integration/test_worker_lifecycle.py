"""How a worker begins and ends: what it refuses, what it says, and what time alone changes."""

import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from local.ports import free_port
from models.events import make_event
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

FAUST = [str(Path(sys.executable).with_name("faust")), "-A", "streams.app", "worker", "--without-web"]


@pytest.fixture
def deployment(kafka, request):
    return Deployment(kafka, request.node.name, partitions=2)


@pytest.fixture
def start(deployment, tmp_path):
    with workers(deployment, tmp_path) as start:
        yield start


def visit():
    """One vehicle that was promised for nine o'clock, and nothing after."""
    return [
        make_event(
            {"id": id_, "source": "test", "type": f"workshop.{kind}", "time": time, "storeid": "S1", "data": data}
        )
        for id_, kind, time, data in (
            ("1", "vehicle.checked_in", "2026-03-03T05:00:00+08:00", {"order_id": "o", "vehicle_id": "v"}),
            (
                "2",
                "order.opened",
                "2026-03-03T05:10:00+08:00",
                {"order_id": "o", "work_type": "repair", "promised_at": "2026-03-03T09:00:00+08:00"},
            ),
        )
    ]


def on_time_today(text):
    return {line for line in kpi_lines([text]) if 'kpi="on_time_delivery_rate",window="today"' in line}


def test_a_promise_that_passes_counts_with_no_event(deployment, start):
    events = visit()
    before = on_time_today_at(events, "2026-03-03T08:59:00+08:00")
    after = on_time_today_at(events, "2026-03-03T09:01:00+08:00")
    produce(deployment.create().bootstrap, deployment.events, map(message_of, events))
    # A quarter of an hour passes each second.
    worker = start(BAYPULSE_CLOCK_START="2026-03-03T06:00:00+08:00", BAYPULSE_CLOCK_SPEED="900")
    eventually(lambda: on_time_today(worker.metrics()) == before)
    eventually(lambda: on_time_today(worker.metrics()) == after)
    assert before != after


def on_time_today_at(events, at):
    return {line for line in expected_lines(events, at) if 'kpi="on_time_delivery_rate",window="today"' in line}


def test_sigterm_saves_everything_and_ends_with_0(deployment, start):
    events = random_events(4, 10)
    truth = expected_lines(events)
    deployment.create()
    first = start(BAYPULSE_WORKER_CHECKPOINT_SECONDS="3600")
    produce(deployment.bootstrap, deployment.events, map(message_of, events))
    eventually(lambda: first.value("workshop_worker_events_total") == len(events))
    assert first.stop() == 0
    second = start()
    eventually(lambda: kpi_lines([second.metrics()]) == truth)
    assert second.value("workshop_worker_events_total") == 0


def test_it_is_well_at_once_and_ready_once_it_consumes(deployment, start):
    deployment.create()
    worker = start()
    seen = []

    def look():
        seen.append((worker.get("/healthz")[0], worker.get("/readyz")[0]))
        return seen[-1] == (200, 200)

    eventually(look)
    answered = [pair for pair in seen if pair[0]]
    assert {health for health, _ in answered} == {200}
    assert answered[0] == (200, 503)
    assert "2 partitions consumed" in worker.get("/readyz")[1]


def test_a_second_worker_on_the_same_port_says_so(deployment, start):
    deployment.create()
    first = start()
    eventually(first.is_ready)
    second = start(BAYPULSE_HTTP_PORT=str(first.port))
    assert second.wait() == 2
    assert last_line(second) == (
        f"baypulse: can't listen on 127.0.0.1:{first.port} (BAYPULSE_HTTP_HOST, BAYPULSE_HTTP_PORT): "
        "Address already in use"
    )


def last_line(worker):
    return worker.said().strip().splitlines()[-1]


def test_missing_topics_are_refused(deployment, start):
    worker = start()
    assert worker.wait() == 2
    assert last_line(worker) == f"baypulse: topic {deployment.events} doesn't exist: create it with 'baypulse topics'"


async def test_topics_that_do_not_fit_are_refused(deployment, start):
    await create(deployment.bootstrap, {deployment.events: 2, deployment.state: 3, deployment.dead: 2})
    worker = start()
    assert worker.wait() == 2
    assert last_line(worker) == (
        f"baypulse: topic {deployment.state} has 3 partitions, {deployment.events} has 2: "
        "they must be equal, as they go together"
    )


async def test_a_state_topic_that_forgets_is_refused(deployment, start):
    await create(deployment.bootstrap, {deployment.events: 2, deployment.state: 2, deployment.dead: 2})
    worker = start()
    assert worker.wait() == 2
    assert "cleanup.policy delete, which loses state" in last_line(worker)


async def create(bootstrap, partitions):
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, count, 1) for name, count in partitions.items()])
    await admin.close()


def test_a_broker_that_is_not_there_is_one_sentence(start):
    address = f"127.0.0.1:{free_port()}"
    worker = start(BAYPULSE_KAFKA_BOOTSTRAP=address)
    assert worker.wait() == 2
    assert last_line(worker).startswith(f"baypulse: Kafka doesn't answer at {address}: start it")
    assert "Traceback" not in worker.said()


def test_topics_are_created_once(deployment):
    def topics():
        command = [sys.executable, "-c", "from streams.cli import main; main()", "topics"]
        return subprocess.run(command, env=deployment.environment, capture_output=True, text=True, check=True).stdout

    fit = f"{deployment.events}, {deployment.state} and {deployment.dead} fit together, with 2 partitions each"
    names = (deployment.events, deployment.state, deployment.dead)
    assert topics().splitlines() == [*(f"created {name}" for name in names), fit]
    assert topics().splitlines() == [fit]


def test_fausts_own_command_starts_a_worker(deployment, start, tmp_path):
    deployment.create()
    port = free_port()
    environment = deployment.environment | {"BAYPULSE_HTTP_PORT": str(port), "PYTHONPATH": str(Path.cwd())}
    produce(deployment.bootstrap, deployment.events, map(message_of, visit()))
    probe = start()
    eventually(probe.is_ready)
    assert probe.stop() == 0
    probe.port = port
    with (tmp_path / "faust.log").open("wb") as log:
        probe.process = subprocess.Popen(FAUST, env=environment, stdout=log, stderr=log, cwd=tmp_path)
    truth = expected_lines(visit())
    eventually(lambda: kpi_lines([probe.metrics()]) == truth)
    assert probe.stop() == 0
