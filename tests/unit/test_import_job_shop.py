"""A job shop's log through the shipped map: a small one written for it, and the real one where it is at hand."""

import datetime as dt
import json
import os
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from importer.convert import Outcome, convert
from importer.mapping import load_map
from importer.tables import open_table

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests/data/job_shop.csv"
LEVY = Path(os.environ.get("BAYPULSE_LEVY_CSV", ROOT / "production_levy.csv"))
HOUR = dt.timedelta(hours=1)

real_log = pytest.mark.skipif(
    not LEVY.is_file(),
    reason=f"the real log is not part of the project and not at {LEVY}: set BAYPULSE_LEVY_CSV to its path",
)


@cache
def run(path: Path) -> Outcome:
    mapping = load_map(Path("levy_job_shop"))
    return convert(mapping, open_table(path, mapping.file))


def events(path: Path, event_type: str) -> list[dict]:
    documents = (json.loads(made.body) for made in run(path).events)
    return [document for document in documents if document["type"] == f"workshop.{event_type}"]


def punches(path: Path) -> dict[str, list[tuple[dt.datetime, dt.datetime]]]:
    """Each technician's spans, put together from the events as the counting rules say."""
    ends = {event["data"]["punch_id"]: time(event) for event in events(path, "technician.clocked_off")}
    spans = defaultdict(list)
    for on in events(path, "technician.clocked_on"):
        spans[on["data"]["technician_id"]].append((time(on), ends[on["data"]["punch_id"]]))
    return spans


def time(event: dict) -> dt.datetime:
    return dt.datetime.fromisoformat(event["time"])


def sum_hours(path: Path) -> float:
    spans = [span for technician in punches(path).values() for span in technician]
    return sum((end - start for start, end in spans), dt.timedelta()) / HOUR


def union_hours(path: Path) -> float:
    return sum((union(spans) for spans in punches(path).values()), dt.timedelta()) / HOUR


def union(spans: list[tuple[dt.datetime, dt.datetime]]) -> dt.timedelta:
    total, covered = dt.timedelta(), dt.datetime.min.replace(tzinfo=dt.UTC)
    for start, end in sorted(spans):
        total += max(end - max(start, covered), dt.timedelta())
        covered = max(covered, end)
    return total


def test_every_row_of_the_sample_is_taken():
    outcome = run(SAMPLE)
    assert (outcome.rows, outcome.rejects) == (12, [])


def test_the_sample_gives_the_events_of_its_three_jobs():
    counts = Counter(json.loads(made.body)["type"].removeprefix("workshop.") for made in run(SAMPLE).events)
    assert counts == {
        "vehicle.checked_in": 3,
        "order.opened": 3,
        "technician.clocked_on": 12,
        "technician.clocked_off": 12,
        "qc.passed": 3,
        "qc.failed": 2,
        "rework.confirmed": 2,
        "vehicle.delivered": 1,
    }


def test_the_samples_hours_are_those_added_up_by_hand():
    assert (sum_hours(SAMPLE), union_hours(SAMPLE)) == (21.75, 20.75)


def test_a_job_begins_with_its_first_interval_and_ends_with_packing():
    opened = {e["data"]["order_id"]: e["time"] for e in events(SAMPLE, "order.opened")}
    delivered = {e["data"]["order_id"]: e["time"] for e in events(SAMPLE, "vehicle.delivered")}
    assert (opened["C1"], delivered["C1"]) == ("2012-01-30T08:00:00Z", "2012-01-30T13:30:00Z")


@real_log
def test_every_row_of_the_real_log_is_taken():
    outcome = run(LEVY)
    assert (outcome.rows, outcome.rejects) == (4503, [])


@real_log
def test_the_real_logs_hours_are_those_of_its_intervals():
    assert (round(sum_hours(LEVY)), round(union_hours(LEVY))) == (13746, 11042)


@real_log
def test_the_real_log_has_39_jobs_with_rework_of_225():
    rework = {e["data"]["order_id"] for e in events(LEVY, "rework.confirmed")}
    assert (len(rework), len(events(LEVY, "order.opened"))) == (39, 225)


@real_log
def test_the_real_log_backwards_gives_the_same_bytes(tmp_path):
    header, *rows = LEVY.read_text(encoding="utf-8-sig").splitlines()
    backwards = tmp_path / "backwards.csv"
    backwards.write_text("\n".join([header, *reversed(rows)]))
    assert [made.body for made in run(backwards).events] == [made.body for made in run(LEVY).events]
