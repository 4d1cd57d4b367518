"""What a real Prometheus answers about the workers is what `baypulse replay` says of the same events."""

import asyncio
import json
import subprocess
import sys
import tomllib
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from local.ports import LOOPBACK
from models.instants import instant
from models.stores import Stores
from simulator.faults import Misbehaviour, misbehave
from simulator.faults import Report as Faults
from simulator.group import simulate
from simulator.journal import SimulatedEvent
from simulator.plan import GroupPlan, stores_toml
from simulator.sender import KafkaTarget, Pace, send
from tests.integration.prometheus import prometheus, require_prometheus
from tests.integration.workers import Deployment, eventually, workers

PLAN = GroupPlan(seed=7, stores=4, days=3)
"""Its stores lie in four of six partitions, so that each of two workers, with three, has at least one."""

FAULTS = Misbehaviour(seed=7, duplicate_share=0.1, shuffle_window_seconds=900, malformed_share=0.02)
AT = "2026-03-04T15:30:00+08:00"
"""In the middle of the last day's work."""

NUMERATOR, DENOMINATOR, VEHICLES = "workshop_kpi_numerator", "workshop_kpi_denominator", "workshop_vehicles"
LABELS = {
    NUMERATOR: ("store", "kpi", "window"),
    DENOMINATOR: ("store", "kpi", "window"),
    VEHICLES: ("store", "state"),
}
AMONG_UP = " and on (instance) up == 1"

Values = dict[tuple[str, ...], float]


@dataclass(frozen=True)
class Case:
    """What was sent until AT, the stores it is about, and what replay makes of it."""

    events: list[SimulatedEvent]
    stores_file: Path
    answers: dict[str, Any]
    """By store; as `baypulse replay --json` gives them."""

    def truth(self) -> Values:
        """Return every sum of every KPI and window, and the vehicles, by metric and labels."""
        return {
            **{
                (name, store, kpi, window): sums[part]
                for store, answer in self.answers.items()
                for kpi, entry in answer["kpis"].items()
                for window, sums in entry["windows"].items()
                for name, part in ((NUMERATOR, "numerator"), (DENOMINATOR, "denominator"))
            },
            **{
                (VEHICLES, store, state): count
                for store, answer in self.answers.items()
                for state, count in answer["vehicles"].items()
            },
        }

    def targets(self) -> Values:
        """Return the target of every KPI that has one, by store and KPI."""
        return {
            (store, kpi): entry["target"][1]
            for store, answer in self.answers.items()
            for kpi, entry in answer["kpis"].items()
            if entry["target"]
        }


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    stores, file = folder / "stores.toml", folder / "events.jsonl"
    stores.write_text(stores_toml(PLAN), encoding="utf-8")
    at = instant(datetime.fromisoformat(AT))
    events = [event for event in misbehave(simulate(PLAN), FAULTS, Faults()) if event.sent < at]
    file.write_bytes(b"".join(event.value + b"\n" for event in events))
    return Case(events, stores, replay(file, stores))


