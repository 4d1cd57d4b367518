"""A wrong map is told in one sentence that names the place."""

from pathlib import Path

import pytest

from importer.checks import check_columns, check_map
from importer.errors import MapError
from importer.mapping import load_map, parse_map, shipped_maps
from importer.tables import Table

HEAD = 'source = "dms"\nstore = "S1"\nzone = "UTC"\n'
OPENED = """
[[event]]
name = "opened"
type = "order.opened"
time = { column = "Opened" }
data = { order_id = { column = "RO" }, work_type = "repair" }
"""


def refusal(text: str, *columns: str) -> str:
    table = Table("orders.csv", columns or ("RO", "Opened"), frozenset({"Twice"}), iter(()))
    with pytest.raises(MapError) as caught:
        check(text, table)
    return str(caught.value)


def check(text: str, table: Table) -> None:
    mapping = parse_map(text, "dms.toml")
    check_map(mapping)
    check_columns(mapping, table)


def changed(old: str, new: str) -> str:
    assert old in HEAD + OPENED
    return (HEAD + OPENED).replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            '"order.opened"',
            '"order.open"',
            "event 1 (opened), type: there is no event type 'workshop.order.open'",
        ),
        (
            "order_id =",
            "order_no =",
            "event 1 (opened), data: workshop.order.opened has no field 'order_no'; its fields",
        ),
        (
            '"RO"',
            '"RO No"',
            "event 1 (opened), data.order_id: the file has no column 'RO No'; its columns are RO, Opened",
        ),
        ('"Opened"', '"Twice"', "event 1 (opened), time: the file has two columns 'Twice'"),
        ('"UTC"', '"Moon/Base"', "dms.toml, zone: 'Moon/Base' is not an IANA time zone"),
        ('"UTC"', '"UTC"\nzoom = 1', "dms.toml, zoom: there is no such setting"),
        (
            '"repair"',
            '{ column = "RO", map = "types" }',
            "data.work_type: there is no value map 'types' in [maps] (none)",
        ),
        ('"repair"', "{ }", "dms.toml, event 1, data.work_type: name exactly one of column, text, constant"),
        (
            '"repair"',
            '{ column = "RO", of = "sum" }',
            "data.work_type: of = 'sum' cannot work on such values",
        ),
        ('"repair"', "{ each = { a = 1 } }", "data.work_type: is no list of entries"),
        (
            "\ntype =",
            '\nwhen = { column = "RO", matches = "(" }\ntype =',
            "when: '(' is not a regular expression",
        ),
        ('"S1"', '"S1"\noccurrence = true\nrow_key = "RO"', "occurrence: counts rows that are equal"),
        ('"S1"', '"S1', "dms.toml: not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place(old, new, sentence):
    assert sentence in refusal(changed(old, new))


def test_fields_of_list_entries_are_checked():
    lines = 'type = "invoice.issued"\ntime = { column = "Opened" }\ndata = { lines = { each = { labor = 1 } } }\n'
    assert "data.lines: an entry of lines has no field 'labor'" in refusal(f"{HEAD}[[event]]\n{lines}")


def test_every_type_in_a_type_map_is_checked():
    types = '[maps.t]\na = "order.opened"\nb = "order.lost"\n'
    text = changed('"order.opened"', '{ column = "RO", map = "t" }') + types
    assert "there is no event type 'workshop.order.lost'" in refusal(text)


def test_an_optional_column_may_be_missing():
    text = changed('"repair"', '{ column = "Type", default = "repair" }') + '[file]\noptional = ["Type"]\n'
    check(text, Table("orders.csv", ("RO", "Opened"), frozenset(), iter(())))


def test_an_unknown_map_lists_the_shipped_ones():
    with pytest.raises(MapError, match=r"reynolds: there is no such file, .*cdk_repair_orders, levy_job_shop"):
        load_map(Path("reynolds"))


@pytest.mark.parametrize("name", shipped_maps())
def test_every_shipped_map_is_right(name):
    check_map(load_map(Path(name)))
