"""Seeded draws that come out the same on every machine and version of Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

from models.instants import Instant

__all__ = ["TICK", "Draw"]

T = TypeVar("T")

TICK: Instant = 1_000
"""The grain of drawn durations: a millisecond, as shop systems log it."""


class Draw:
    """Draws from one seed. Only `random()` and basic arithmetic are used: logarithms differ between machines."""

    __slots__ = ("_random",)

    def __init__(self, *names: object) -> None:
        self._random = random.Random("/".join(map(str, names))).random

    def chance(self, probability: float) -> bool:
        """Return True with this probability; never for 0 and always for 1."""
        return self._random() < probability

    def share(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return self._random()

    def between(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def span(self, low: Instant, high: Instant) -> Instant:
        """Return a duration from low to high in whole milliseconds, likeliest in the middle."""
        half = (high - low) / (2 * TICK)
        return low + int(half * self._random() + half * self._random()) * TICK

    def even(self, low: Instant, high: Instant) -> Instant:
        """Return a duration from low to high in whole milliseconds, all alike likely."""
        return low + int((high - low) / TICK * self._random()) * TICK

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices, all alike likely."""
        return choices[int(self._random() * len(choices))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        """Return one of the choices by its weight in percent; the weights add up to 100."""
        left = self._random() * 100
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][0]
