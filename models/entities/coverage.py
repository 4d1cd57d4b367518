"""The union of overlapping spans, kept as steps so that adding and taking back one span costs what it touches."""

from bisect import bisect_left

from models.entities.technician import Span
from models.instants import Instant

__all__ = ["Coverage"]


class Coverage:
    """How many spans cover each moment. Spans are a multiset: the order of adding and removing does not matter.

    >>> coverage = Coverage()
    >>> coverage.add((0, 10)), coverage.add((5, 15)), coverage.remove((0, 10))
    ([(0, 10)], [(10, 15)], [(0, 5)])
    """

    __slots__ = ("_depths", "_times")

    def __init__(self) -> None:
        self._times: list[Instant] = []
        self._depths: list[int] = []

    def add(self, span: Span) -> list[Span]:
        """Add a span; return the parts of it that nothing covered before."""
        return self._change(span, 1, 0)

    def remove(self, span: Span) -> list[Span]:
        """Take a span back; return the parts of it that nothing covers any more."""
        return self._change(span, -1, 1)

    def _change(self, span: Span, by: int, turning: int) -> list[Span]:
        """Change the depth over a span; return the parts whose depth was `turning`."""
        first, last = self._cut(span[0]), self._cut(span[1])
        turned: list[Span] = []
        for i in range(first, last):
            if self._depths[i] == turning:
                turned.append((self._times[i], self._times[i + 1]))
            self._depths[i] += by
        self._join(first, last)
        return turned

    def _cut(self, at: Instant) -> int:
        """Make `at` the beginning of a step; return its place."""
        i = bisect_left(self._times, at)
        if i == len(self._times) or self._times[i] != at:
            self._depths.insert(i, self._depths[i - 1] if i else 0)
            self._times.insert(i, at)
        return i

    def _join(self, first: int, last: int) -> None:
        """Drop the borders in a stretch of steps where the depth does not change any more."""
        for i in range(last, first - 1, -1):
            if self._depths[i] == (self._depths[i - 1] if i else 0):
                del self._times[i], self._depths[i]
