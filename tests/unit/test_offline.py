"""Files of events: checked line by line, and folded into KPIs as of any moment."""

import gzip
import json

import pytest
from typer.testing import CliRunner

from models.kpis import CATALOGUE
from streams.cli import app
from streams.errors import UserError


def event(number, time, kind, store="S1", **data):
    fields = {"specversion": "1.0", "id": f"e{number}", "source": "dms", "type": f"workshop.{kind}", "time": time}
    return json.dumps({**fields, "storeid": store, "data": data})


PROMISE = "2026-03-10T12:00:00+08:00"
LINES = [
    event(1, "2026-03-10T08:00:00+08:00", "vehicle.checked_in", order_id="R1", vehicle_id="V1", appointment_id="A1"),
    event(2, "2026-03-10T08:10:00+08:00", "order.opened", order_id="R1", work_type="repair", promised_at=PROMISE),
    event(3, "2026-03-10T11:00:00+08:00", "qc.passed", order_id="R1"),
]


@pytest.fixture
def run(tmp_path):
    def run(*arguments, lines=LINES, name="events.jsonl"):
        file = tmp_path / name
        text = "\n".join(lines).encode()
        file.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        return CliRunner().invoke(app, [*arguments, str(file)])

    return run


def windows_of(result, kpi):
    return json.loads(result.stdout)["stores"]["S1"]["kpis"][kpi]["windows"]


def test_replay_counts_what_was_known_at_the_moment(run):
    before = windows_of(run("replay", "--json", "--at", "2026-03-10T10:00:00+08:00"), "on_time_completion_rate")[
        "today"
    ]
    after = windows_of(run("replay", "--json", "--at", "2026-03-10T12:00:00+08:00"), "on_time_completion_rate")["today"]
    assert (before["denominator"], before["value"], before["verdict"]) == (0, None, "no data")
    assert (after["numerator"], after["denominator"], after["value"], after["verdict"]) == (1, 1, 1.0, "met")


def test_replay_looks_from_just_after_the_last_event_when_no_moment_is_named(run):
    assert json.loads(run("replay", "--json").stdout)["at"] == "2026-03-10T03:00:01+00:00"


def test_replay_does_not_care_about_the_order_of_lines_or_copies_of_them(run):
    assert run("replay", "--json", lines=[*LINES[::-1]]).stdout == run("replay", "--json").stdout
    doubled = windows_of(run("replay", "--json", lines=LINES * 2), "booking_rate")["today"]
    assert (doubled["numerator"], doubled["denominator"]) == (1, 1)


def test_replay_of_the_whole_sums_what_has_left_every_window(run):
    result = run("replay", "--json", "--whole", "--at", "2026-12-31T00:00:00+08:00")
    windows = windows_of(result, "on_time_completion_rate")
    assert (windows["30d"]["denominator"], windows["all"]["numerator"], windows["all"]["denominator"]) == (0, 1, 1)


def test_replay_reads_gzip(run):
    assert run("replay", "--json", name="events.jsonl.gz").stdout == run("replay", "--json").stdout


def test_replay_counts_the_good_lines_and_tells_the_bad_ones(run):
    result = run("replay", "--json", lines=[LINES[0], "{", *LINES[1:]])
    assert result.exit_code == 1
    assert "events.jsonl:2: Invalid JSON" in result.stderr
    assert windows_of(result, "service_orders")["today"]["numerator"] == 1


def test_replay_shows_every_kpi_in_the_table_and_a_dash_without_a_case(run):
    shown = run("replay").stdout
    assert all(kpi in shown for kpi in CATALOGUE)
    assert "–" in next(line for line in shown.splitlines() if "first_time_fix_rate" in line)


@pytest.mark.parametrize("moment", ["yesterday", "2026-03-10T10:00:00"])
def test_a_moment_without_an_offset_is_refused_in_one_sentence(run, moment):
    result = run("replay", "--at", moment)
    assert isinstance(result.exception, UserError)
    assert str(result.exception) == f"--at {moment} is no moment with an offset, such as 2026-03-02T18:00:00+08:00"


def test_a_file_that_is_not_there_is_told_in_one_sentence():
    result = CliRunner().invoke(app, ["replay", "nowhere.jsonl"])
    assert isinstance(result.exception, UserError)
    assert str(result.exception) == "can't read nowhere.jsonl: No such file or directory"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "events.jsonl:1: Invalid JSON"),
        (LINES[0].replace("checked_in", "checked_inn"), "events.jsonl:1: type: unknown event type"),
        (LINES[0].replace('"vehicle_id": "V1", ', ""), "events.jsonl:1: data.vehicle_id: Field required"),
        (LINES[0].replace("+08:00", ""), "events.jsonl:1: time: Input should have timezone info"),
        (LINES[1].replace('"repair"', '"repairs"'), "events.jsonl:1: data.work_type: Input should be"),
    ],
)
def test_a_wrong_line_is_told_with_file_line_and_field(run, line, told):
    result = run("events", lines=[line])
    assert result.exit_code == 1
    assert told in result.stderr


def test_a_file_of_good_events_is_counted_by_type(run):
    result = run("events")
    assert result.exit_code == 0
    assert "3 events, 0 wrong lines, 0 unknown fields" in result.stdout
