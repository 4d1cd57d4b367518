"""The demo's own processes: each writes a log file, and none outlives the demo."""

import re
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from local.errors import LocalError
from local.java import tethered

STOP_DEADLINE_SECONDS = 15

__all__ = ["Child"]

_FRAME = re.compile(r"[\u2500-\u257f]")


class Child:
    """One process, started on entering the `with` block and stopped on leaving it; start it from the main thread."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process while it runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def check(self) -> None:
        """LocalError when the process ended by itself: which one, why as far as it said, and where its log is."""
        code = self._process.poll() if self._process else None
        if code is None:
            return
        how = f"was killed by signal {-code}" if code < 0 else f"ended by itself with code {code}"
        raise LocalError(f"the {self.name} {how}{self._reason()}; its log: {self.log}")

    def _reason(self) -> str:
        """Return its last words to people: no log records, and nothing of the frames that typer draws."""
        text = _FRAME.sub("", self.log.read_text(encoding="utf-8", errors="replace"))
        words = [line for line in text.splitlines() if line.strip() and not line.startswith("{")]
        return f" ({words[-1].strip()})" if words else ""

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C in the terminal is for the demo, which then stops its children in order.
            self._process = subprocess.Popen(
                tethered(self._command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
