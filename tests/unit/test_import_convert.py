"""Rows become events: identity, order, groups, rejects."""

import json

from hypothesis import given
from hypothesis import strategies as st

from importer.convert import Outcome, convert
from importer.mapping import parse_map
from importer.tables import Line, Table

COLUMNS = ("RO", "Line", "On", "Off", "Tech", "Sold")
MAP = """
source = "dms"
store = "S1"
zone = "Asia/Shanghai"

[[event]]
type = "technician.clocked_on"
time = { column = "On" }
data = { technician_id = { column = "Tech" }, order_id = { column = "RO" }, punch_id = { row_token = true } }

[[event]]
type = "technician.clocked_off"
when = { column = "Off", empty = false }
time = { column = "Off" }
data = { technician_id = { column = "Tech" }, order_id = { column = "RO" }, punch_id = { row_token = true } }

[[event]]
type = "order.opened"
group_by = "RO"
time = { column = "On" }
[event.data]
order_id = { column = "RO" }
work_type = "repair"
standard_hours = { column = "Sold", as = "decimal", of = "sum" }

[[event]]
type = "quote.given"
group_by = "RO"
order_by = "Line"
time = { column = "On", of = "max" }
[event.data]
order_id = { column = "RO" }
lines.each = { line_id = { column = "Line" }, menu_price = true }
"""
FIRST = ("R1", "2", "2025-03-04 09:00", "2025-03-04 10:00", "T1", "1.5")
SECOND = ("R1", "10", "2025-03-04 08:00", "2025-03-04 09:30", "T2", "0.5")
THIRD = ("R2", "1", "2025-03-05 08:00", "", "T1", "2")


def run(*rows: tuple[str, ...], text: str = MAP) -> Outcome:
    lines = (Line(number, dict(zip(COLUMNS, row, strict=True))) for number, row in enumerate(rows, start=2))
    return convert(parse_map(text, "map.toml"), Table("orders.csv", COLUMNS, frozenset(), lines))


def bodies(*rows: tuple[str, ...], text: str = MAP) -> list[bytes]:
    return [made.body for made in run(*rows, text=text).events]


def events(event_type: str, *rows: tuple[str, ...], text: str = MAP) -> list[dict]:
    documents = [json.loads(body) for body in bodies(*rows, text=text)]
    return [document for document in documents if document["type"] == f"workshop.{event_type}"]


rows_strategy = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2"]),
        st.sampled_from(["1", "2", "10"]),
        st.sampled_from(["2025-03-04 09:00", "2025-03-04 08:00", "never"]),
        st.sampled_from(["2025-03-04 10:00", ""]),
        st.sampled_from(["T1", ""]),
        st.sampled_from(["1.5", "", "x"]),
    ),
    max_size=8,
)


