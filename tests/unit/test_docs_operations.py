"""The operations page names every setting with its default, every metric with its labels, and every health signal."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from models.stores import Store
from streams.health import Limits
from streams.metrics import CATALOGUE
from streams.settings import Settings
from streams.topics import planned_topics

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")


def variables() -> Iterator[tuple[str, Any]]:
    """Yield every setting's variable and its default."""
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            for inner, setting in type(field.default).model_fields.items():
                yield f"BAYPULSE_{name}_{inner}".upper(), setting.default
        else:
            yield f"BAYPULSE_{name}".upper(), field.default


def cells(name: str) -> list[str]:
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    return [cell.strip() for cell in row.split("|")[1:-1]]


@pytest.mark.parametrize(("variable", "default"), list(variables()))
def test_a_setting_has_a_row_with_its_default(variable, default):
    assert cells(variable)[1] == ("" if default is None else f"`{default}`")


def test_the_page_names_no_setting_that_does_not_exist():
    rows = set(re.findall(r"^\| `(BAYPULSE_\w+)` \|", PAGE, re.MULTILINE))
    assert rows == {variable for variable, _ in variables()}


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_metric_has_a_row_with_its_kind_and_labels(metric):
    assert cells(metric.name)[1:3] == [metric.kind, ", ".join(f"`{label}`" for label in metric.labels)]


def test_the_page_names_no_metric_that_does_not_exist():
    assert set(re.findall(r"workshop_[a-z_]+", PAGE)) <= {metric.name for metric in CATALOGUE}


@pytest.mark.parametrize("limit", fields(Limits), ids=lambda limit: limit.name)
def test_a_health_signal_stands_with_its_limit(limit):
    signal = "loop" if limit.name == "tick" else limit.name
    assert f" {limit.default:.0f} s" in cells(signal)[1]


@pytest.mark.parametrize("topic", planned_topics(Settings().topics), ids=lambda topic: topic.name)
def test_a_topic_stands_with_its_policy(topic):
    assert cells(topic.name)[1] == topic.configs["cleanup.policy"]


def test_every_field_of_a_store_is_named():
    assert [name for name in Store.model_fields if f"`{name}`" not in PAGE] == []
