"""The event reference names every type, every field and every reason for a refusal."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from models.events import EVENT_TYPES, Envelope, parse_event
from streams.dead_letters import REASONS

PAGE = (Path(__file__).parents[2] / "docs/events.md").read_text(encoding="utf-8")


def names(model: type[BaseModel]) -> Iterator[str]:
    """Yield the JSON names of a model's fields, those of the objects in them too."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in models_in(field.annotation):
            yield from names(inner)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def rows(first_cell: str) -> list[str]:
    return [line for line in PAGE.splitlines() if line.startswith(f"| `{first_cell}` |")]


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_type_has_one_row_that_names_its_fields_and_marks_the_required_ones(name):
    (row,) = rows(name)
    assert set(re.findall(r"\*{0,2}`(\w+)`\*{0,2} ", row)) >= set(names(EVENT_TYPES[name]))
    required = {f.alias or n for n, f in EVENT_TYPES[name].model_fields.items() if f.is_required()}
    assert required <= set(re.findall(r"\*\*`(\w+)`\*\*", row))


def test_the_page_names_no_type_that_does_not_exist():
    assert set(re.findall(r"^\| `(workshop\.[a-z_.]+)` \|", PAGE, re.MULTILINE)) == set(EVENT_TYPES)


def test_every_attribute_of_the_envelope_has_a_row():
    assert [name for name in Envelope.model_fields if not rows(name)] == []


def test_every_reason_for_a_refusal_has_a_row():
    assert [reason for reason in REASONS if len(rows(reason)) != 1] == []


def test_the_example_is_an_event():
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert parse_event(example).type == "workshop.order.opened"
