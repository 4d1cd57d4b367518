"""Looking at the worker over HTTP, once in a while: is it ready, what does it export, how fast do events come."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import requests

from local.board import Board
from local.errors import LocalError
from local.ports import LOOPBACK
from local.scrape import Snapshot, read_snapshot

__all__ = ["Watch"]

READY_DEADLINE_SECONDS = 90
SILENCE_LIMIT_SECONDS = 30
POLL_SECONDS = 0.1
TIMEOUT_SECONDS = 5
RATE_SPAN = 6
"""Scrapes over which events per second are taken."""


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # a proxy of the environment knows nothing of this machine's loopback
    return session


@dataclass(slots=True)
class Watch:
    """Scrapes one worker. `check` raises when something that the demo needs has ended."""

    port: int
    names: Mapping[str, tuple[str, str]]
    zone: ZoneInfo
    speed: float
    check: Callable[[], None]
    _session: requests.Session = field(default_factory=_session)
    _seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=RATE_SPAN))
    _last: Snapshot = field(default_factory=Snapshot)
    _answered_at: float = field(default_factory=time.monotonic)

    @property
    def address(self) -> str:
        """Where the metrics are."""
        return f"http://{LOOPBACK}:{self.port}/metrics"

    def wait_until_ready(self) -> None:
        """Return when the worker consumes every partition; LocalError when that takes too long."""
        deadline = time.monotonic() + READY_DEADLINE_SECONDS
        while self._get("/readyz") is None:
            self.check()
            if time.monotonic() > deadline:
                raise LocalError(f"the worker wasn't ready within {READY_DEADLINE_SECONDS} s")
            time.sleep(POLL_SECONDS)

    def board(self) -> Board:
        """Return the board of this moment; a worker too busy to answer leaves the last one, but not for long."""
        self.check()
        text = self._get("/metrics")
        now = time.monotonic()
        if text is not None:
            self._answered_at, self._last = now, read_snapshot(text)
            self._seen.append((now, self._last.events))
        elif now - self._answered_at > SILENCE_LIMIT_SECONDS:
            raise LocalError(f"the worker didn't answer at {self.address} for {SILENCE_LIMIT_SECONDS} s")
        return Board(self._last, self.names, self.zone, self.address, self._rate(), self.speed)

    def _rate(self) -> float:
        if len(self._seen) < 2:
            return 0.0
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        return max(0, after - before) / (end - start)

    def _get(self, path: str) -> str | None:
        try:
            answer = self._session.get(f"http://{LOOPBACK}:{self.port}{path}", timeout=TIMEOUT_SECONDS)
        except requests.RequestException:
            return None
        answer.encoding = "utf-8"
        return answer.text if answer.ok else None
