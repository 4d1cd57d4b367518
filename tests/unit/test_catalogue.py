"""The catalogue: every KPI has a whole card, and targets mean what they say."""

import pytest

from models.kpis import CATALOGUE
from models.kpis.card import above, at_least, below, exactly
from models.windows import WINDOWS

IDS = list(CATALOGUE)


@pytest.mark.parametrize("kpi", CATALOGUE.values(), ids=IDS)
def test_every_card_names_itself_in_two_languages_and_says_what_it_counts(kpi):
    assert kpi.zh
    assert kpi.en
    assert kpi.section
    assert kpi.numerator
    assert set(kpi.windows) <= {*WINDOWS, "now"}


@pytest.mark.parametrize("kpi", CATALOGUE.values(), ids=IDS)
def test_every_kpi_has_a_rule_for_its_numerator_and_its_denominator(kpi):
    rules = (kpi.order, kpi.appointment, kpi.problem, kpi.audit, kpi.reports, kpi.vehicle)
    sources = sum(rule is not None for rule in rules) + sum(side is not None for side in (kpi.clocked, kpi.available))
    assert sources >= 1 or kpi.windows == ("now",)


@pytest.mark.parametrize("kpi", CATALOGUE.values(), ids=IDS)
def test_a_kpi_without_a_case_has_no_value(kpi):
    assert kpi.value(0, 0) == (None if kpi.has_denominator else 0)


@pytest.mark.parametrize(
    ("target", "met", "missed"),
    [(above(0.5), 0.51, 0.5), (at_least(0.5), 0.5, 0.49), (exactly(1.0), 1.0, 0.99), (below(2), 1.9, 2)],
)
def test_a_target_is_met_on_its_side_only(target, met, missed):
    assert target.is_met(met)
    assert not target.is_met(missed)


def test_performance_is_utilisation_times_efficiency_by_construction():
    utilisation, efficiency = CATALOGUE["utilisation_rate"], CATALOGUE["efficiency_rate"]
    performance = CATALOGUE["performance_index"]
    assert (utilisation.clocked, utilisation.available) == ("numerator", "denominator")
    assert (efficiency.order, efficiency.clocked) == (performance.order, "denominator")
    assert performance.available == "denominator"


@pytest.mark.parametrize(
    ("kpi", "summed", "shown"), [("cycle_time", 7200, "2"), ("cycle_time", 5400, "1.5"), ("service_orders", 3, "3")]
)
def test_a_sum_is_shown_divided_by_its_scale_without_a_needless_fraction(kpi, summed, shown):
    assert repr(CATALOGUE[kpi].shown(summed)) == shown
