"""The worked example in docs/import.md does what the page says."""

import csv
import io
import json
import re
import textwrap
import tomllib
from pathlib import Path

from importer.convert import convert
from importer.mapping import parse_map
from importer.tables import Line, Table
from models.stores import Stores

PAGE = (Path(__file__).parents[2] / "docs/import.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def example() -> list[dict]:
    header, *rows = csv.reader(io.StringIO(block("csv")))
    lines = (Line(number, dict(zip(header, row, strict=True))) for number, row in enumerate(rows, start=2))
    outcome = convert(parse_map(block("toml"), "example"), Table("example", tuple(header), frozenset(), lines))
    assert outcome.rejects == []
    return [json.loads(made.body) for made in outcome.events]


def test_the_example_gives_as_many_events_as_the_page_says():
    assert f"becomes {len(example())} events".replace("7", "seven") in PAGE


def test_the_calendar_of_the_job_shop_is_one():
    calendar = textwrap.dedent(PAGE[PAGE.index("      [[stores]]") :])
    shop = Stores.from_dict(tomllib.loads(calendar)).get("levy")
    assert shop is not None
    assert set(shop.hours) == {"sun", "mon", "tue", "wed", "thu"}


def test_the_first_rows_event_is_the_one_on_the_page():
    shown = json.loads(block("json"))
    first = next(event for event in example() if event["data"]["technician_id"] == "701")
    shown["id"], shown["data"]["punch_id"] = first["id"], first["data"]["punch_id"]
    assert first == shown
