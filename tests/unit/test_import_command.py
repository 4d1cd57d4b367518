"""The command: where events go, what is told, how it ends."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from importer.command import import_command

DATA = Path(__file__).parents[1] / "data"
SAMPLE = str(DATA / "job_shop.csv")


@pytest.fixture
def sent() -> list[tuple[bytes, bytes]]:
    return []


@pytest.fixture
def call(sent):
    app = typer.Typer()
    app.command()(import_command(sent.extend))
    return lambda *arguments: CliRunner().invoke(app, ["--map", "levy_job_shop", *map(str, arguments)])


@pytest.fixture
def spoilt(tmp_path) -> Path:
    path = tmp_path / "spoilt.csv"
    path.write_text(Path(SAMPLE).read_text() + "C4,Turning,A1,soon,2012/01/29 08:00:00\n")
    return path


def test_importing_twice_writes_the_same_bytes(call, tmp_path):
    for name in ("once", "twice"):
        assert call(SAMPLE, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / "once").read_bytes() == (tmp_path / "twice").read_bytes()


def test_without_an_output_events_go_to_the_terminal(call):
    assert call(SAMPLE).stdout.count('"specversion":"1.0"') == 38


def test_kafka_gets_the_events_under_their_store(call, sent):
    assert call(SAMPLE, "--kafka").exit_code == 0
    assert (len(sent), {key for key, _ in sent}) == (38, {b"levy"})


def test_good_rows_are_written_and_bad_ones_told(call, spoilt, tmp_path):
    result = call(spoilt, "-o", tmp_path / "events")
    assert result.exit_code == 1
    assert len((tmp_path / "events").read_bytes().splitlines()) == 38
    told = "spoilt.csv, row 14, column start_timestamp: 'soon' is not a time in any of the formats"
    assert result.stderr.splitlines() == [f"{told} %Y/%m/%d %H:%M:%S", "13 rows, 38 events, 1 rejected"]


def test_rejects_are_listed_in_a_file(call, spoilt, tmp_path):
    call(spoilt, "-o", tmp_path / "events", "--rejects", tmp_path / "rejects.csv")
    assert "spoilt.csv,14,start_timestamp," in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_a_missing_file_is_told_and_ends_with_2(call):
    result = call("nowhere.csv")
    assert (result.exit_code, result.stderr) == (2, "nowhere.csv: there is no such file\n")


def test_a_map_that_does_not_fit_is_told_with_its_name(call):
    result = call(DATA / "cdk_repair_orders.csv")
    assert result.exit_code == 2
    assert "levy_job_shop, event 1 (received), time: the file has no column 'start_timestamp'" in result.stderr


def test_kafka_and_a_file_exclude_each_other(call, tmp_path):
    result = call(SAMPLE, "--kafka", "-o", tmp_path / "events")
    assert (result.exit_code, result.stderr) == (2, "--kafka and --output exclude each other\n")
