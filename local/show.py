"""Where the demo is seen: a live screen in a terminal, lines of text elsewhere, or a picture."""

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.markup import escape

from local.board import Board, plain_lines

__all__ = ["Show", "save_picture"]

REDRAW_SECONDS = 1.0
LINES_SECONDS = 5.0
_WEB_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)  # a picture must not load anything from elsewhere
PICTURE_COLUMNS, PICTURE_LINES = 120, 40


class Show:
    """Tells steps and shows boards on a console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._has_screen = console.is_terminal and not console.is_dumb_terminal

    def say(self, line: str) -> None:
        """Print one line as it is."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[Callable[[str], None]]:
        """Show that something is being done, then that it is; the yielded function tells its progress."""
        began = time.monotonic()
        with self._console.status(doing) as status:
            yield (lambda line: status.update(escape(line))) if self._has_screen else self.say
        took = f"[dim]({time.monotonic() - began:.1f} s)[/]"
        self._console.print(f"[green]✓[/] {escape(done)} {took}", highlight=False, soft_wrap=True)

    def boards(self, board: Callable[[], Board], is_over: Callable[[], bool]) -> Board:
        """Show one board after the other until it is over, and return the last."""
        return self._live(board, is_over) if self._has_screen else self._lines(board, is_over)

    def _live(self, board: Callable[[], Board], is_over: Callable[[], bool]) -> Board:
        shown = board()
        with Live(shown, console=self._console, screen=True, auto_refresh=False) as live:
            while not is_over():
                live.update(shown, refresh=True)
                time.sleep(REDRAW_SECONDS)
                shown = board()
        return shown

    def _lines(self, board: Callable[[], Board], is_over: Callable[[], bool]) -> Board:
        shown, next_at = board(), 0.0
        while not is_over():
            if time.monotonic() >= next_at:
                next_at = time.monotonic() + LINES_SECONDS
                self.say("\n".join(plain_lines(shown)))
            time.sleep(REDRAW_SECONDS)
            shown = board()
        return shown


def save_picture(board: Board, path: Path) -> None:
    """Draw a board as an SVG file."""
    console = Console(record=True, width=PICTURE_COLUMNS, height=PICTURE_LINES, file=io.StringIO(), force_terminal=True)
    console.print(board)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = _WEB_FONTS.sub("", console.export_svg(title="make demo"))
    path.write_text(picture.replace("Fira Code, monospace", "monospace"), encoding="utf-8")
