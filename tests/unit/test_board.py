"""The demo's board: read from an exposition, drawn into the size of any terminal."""

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console

from local.board import Board, plain_lines, shown_kpis
from local.scrape import Snapshot, read_samples, read_snapshot
from local.show import save_picture

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMES = {"S0001": ("虹桥店", "Hongqiao"), "S0002": ("浦江店", "Pujiang"), "S0003": ("天河店", "Tianhe")}
EXPOSITION = """\
# HELP workshop_kpi_numerator What a KPI counts or sums over a window.
# TYPE workshop_kpi_numerator gauge
workshop_kpi_numerator{store="S0001",kpi="on_time_delivery_rate",window="today"} 19
workshop_kpi_numerator{store="S0001",kpi="booking_rate",window="today"} 1
workshop_kpi_numerator{store="S0001",kpi="service_orders",window="today"} 12
workshop_kpi_numerator{store="S0001",kpi="waiting_time",window="today"} 4.5
workshop_kpi_numerator{store="S0002",kpi="on_time_delivery_rate",window="today"} 0
workshop_kpi_numerator{store="S0002",kpi="on_time_delivery_rate",window="7d"} 30
workshop_kpi_denominator{store="S0001",kpi="on_time_delivery_rate",window="today"} 20
workshop_kpi_denominator{store="S0001",kpi="booking_rate",window="today"} 4
workshop_kpi_denominator{store="S0001",kpi="service_orders",window="today"} 0
workshop_kpi_denominator{store="S0001",kpi="waiting_time",window="today"} 3
workshop_kpi_denominator{store="S0002",kpi="on_time_delivery_rate",window="today"} 0
workshop_kpi_denominator{store="S0002",kpi="on_time_delivery_rate",window="7d"} 40
workshop_store_watermark_timestamp_seconds{store="S0001"} 1792376520.0
workshop_vehicles{store="S0001",state="in_progress"} 3
workshop_vehicles{store="S0001",state="stopped_parts"} 2
workshop_vehicles{store="S0001",state="stopped_approval"} 1
workshop_worker_events_total 25111
workshop_worker_partition_lag{partition="0"} 40
workshop_worker_partition_lag{partition="1"} 2
workshop_worker_clock_timestamp_seconds 1792376640.25
"""
SIZES = [(80, 24), (100, 30), (120, 40), (160, 60), (200, 50), (40, 12)]


def board(stores: int = 3) -> Board:
    names = NAMES if stores == 3 else {f"S{n:04d}": (f"{n}店", f"Store {n}") for n in range(1, stores + 1)}
    return Board(read_snapshot(EXPOSITION), names, SHANGHAI, "http://127.0.0.1:9464/metrics", 5.2, 60)


def drawn(shown: Board, width: int, height: int, *, colour: bool = False) -> list[str]:
    console = Console(
        width=width,
        height=height,
        file=io.StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
    )
    with console.capture() as capture:
        console.print(shown)
    return capture.get().splitlines()


def row(lines: list[str], kpi: str) -> list[str]:
    return next(line for line in lines if line.lstrip().startswith(kpi)).split()


@pytest.mark.parametrize("stores", [1, 3, 12])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_never_has_more_lines_or_columns_than_the_terminal(width: int, height: int, stores: int) -> None:
    lines = drawn(board(stores), width, height)
    assert len(lines) <= height
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize(("width", "height"), SIZES[:5])
def test_it_uses_the_height_it_gets_or_shows_every_kpi(width: int, height: int) -> None:
    lines = drawn(board(), width, height)
    assert len(lines) == height or row(lines, "record_accuracy_rate") or row(lines, "follow_up_rate")


def test_a_wide_terminal_shows_today_and_the_week() -> None:
    assert row(drawn(board(), 120, 40), "on_time_delivery_rate")[2:] == [
        ">=",
        "95.0%",
        "95.0%",
        "–",
        "–",
        "75.0%",
        "–",
        "–",
    ]


