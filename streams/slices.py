"""Long work in small bites, so that heartbeats, checkpoints and health checks get their turn."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

__all__ = ["SLICE_SECONDS", "sliced"]

SLICE_SECONDS = 0.010

T = TypeVar("T")


async def sliced(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items, and give way to the event loop whenever a slice of time is used up."""
    until = time.monotonic() + SLICE_SECONDS
    for item in items:
        yield item
        if time.monotonic() >= until:
            await asyncio.sleep(0)
            until = time.monotonic() + SLICE_SECONDS
