"""The demo's clock and the settings its processes get."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.cast import settings, take_settings
from local.story import Story

NOW = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize("speed", [1, 60, 600, 3600])
def test_the_story_begins_at_eight_on_a_monday_and_cannot_reach_the_present_for_hours(speed: float) -> None:
    story = Story.beginning(NOW, speed)
    assert f"{story.start:%a %H:%M %z}" == "Mon 08:00 +0800"
    assert not story.is_over(NOW + timedelta(hours=11))


def test_at_the_usual_speed_it_begins_five_weeks_before_this_weeks_monday() -> None:
    assert Story.beginning(NOW, 60).start.date().isoformat() == "2026-10-19"


def test_the_simulated_days_reach_from_the_history_to_today() -> None:
    story = Story.beginning(NOW, 60)
    assert story.first_day + timedelta(days=story.days - 1) == NOW.date()


def test_ten_minutes_are_ten_hours_of_workshop() -> None:
    story = Story.beginning(NOW, 60)
    assert story.now(NOW + timedelta(minutes=10)) == story.start + timedelta(hours=10)


def test_a_persons_own_settings_stay_out_of_the_demo() -> None:
    environment = {"BAYPULSE_CONFIG": "mine.toml", "BAYPULSE_CACHE": "/cache", "PATH": "/bin"}
    take_settings(settings(19092, 19464, Path("stores.toml"), Story.beginning(NOW, 60)), environment)
    assert "BAYPULSE_CONFIG" not in environment
    assert environment["BAYPULSE_CACHE"] == "/cache"
    assert environment["BAYPULSE_KAFKA_BOOTSTRAP"] == "127.0.0.1:19092"
