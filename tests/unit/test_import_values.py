"""Cells become values: words, numbers and times as exports write them."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from importer.cells import to_bool, to_decimal, to_int, to_text
from importer.times import read_clock, read_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHICAGO = ZoneInfo("America/Chicago")
HALF_PAST_FOUR = dt.datetime(2025, 3, 4, 16, 30)  # noqa: DTZ001 - spreadsheets know no zone
FORMATS = ("iso", "%m/%d/%Y %H:%M", "excel")


@pytest.mark.parametrize(
    ("cell", "text"), [(" a ", "a"), (12.0, "12"), (1.5, "1.5"), (dt.date(2025, 3, 4), "2025-03-04")]
)
def test_a_cell_reads_as_a_person_sees_it(cell, text):
    assert to_text(cell) == text


@pytest.mark.parametrize(("word", "truth"), [("Y", True), ("否", False), ("TRUE", True), ("0", False)])
def test_a_word_states_a_truth(word, truth):
    assert to_bool(word) is truth


def test_another_word_is_no_truth():
    with pytest.raises(ValueError, match="'maybe' is neither yes nor no"):
        to_bool("maybe")


@pytest.mark.parametrize(("text", "mark"), [("1,234.50", "."), ("1.234,50", ","), ("1 234,50", ",")])
def test_a_number_is_read_with_its_decimal_mark(text, mark):
    assert to_decimal(text, mark) == Decimal("1234.50")


@pytest.mark.parametrize("text", ["abc", "NaN", "1.2.3"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValueError, match="is not a number"):
        to_decimal(text, ".")


def test_half_a_unit_is_no_whole_number():
    with pytest.raises(ValueError, match=r"'2\.5' is not a whole number"):
        to_int("2.5", ".")


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-04T16:30",
        "2025-03-04T08:30:00Z",
        "03/04/2025 16:30",
        45720.6875,
        HALF_PAST_FOUR,
    ],
)
def test_a_time_is_read_in_the_first_format_that_fits(cell):
    assert read_time(cell, FORMATS, SHANGHAI, None) == dt.datetime(2025, 3, 4, 16, 30, tzinfo=SHANGHAI)


def test_a_clock_time_completes_a_date():
    read = read_time("2025-03-04", FORMATS, SHANGHAI, dt.time(16, 30))
    assert read == dt.datetime(2025, 3, 4, 16, 30, tzinfo=SHANGHAI)


def test_the_hour_that_comes_twice_is_the_first():
    assert read_time("2025-11-02T01:30", FORMATS, CHICAGO, None).isoformat() == "2025-11-02T01:30:00-05:00"


def test_the_hour_left_out_counts_on_from_before_the_change():
    assert read_time("2025-03-09T02:30", FORMATS, CHICAGO, None).astimezone(dt.UTC).hour == 8


@pytest.mark.parametrize(
    "cell", ["16:30", "16:30:00", "4:30 PM", "1630", 0.6875, dt.time(16, 30), dt.timedelta(hours=16.5)]
)
def test_a_time_of_day_is_read_in_every_usual_form(cell):
    assert read_clock(cell) == dt.time(16, 30)


@pytest.mark.parametrize("cell", ["yesterday", "99999999", "-1", "2025", "nan"])
def test_what_is_no_time_is_said_with_the_formats(cell):
    with pytest.raises(ValueError, match="is not a time in any of the formats iso, %m/%d/%Y %H:%M, excel"):
        read_time(cell, FORMATS, SHANGHAI, None)
