"""Pacing: a simulated clock decides when an event is sent, whatever the wall clock does."""

import pytest

from models.instants import HOUR, MINUTE, SECOND
from simulator.sender import Pace


class Wall:
    """A wall clock that only moves while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000 * HOUR
        self.naps: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += int(seconds * SECOND)

    def pace(self, speed: float, start: int = 0) -> Pace:
        return Pace(speed, start, self.now, lambda: self.now, self.sleep)


@pytest.fixture
def wall():
    return Wall()


async def test_sixty_times_as_fast_an_hour_takes_a_minute(wall):
    begun = wall.now
    await wall.pace(60).wait(HOUR)
    assert wall.now - begun == MINUTE


async def test_what_lies_before_the_start_is_sent_at_once(wall):
    await wall.pace(60, start=10 * HOUR).wait(9 * HOUR)
    assert wall.naps == []


async def test_with_speed_0_nothing_waits(wall):
    await wall.pace(0).wait(10_000 * HOUR)
    assert wall.naps == []


async def test_a_long_pause_is_slept_in_short_naps_so_that_a_clock_step_is_noticed(wall):
    await wall.pace(1).wait(MINUTE)
    assert max(wall.naps) <= 1
