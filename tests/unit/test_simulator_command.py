"""The command `baypulse simulate`: files that agree with each other, and mistakes told in a sentence."""

import json
import tomllib

import pytest
import typer
from typer.testing import CliRunner

from models.events import parse_event
from models.stores import Stores
from simulator.command import simulate_command
from simulator.group import simulate
from simulator.plan import GroupPlan
from simulator.sender import KafkaTarget

SMALL = ["--stores", "2", "--days", "2", "--seed", "9"]


@pytest.fixture
def invoke():
    app = typer.Typer()
    app.command()(simulate_command(lambda: KafkaTarget("events", {"bootstrap_servers": "127.0.0.1:1"})))
    return lambda *arguments: CliRunner().invoke(app, [*SMALL, *map(str, arguments)])


def test_events_truth_and_stores_are_written(invoke, tmp_path):
    out, truth, stores = tmp_path / "events.jsonl", tmp_path / "truth.jsonl", tmp_path / "stores.toml"
    assert invoke("--out", out, "--truth", truth, "--stores-file", stores).exit_code == 0
    events = [parse_event(line) for line in out.read_bytes().splitlines()]
    listed = Stores.from_dict(tomllib.loads(stores.read_text(encoding="utf-8")))
    assert all(listed.get(event.storeid) for event in events)
    assert {json.loads(line)["store"] for line in truth.read_bytes().splitlines()} == {"S0001", "S0002"}


def test_standard_output_gets_the_very_bytes_of_the_plan(invoke):
    expected = b"".join(event.value + b"\n" for event in simulate(GroupPlan(seed=9, stores=2, days=2)))
    assert invoke("--out", "-").stdout_bytes == expected


def test_what_was_done_wrong_is_told_and_written(invoke, tmp_path):
    report = tmp_path / "faults.json"
    result = invoke("--out", tmp_path / "e", "--malformed", "0.05", "--duplicates", "0.1", "--fault-report", report)
    done = json.loads(report.read_text(encoding="utf-8"))
    assert f"{done['counts']['duplicates']} duplicates" in result.stderr
    assert len(done["dead"]) == done["counts"]["malformed"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say where events go"),
        (["--out", "-", "--kafka"], "say where events go"),
        (["--out", "-", "--speed", "60"], "--speed paces"),
        (["--out", "-", "--zone", "Mars/Olympus"], "Mars/Olympus"),
        (["--out", "-", "--skew", "moon=5"], "--skew moon=5"),
        (["--kafka", "--live-from", "noon"], "--live-from noon"),
        (["--out", "/no/such/folder/events"], "can't write /no/such/folder/events"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(invoke, arguments, said):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_a_kafka_that_is_not_there_is_told_in_a_sentence(invoke):
    result = invoke("--kafka")
    assert result.exit_code == 2
    assert "Kafka at 127.0.0.1:1 does not take the events" in result.stderr
