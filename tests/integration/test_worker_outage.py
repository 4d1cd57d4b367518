"""A broker that goes away in the middle of the flow costs time and nothing else."""

import signal
import subprocess
import sys

import pytest

from local.ports import answers, free_port
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


@pytest.fixture
def broker(tmp_path):
    """Start a broker, again and again on the same data; gives (address, start, kill)."""
    port, running = free_port(), []

    def start():
        command = [sys.executable, "-m", "local.kafka", "--port", str(port), "--data", str(tmp_path / "kafka")]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        eventually(lambda: answers(port))

    def kill():
        running[-1].send_signal(signal.SIGKILL)  # its tether takes the broker along, as hard
        running[-1].wait()
        eventually(lambda: not answers(port))

    start()
    yield f"127.0.0.1:{port}", start, kill
    running[-1].terminate()
    running[-1].wait()


def test_a_killed_broker_comes_back_and_the_numbers_are_exact(broker, tmp_path):
    address, start_broker, kill_broker = broker
    events = random_events(8, 20)
    truth = expected_lines(events)
    half = len(events) // 2
    deployment = Deployment(address, "outage", partitions=3)
    deployment.create()
    with workers(deployment, tmp_path) as start:
        worker = start(BAYPULSE_WORKER_CHECKPOINT_SECONDS="0.05")
        eventually(worker.is_ready)
        produce(address, deployment.events, map(message_of, events[:half]))
        eventually(lambda: worker.value("workshop_worker_events_total"))
        kill_broker()
        eventually(lambda: "Unable connect to node" in worker.said())
        start_broker()
        produce(address, deployment.events, map(message_of, events[half:]))
        eventually(lambda: kpi_lines([worker.metrics()]) == truth, 60)
        assert worker.stop() == 0
        heir = start()
        eventually(lambda: kpi_lines([heir.metrics()]) == truth)