@given(rows_strategy, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_rows_changes_nothing(rows, random, counted):
    text = MAP.replace("zone", f"occurrence = {str(counted).lower()}\nzone")
    shuffled = random.sample(rows, len(rows))
    assert bodies(*rows, text=text) == bodies(*shuffled, text=text)


@given(rows_strategy)
def test_rows_given_twice_change_nothing(rows):
    assert [made.id for made in run(*rows, *rows).events] == [made.id for made in run(*rows).events]


def test_an_extended_export_keeps_every_id():
    before = {made.id for made in run(FIRST, SECOND).events}
    assert before <= {made.id for made in run(THIRD, FIRST, SECOND).events}


def test_equal_rows_are_one_event():
    assert len(events("technician.clocked_on", FIRST, FIRST)) == 1


def test_counted_rows_are_facts_of_their_own():
    assert len(events("technician.clocked_on", FIRST, FIRST, text=MAP.replace("zone", "occurrence = true\nzone"))) == 2


def test_events_come_in_the_order_of_their_time():
    times = [made.at for made in run(THIRD, FIRST, SECOND).events]
    assert times == sorted(times)


def test_both_ends_of_a_row_share_its_token():
    ends = [e["data"]["punch_id"] for e in map(json.loads, bodies(FIRST)) if "punch_id" in e["data"]]
    assert len(ends) == 2
    assert len(set(ends)) == 1


def test_a_local_time_gets_the_zones_offset():
    assert events("order.opened", FIRST)[0]["time"] == "2025-03-04T09:00:00+08:00"


def test_a_group_begins_with_its_earliest_row():
    assert events("order.opened", FIRST, SECOND)[0]["time"] == "2025-03-04T08:00:00+08:00"


def test_a_group_sums_its_rows():
    assert events("order.opened", FIRST, SECOND)[0]["data"]["standard_hours"] == 2.0


def test_list_entries_follow_order_by_with_numbers_by_value():
    lines = events("quote.given", SECOND, FIRST)[0]["data"]["lines"]
    assert [line["line_id"] for line in lines] == ["2", "10"]


def test_a_bad_row_is_told_with_its_place_and_loses_no_good_one():
    outcome = run(FIRST, ("R1", "3", "soon", "", "T1", "1"), SECOND)
    reason = "'soon' is not a time in any of the formats iso, excel"
    assert [str(reject) for reject in outcome.rejects] == [f"orders.csv, row 3, column On: {reason}"]
    assert [made.body for made in outcome.events] == bodies(FIRST, SECOND)


def test_a_bad_row_gives_no_half_of_its_events():
    assert bodies(("R1", "3", "2025-03-04 08:00", "soon", "T1", "1")) == []


def test_an_event_the_product_refuses_names_its_field_and_column():
    reject = run(("R1", "3", "2025-03-04 08:00", "", "", "1")).rejects[0]
    expected = "event workshop.technician.clocked_on, field data.technician_id: Field required"
    assert str(reject) == f"orders.csv, row 2, column Tech: {expected}"


def test_two_rows_under_one_key_are_told():
    text = MAP.replace("zone", 'row_key = ["RO", "Line"]\nzone')
    reasons = [reject.reason for reject in run(FIRST, (*FIRST[:-1], "9"), text=text).rejects]
    assert reasons == ["has the row_key of row 2 but other contents"]


def test_two_events_under_one_id_are_told_and_the_later_stands():
    text = MAP.replace('type = "technician.clocked_on"', 'type = "technician.clocked_on"\nkey = "RO"')
    outcome = run(FIRST, SECOND, text=text)
    assert [reject.row for reject in outcome.rejects] == [3]
    assert "same id as row 2: name more columns in its key" in outcome.rejects[0].reason


def test_a_type_map_gives_each_row_its_event_and_skips_the_empty():
    text = (
        MAP.split("[[event]]", maxsplit=1)[0]
        + '[[event]]\ntype = { column = "Line", map = "t", default = "" }\ntime = { column = "On" }\n'
        + 'data = { order_id = { column = "RO" }, reason = "parts" }\n'
        + '[maps.t]\n2 = "order.paused"\n10 = "order.resumed"\n'
    )
    kinds = [(d["type"], d["data"].get("reason")) for d in map(json.loads, bodies(FIRST, SECOND, THIRD, text=text))]
    assert kinds == [("workshop.order.resumed", None), ("workshop.order.paused", "parts")]


def test_a_row_filter_leaves_rows_out():
    text = MAP.replace("zone", 'where = { column = "RO", equals = "R2" }\nzone')
    assert [e["data"]["order_id"] for e in events("order.opened", FIRST, THIRD, text=text)] == ["R2"]


def test_a_value_outside_its_map_is_told():
    text = MAP.replace('work_type = "repair"', 'work_type = { column = "Tech", map = "w" }') + '[maps.w]\nT1 = "body"\n'
    reasons = [str(reject) for reject in run(FIRST, SECOND, text=text).rejects]
    assert reasons == ["orders.csv, row 3, column Tech: 'T2' is not in the map 'w' (T1)"]


def test_a_store_of_another_zone_has_its_own_clock():
    text = MAP.replace('zone = "Asia/Shanghai"', 'zone = "Asia/Shanghai"\nzones = { S1 = "UTC" }')
    assert events("order.opened", FIRST, text=text)[0]["time"] == "2025-03-04T09:00:00Z"
