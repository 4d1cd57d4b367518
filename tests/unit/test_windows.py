"""Windows: which cases lie in them as time goes on, east and west, over clock changes, month ends and leap days."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instants import HOUR, MINUTE, SECOND, instant
from models.windows import LEVELS, WINDOWS, Windows
from models.zones import local_time


def at(zone: str, text: str, fold: int = 0) -> int:
    return instant(dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


def counted(zone: str, case: int, now: int) -> set[str]:
    """Return the windows in which a case at a moment counts as seen from now."""
    windows = Windows(local_time(zone), [tuple(LEVELS)])
    windows.advance(now)
    windows.add(0, case, 1, 0)
    return {window for window in WINDOWS if windows.sums(window)[0] == 1}


ALL = set(WINDOWS)


@pytest.mark.parametrize(
    ("zone", "case", "now", "expected"),
    [
        # the last hour, down to the minute
        ("Asia/Shanghai", "2026-03-10T09:30:00", "2026-03-10T10:30:59", ALL),
        ("Asia/Shanghai", "2026-03-10T09:29:59", "2026-03-10T10:30:00", ALL - {"1h"}),
        # today begins at the local midnight, east and west of Greenwich
        ("Asia/Shanghai", "2026-03-09T23:59:59", "2026-03-10T10:30:00", ALL - {"1h", "today"}),
        ("America/Los_Angeles", "2026-03-10T00:00:00", "2026-03-10T23:30:00", ALL - {"1h"}),
        # 168 hours, down to the full local hour: over a clock change not the same hour on the wall
        ("Asia/Kolkata", "2026-03-03T10:00:00", "2026-03-10T10:45:00", ALL - {"1h", "today"}),
        ("Asia/Kolkata", "2026-03-03T09:59:59", "2026-03-10T10:45:00", ALL - {"1h", "today", "7d"}),
        ("America/New_York", "2026-03-03T09:00:00", "2026-03-10T10:45:00", ALL - {"1h", "today"}),
        ("America/New_York", "2026-03-03T08:59:59", "2026-03-10T10:45:00", ALL - {"1h", "today", "7d"}),
        # the month begins on its first, and 30 days reach into the month before
        ("Asia/Shanghai", "2026-02-28T23:59:59", "2026-03-10T10:30:00", {"30d", "12m"}),
        ("Asia/Shanghai", "2026-03-01T00:00:00", "2026-03-10T10:30:00", {"mtd", "30d", "12m"}),
        # twelve months, leap days included
        ("Asia/Shanghai", "2025-03-10T00:00:00", "2026-03-10T10:30:00", {"12m"}),
        ("Asia/Shanghai", "2025-03-09T23:59:59", "2026-03-10T10:30:00", set()),
        ("Europe/Berlin", "2027-03-01T00:00:00", "2028-02-29T12:00:00", {"12m"}),
        ("Europe/Berlin", "2027-02-28T23:59:59", "2028-02-29T12:00:00", set()),
    ],
)
def test_a_case_counts_from_the_start_of_a_window_on(zone, case, now, expected):
    assert counted(zone, at(zone, case), at(zone, now)) == expected


def test_the_day_of_a_clock_change_has_23_or_25_hours():
    spring, autumn = "2026-03-08", "2026-11-01"
    for date, hours in ((spring, 23), (autumn, 25)):
        windows = Windows(local_time("America/New_York"), [tuple(LEVELS)])
        start = at("America/New_York", f"{date}T00:00:00")
        end = at("America/New_York", f"{date}T23:59:59") + SECOND
        windows.advance(end - SECOND)
        windows.spread(0, start, end, 1)
        assert windows.sums("today")[0] == hours * 3600


_START = at("Australia/Adelaide", "2026-04-04T00:00:00")
_MOMENTS = st.integers(_START // SECOND, (_START + 40 * 24 * HOUR) // SECOND).map(lambda second: second * SECOND)


@given(st.lists(_MOMENTS, max_size=30), st.lists(_MOMENTS, min_size=1, max_size=6))
def test_sums_that_rolled_equal_sums_counted_at_once(cases, nows):
    local = local_time("Australia/Adelaide")
    rolling = Windows(local, [tuple(LEVELS)])
    done: list[int] = []
    for now in sorted(nows):
        rolling.advance(now)
        for case in [case for case in cases if case < now and case not in done]:
            rolling.add(0, case, 2, 1)
            done.append(case)
        fresh = Windows(local, [tuple(LEVELS)])
        fresh.advance(now)
        for case in done:
            fresh.add(0, case, 2, 1)
        assert {w: list(rolling.sums(w)) for w in WINDOWS} == {w: list(fresh.sums(w)) for w in WINDOWS}


@given(_MOMENTS, st.integers(1, 5 * 24 * 3600), _MOMENTS)
def test_what_is_spread_and_taken_back_leaves_nothing(start, seconds, now):
    windows = Windows(local_time("Australia/Adelaide"), [tuple(LEVELS)])
    windows.advance(now)
    windows.spread(1, start, start + seconds * SECOND, 1)
    windows.advance(now + 7 * MINUTE)
    windows.spread(1, start, start + seconds * SECOND, -1)
    assert all(sum(windows.sums(window)) == 0 for window in WINDOWS)
