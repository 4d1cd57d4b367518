"""The union of overlapping spans equals the set of moments they cover, whatever the order of adding and removing."""

from hypothesis import given
from hypothesis import strategies as st

from models.entities.coverage import Coverage

SPANS = st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda span: (span[0], span[0] + span[1]))


def moments(spans):
    return {moment for start, end in spans for moment in range(start, end)}


@given(st.lists(SPANS, max_size=12), st.data())
def test_parts_newly_and_no_longer_covered_are_those_of_a_plain_set(spans, data):
    coverage, held = Coverage(), []
    for span in spans:
        before = moments(held)
        held.append(span)
        assert moments(coverage.add(span)) == moments(held) - before
    for span in data.draw(st.permutations(spans)):
        before = moments(held)
        held.remove(span)
        assert moments(coverage.remove(span)) == before - moments(held)


def test_a_span_inside_another_adds_nothing():
    coverage = Coverage()
    coverage.add((0, 10))
    assert coverage.add((2, 5)) == []