def replay(file: Path, stores: Path) -> dict[str, Any]:
    options = ["--json", "--at", AT, "--stores", stores]
    command = [sys.executable, "-c", "from streams.cli import main; main()", "replay", *options, file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr  # as there are malformed lines
    return json.loads(done.stdout)["stores"]


@pytest.fixture
def deployment(kafka, case, request):
    settings = {
        "BAYPULSE_STORES_FILE": str(case.stores_file),
        "BAYPULSE_STORES_ACCEPT_UNKNOWN": "false",
        "BAYPULSE_CLOCK_START": AT,
    }
    return Deployment(kafka, request.node.name, extra=settings).create()


@pytest.fixture
def start(deployment, tmp_path):
    with workers(deployment, tmp_path) as start:
        yield start


@pytest.fixture
def watch(tmp_path):
    """Give a function that starts a Prometheus on some workers."""
    require_prometheus()
    with ExitStack() as running:
        yield lambda *watched: running.enter_context(prometheus(tmp_path, [worker.port for worker in watched]))


def feed(deployment, events):
    target = KafkaTarget(deployment.events, {"bootstrap_servers": deployment.bootstrap})
    asyncio.run(send(events, target, Pace()))


def answered(server) -> Values:
    """Return what dashboards see: each sum once, whoever shows it."""
    return {
        (name, *sample.key(*labels)): sample.value
        for name, labels in LABELS.items()
        for sample in server.query(f"max by ({', '.join(labels)}) ({name})")
    }


def once(names) -> Counter[tuple[str, ...]]:
    return Counter(dict.fromkeys(names, 1))


def series(server, condition="") -> Counter[tuple[str, ...]]:
    """Return how many series each sum has at this moment."""
    return Counter(
        (name, *sample.key(*labels)) for name, labels in LABELS.items() for sample in server.query(name + condition)
    )


def shows(server, truth, condition="") -> bool:
    """Whether dashboards see the truth, all of it, and each sum comes from one worker."""
    return answered(server) == truth and series(server, condition) == once(truth)


def is_scraped_well(server, *watched) -> bool:
    """Whether every target is up, without an error, and every sample of it was taken in."""
    return server.targets() == {worker.port: ("up", "") for worker in watched} and not server.lossy()


def share_partitions(*running):
    eventually(lambda: all(worker.value("workshop_worker_partition_owned") == 3 for worker in running))


def consumed(worker) -> float:
    """Return how many records it has dealt with, refused ones too."""
    return worker.value("workshop_worker_partition_offset")


def test_the_case_has_what_can_go_wrong(case):
    """Otherwise equal answers would say little."""
    sums = case.truth()
    vehicles = sum(count for (name, *_), count in sums.items() if name == VEHICLES)
    assert len(case.answers) == PLAN.stores
    assert vehicles > PLAN.stores
    assert any(value % 1 for value in sums.values())


def test_prometheus_has_what_one_worker_counts(deployment, start, watch, case):
    worker = start()
    server = watch(worker)
    feed(deployment, case.events)
    eventually(lambda: shows(server, case.truth()))
    eventually(lambda: is_scraped_well(server, worker))


def test_targets_and_stores_can_be_joined(deployment, start, watch, case):
    worker = start()
    server = watch(worker)
    feed(deployment, case.events)
    eventually(lambda: shows(server, case.truth()))
    stores = Stores.from_dict(tomllib.loads(case.stores_file.read_text(encoding="utf-8")))
    named = [(store.id, store.name, store.group, store.brand, store.area) for store in map(stores.get, case.answers)]
    infos = server.query("workshop_store_info")
    targets = server.query("workshop_kpi_target")
    assert sorted(info.key("store", "name", "group", "brand", "area") for info in infos) == named
    assert {target.key("store", "kpi"): target.value for target in targets} == case.targets()


def test_promtool_finds_nothing_wrong_with_a_scrape(deployment, start, case):
    require_prometheus()
    worker = start()
    feed(deployment, case.events)
    eventually(lambda: consumed(worker) == len(case.events))
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=worker.metrics(), capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_prometheus_has_what_two_workers_count_together(deployment, start, watch, case):
    both = start(), start()
    server = watch(*both)
    share_partitions(*both)
    feed(deployment, case.events)
    eventually(lambda: shows(server, case.truth()))
    assert all(NUMERATOR + "{" in each.metrics() for each in both)
    eventually(lambda: is_scraped_well(server, *both))


def test_a_killed_worker_leaves_its_series_to_the_survivor(deployment, start, watch, case):
    half, most = len(case.events) // 2, len(case.events) * 3 // 4
    survivor, victim = start(), start()
    server = watch(survivor, victim)
    share_partitions(survivor, victim)
    feed(deployment, case.events[:half])
    eventually(lambda: consumed(survivor) + consumed(victim) == half)
    before = consumed(victim)
    feed(deployment, case.events[half:most])
    eventually(lambda: consumed(victim) > before)
    victim.kill()
    feed(deployment, case.events[most:])
    eventually(lambda: shows(server, case.truth(), AMONG_UP))
    eventually(lambda: shows(server, case.truth()))
    eventually(lambda: server.targets()[survivor.port] == ("up", "") and not server.lossy())
    assert {sample.labels["instance"] for sample in server.query(NUMERATOR)} == {f"{LOOPBACK}:{survivor.port}"}