def test_a_narrow_terminal_shows_the_week_in_brackets_while_today_has_no_case() -> None:
    assert row(drawn(board(), 80, 24), "on_time_delivery_rate")[2:] == [">=", "95.0%", "95.0%", "(75.0%)", "–"]


def test_a_very_wide_terminal_shows_the_month_too() -> None:
    heads = next(line for line in drawn(board(), 160, 60) if line.startswith("KPI"))
    assert heads.split()[3:6] == ["today", "7d", "30d"]


@pytest.mark.parametrize(("kpi", "coloured"), [("on_time_delivery_rate", "\x1b[32m"), ("booking_rate", "\x1b[1;31m")])
def test_a_value_has_the_colour_of_its_verdict(kpi: str, coloured: str) -> None:
    line = next(line for line in drawn(board(), 120, 40, colour=True) if kpi in line)
    assert coloured in line


def test_a_mean_is_divided_and_a_count_is_not() -> None:
    numbers = read_snapshot(EXPOSITION).stores["S0001"]
    assert numbers.value("waiting_time", "today") == 1.5
    assert numbers.value("service_orders", "today") == 12


def test_a_case_less_window_has_no_value() -> None:
    assert read_snapshot(EXPOSITION).stores["S0002"].value("on_time_delivery_rate", "today") is None


def test_the_header_tells_simulated_time_events_lag_and_address() -> None:
    first, second = drawn(board(), 100, 30)[:2]
    assert "周一 Mon 2026-10-19 10:24" in first
    assert "25,111 events  5/s  lag 42" in second
    assert "http://127.0.0.1:9464/metrics" in second


def test_stops_of_every_reason_share_a_column() -> None:
    lines = drawn(board(), 120, 40)
    assert next(line for line in lines if "6 虹桥店" in line).split()[3:] == ["0", "3", "3", "0", "0", "0", "■" * 6]


@pytest.mark.parametrize("width", [80, 81, 100])
def test_more_vehicles_than_there_is_room_for_fill_the_line_without_a_break(width: int) -> None:
    crowd = EXPOSITION.replace('state="in_progress"} 3', 'state="in_progress"} 300')
    shown = Board(read_snapshot(crowd), NAMES, SHANGHAI, "http://127.0.0.1:9464/metrics")
    line = next(line for line in drawn(shown, width, 24) if "303 虹桥店" in line)
    assert line.rstrip().endswith("■")
    assert width - 2 < cell_len(line.rstrip()) <= width


def test_stores_and_kpis_without_room_are_counted() -> None:
    assert "28 more KPIs and 8 more stores in the metrics" in drawn(board(12), 100, 24)[-1]


def test_before_the_first_event_stores_are_there_without_values() -> None:
    empty = Board(Snapshot(), NAMES, SHANGHAI, "http://127.0.0.1:9464/metrics")
    assert row(drawn(empty, 80, 24), "on_time_delivery_rate")[-3:] == ["–", "–", "–"]


def test_the_wall_comes_first_and_every_kpi_once() -> None:
    kpis = [kpi.id for kpi in shown_kpis(("today", "7d", "30d"))]
    assert kpis[0] == "on_time_delivery_rate"
    assert len(kpis) == len(set(kpis))


def test_without_a_terminal_every_store_has_a_line() -> None:
    lines = plain_lines(board())
    assert lines[0] == "2026-10-19 10:24 25,111 events, 5/s, lag 42; http://127.0.0.1:9464/metrics"
    assert lines[1].startswith("  S0001 虹桥店 Hongqiao: on_time_delivery_rate 95.0%,")


def test_labels_are_read_as_they_were_meant() -> None:
    text = 'workshop_store_info{store="S1",name="a \\"b\\" {c,d} \\\\ \\n e"} 1\n'
    assert next(read_samples(text)).labels["name"] == 'a "b" {c,d} \\ \n e'


def test_a_picture_is_an_svg_of_the_board(tmp_path: Path) -> None:
    save_picture(board(), tmp_path / "images" / "board.svg")
    assert "on_time_delivery_rate" in (tmp_path / "images" / "board.svg").read_text(encoding="utf-8")
