"""Local hours and days: where clocks change, where offsets are odd, where the calendar is."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from models.instants import HOUR, MINUTE, SECOND, instant, moment
from models.stores import Store
from models.zones import QUARTER, local_time, year_before


def at(zone: str, text: str, fold: int = 0) -> int:
    return instant(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("zone", "date", "start_utc"),
    [
        ("Asia/Shanghai", "2026-03-01", "2026-02-28T16:00"),
        ("America/Los_Angeles", "2026-03-08", "2026-03-08T08:00"),
        ("America/Los_Angeles", "2026-03-09", "2026-03-09T07:00"),  # the clock went forward the night before
        ("Asia/Kolkata", "2026-03-01", "2026-02-28T18:30"),
        ("Asia/Kathmandu", "2026-03-01", "2026-02-28T18:15"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00"),  # has no midnight: 00:00 becomes 01:00
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # has two: the first one counts
    ],
)
def test_a_day_starts_at_its_first_instant(zone, date, start_utc):
    start = moment(local_time(zone).start_of(day(date)))
    assert start == dt.datetime.fromisoformat(start_utc).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"]
)
def test_hours_and_days_only_ever_begin_forward(zone):
    local = local_time(zone)
    begin = at(zone, "2026-01-01T00:00")
    places = [local.locate(begin + i * QUARTER) for i in range(4 * 24 * 366)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"]
)
def test_an_hour_ends_where_the_next_one_begins(zone):
    local = local_time(zone)
    for i in range(0, 4 * 24 * 366, 7):
        moment_in_hour = at(zone, "2026-01-01T00:00") + i * QUARTER + 5 * MINUTE
        end = local.hour_after(moment_in_hour)
        assert local.locate(end)[0] == end // QUARTER
        assert local.locate(end - SECOND)[0] == local.locate(moment_in_hour)[0]


def test_the_hour_that_comes_twice_in_autumn_is_two_hours():
    local = local_time("America/New_York")
    first = local.locate(at("America/New_York", "2026-11-01T01:30", fold=0))
    second = local.locate(at("America/New_York", "2026-11-01T01:30", fold=1))
    assert second[0] - first[0] == HOUR // QUARTER
    assert second[1] == first[1]


def test_an_hour_of_a_half_hour_zone_begins_on_its_own_full_hour():
    local = local_time("Asia/Kolkata")
    assert local.locate(at("Asia/Kolkata", "2026-03-01T09:59"))[0] * QUARTER == at("Asia/Kolkata", "2026-03-01T09:00")


@pytest.mark.parametrize(
    ("date", "before"),
    [
        ("2027-03-01", "2026-03-01"),
        ("2028-02-29", "2027-03-01"),
        ("2029-02-28", "2028-02-28"),
        ("2029-03-01", "2028-03-01"),
    ],
)
def test_a_year_before_a_leap_day_is_the_first_of_march(date, before):
    assert year_before(day(date)) == day(before)


WEEKDAYS_ONLY = Store.model_validate(
    {
        "id": "S1",
        "timezone": "Europe/Berlin",
        "hours": {name: ["08:00-12:00", "13:00-17:00"] for name in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-05-01", "2026-05-09"],
        "workdays": ["2026-05-09"],
    }
).calendar


@pytest.mark.parametrize(
    ("date", "is_open"),
    [
        ("2026-05-04", True),  # a Monday
        ("2026-05-03", False),  # a Sunday
        ("2026-05-01", False),  # a holiday on a Friday
        ("2026-05-09", True),  # a make-up Saturday beats the holiday
    ],
)
def test_a_store_is_open_by_weekday_holiday_and_make_up_day(date, is_open):
    assert WEEKDAYS_ONLY.is_open(day(date)) is is_open


def test_a_duty_day_counts_at_the_opening_and_on_a_closed_day_at_its_start():
    assert WEEKDAYS_ONLY.duty_moment(day("2026-05-04")) == at("Europe/Berlin", "2026-05-04T08:00")
    assert WEEKDAYS_ONLY.duty_moment(day("2026-05-03")) == at("Europe/Berlin", "2026-05-03T00:00")


def test_the_end_of_a_day_is_the_local_midnight_after_it_across_a_clock_change():
    delivered = at("Europe/Berlin", "2026-03-26T15:00")
    assert WEEKDAYS_ONLY.end_of_day(delivered, 3) == at("Europe/Berlin", "2026-03-30T00:00")
