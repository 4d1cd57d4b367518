"""The examples of both READMEs are what they say they are, and their links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from models.events import parse_event
from models.stores import Stores
from streams.settings import load_settings

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md")
CODE = {name: re.findall(r"```(\w+)\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL) for name in PAGES}


def blocks(page: str, language: str) -> list[str]:
    return [text for name, text in CODE[page] if name == language]


@pytest.mark.parametrize("page", PAGES)
def test_the_event_is_one(page):
    (event,) = blocks(page, "json")
    assert parse_event(event).type == "workshop.vehicle.checked_in"


@pytest.mark.parametrize("page", PAGES)
def test_the_list_of_stores_is_one(page):
    (stores,) = blocks(page, "toml")
    assert Stores.from_dict(tomllib.loads(stores)).get("S0001") is not None


@pytest.mark.parametrize("page", PAGES)
def test_the_variables_are_settings(page, monkeypatch):
    for variable, value in re.findall(r"^export (\w+)=(\S+)", "".join(blocks(page, "sh")), re.MULTILINE):
        monkeypatch.setenv(variable, value)
    assert load_settings().kafka.security == "SASL_SSL"


@pytest.mark.parametrize("page", [*PAGES, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_links_to_files_lead_somewhere(page):
    here = ROOT / page
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", here.read_text("utf-8"))
    assert [link for link in links if not (here.parent / link).exists()] == []


def test_both_say_the_same_commands():
    english, chinese = (
        {re.split(r"\s+#", line)[0] for _, text in CODE[page] for line in text.splitlines()} for page in PAGES
    )
    assert english == chinese
