"""The list of stores: what it says, what is wrong in it, and what its KPIs depend on."""

import json

import pytest

from models.stores import Store, StoreError, Stores

DAYS = [f"2026-{month:02d}-{day:02d}" for month in (1, 5, 10) for day in range(1, 8)]


def test_settings_read_the_same_in_every_process_whatever_the_order_of_a_set():
    store = Store.model_validate({"id": "S1", "holidays": DAYS, "workdays": DAYS[::-1]})
    settings = json.loads(store.counting_settings())
    assert settings["holidays"] == settings["workdays"] == DAYS


def test_a_name_is_no_setting_that_kpis_are_counted_with_but_a_zone_is():
    store = Store(id="S1")
    assert store.model_copy(update={"name": "Hongqiao"}).counting_settings() == store.counting_settings()
    assert Store(id="S1", timezone="Europe/Berlin").counting_settings() != store.counting_settings()


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"stores": [{"id": "S1"}, {"id": "S1"}]}, "store 'S1' is listed twice"),
        (
            {"stores": [{"id": "S1", "timezone": "Asia/Shanghei"}]},
            "store 'S1', timezone: Value error, 'Asia/Shanghei' is no",
        ),
        ({"stores": [{"name": "Hongqiao"}]}, "store 'store number 1', id: Field required"),
        ({"stores": [{"id": "S1", "hours": {"mon": ["17:00-08:00"]}}]}, "'17:00-08:00' ends before it begins"),
        ({"stors": []}, "'stors' is no part of a list of stores"),
    ],
)
def test_a_wrong_list_is_told_with_the_store_and_the_field(tables, sentence):
    with pytest.raises(StoreError) as error:
        Stores.from_dict(tables)
    assert sentence in str(error.value)


def test_an_unknown_store_has_the_default_settings_only_where_they_are_given():
    assert Stores.from_dict({"stores": []}).get("S9") is None
    accepted = Stores.from_dict({"default": {"timezone": "Europe/Berlin"}}).get("S9")
    assert accepted is not None
    assert (accepted.id, accepted.timezone) == ("S9", "Europe/Berlin")
