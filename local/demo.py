"""`make demo`: Kafka, a worker and a simulated dealer group on this machine, and a live board in the terminal."""

import asyncio
import io
import signal
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from local import cast
from local.board import Board
from local.cache import cache_dir, writable
from local.errors import LocalError
from local.kafka import LocalKafka
from local.ports import LOOPBACK, is_taken
from local.show import Show, save_picture
from local.story import ZONE, Story
from local.watch import Watch
from simulator.plan import GroupPlan, stores_toml
from streams.errors import UserError
from streams.settings import load_settings
from streams.topics import create_topics


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's parts in their order. `show` is where it is seen, `seconds` how long, None until Ctrl-C."""

    show: Show
    stores: int
    speed: float
    port: int
    metrics_port: int
    seconds: float | None = None

    def run(self) -> Board:
        """Start everything, show the board, stop everything, return the last board.

        LocalError or UserError says in a sentence what went wrong; whatever was started is stopped then too.
        """
        self._refuse_taken_ports()
        folder = writable(cache_dir()) / "demo"
        with ExitStack() as stack:
            stack.callback(self.show.say, f"stopped; the logs are in {folder}")
            watch, story = self._start(stack, folder)
            stack.callback(self.show.say, "stopping the simulator, the worker and Kafka")
            return self._watch(watch, story)

    def _refuse_taken_ports(self) -> None:
        for port, option in ((self.port, "--port"), (self.metrics_port, "--metrics-port")):
            if is_taken(port) or self.port == self.metrics_port:
                what = "taken: stop the program on it" if is_taken(port) else "to be Kafka's and the worker's"
                raise LocalError(f"port {port} on {LOOPBACK} is {what}, or choose another one with {option}")

    def _start(self, stack: ExitStack, folder: Path) -> tuple[Watch, Story]:
        show = self.show
        with show.step("starting Kafka", f"Kafka answers on {LOOPBACK}:{self.port}") as tell:
            kafka = stack.enter_context(LocalKafka(folder, self.port, fresh=True, progress=tell))
        story = Story.beginning(datetime.now(UTC), self.speed)
        plan = GroupPlan(stores=self.stores, days=story.days, start=story.first_day)
        with show.step("creating the topics", "topics created"):
            self._prepare(plan, story, folder / "stores.toml")
        children = [stack.enter_context(child) for child in cast.children(plan, story, folder)]

        def check() -> None:
            if not kafka.is_running:
                raise LocalError(f"Kafka ended by itself; its log: {kafka.log}")
            for child in children:
                child.check()

        watch = Watch(self.metrics_port, cast.names(plan), ZONE, self.speed, check)
        with show.step("starting a worker and the simulator", f"the worker serves {watch.address}"):
            watch.wait_until_ready()
        return watch, story

    def _prepare(self, plan: GroupPlan, story: Story, stores_file: Path) -> None:
        stores_file.write_text(stores_toml(plan), encoding="utf-8")
        cast.take_settings(cast.settings(self.port, self.metrics_port, stores_file, story))
        asyncio.run(create_topics(load_settings()))

    def _watch(self, watch: Watch, story: Story) -> Board:
        ends_at = time.monotonic() + (self.seconds or float("inf"))
        return self.show.boards(watch.board, lambda: time.monotonic() >= ends_at or story.is_over(datetime.now(UTC)))


def demo(  # noqa: PLR0917 - typer passes every option by name
    stores: Annotated[int, typer.Option(min=1, max=50, help="How many stores.")] = 3,
    speed: Annotated[float, typer.Option(min=1, max=3600, help="Simulated seconds a second.")] = 60,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Kafka's port.")] = 9092,
    metrics_port: Annotated[int, typer.Option(min=1, max=65_535, help="The worker's port for metrics.")] = 9464,
    seconds: Annotated[float | None, typer.Option(min=1, help="End after so many seconds.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Save a picture of the last board here.")] = None,
) -> None:
    """Run Kafka, a worker and a simulated dealer group on this machine, and show their KPIs until Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        board = Demo(Show(Console()), stores, speed, port, metrics_port, seconds).run()
        if svg:
            save_picture(board, svg)


def main() -> None:
    """Run the command; what a person can mend is said in one sentence."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese letters shows question marks
    try:
        typer.run(demo)
    except (LocalError, UserError) as error:
        sys.exit(f"demo: {error}")
    except OSError as error:
        sys.exit(f"demo: {error.filename or 'the machine'}: {error.strerror}")


if __name__ == "__main__":
    main()
