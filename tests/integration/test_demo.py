"""`make demo` as a person runs it: it shows KPIs, ends cleanly, leaves nothing behind, and explains itself."""

import fcntl
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import httpx
import pytest

from local.cache import cache_dir
from local.kafka import free_port, prepare

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 120
UNREACHABLE = "http://127.0.0.1:1"


@dataclass
class Demo:
    """A running demo on free ports and a cache of its own; `said` grows with what it prints."""

    cache: Path
    options: tuple[str, ...] = ()
    columns: int = 0
    port: int = field(default_factory=free_port)
    metrics_port: int = field(default_factory=free_port)
    said: str = ""

    def start(self) -> "Demo":
        ports = ("--port", str(self.port), "--metrics-port", str(self.metrics_port))
        stdout, inherited = self._outputs()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.demo", *ports, *self.options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=inherited,
            stderr=inherited,
            env=os.environ | {"BAYPULSE_CACHE": str(self.cache), "TERM": "xterm-256color"},
        )
        os.close(inherited)
        self.reader = Thread(target=self._read, args=(stdout,), daemon=True)
        self.reader.start()
        return self

    def _outputs(self) -> tuple[int, int]:
        if not self.columns:
            return os.pipe()
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, self.columns, 0, 0))
        return ours, theirs

    def _read(self, stdout: int) -> None:
        with os.fdopen(stdout, "rb", buffering=0) as stream:
            try:
                while chunk := stream.read(65_536):
                    self.said += chunk.decode(errors="replace")
            except OSError:
                return  # how Linux says that the other end of a terminal is closed

    def ended(self) -> int:
        """Return the exit code once it ended and everything it printed is read."""
        code = self.process.wait(DEADLINE_SECONDS)
        self.reader.join(DEADLINE_SECONDS)
        return code

    def shows(self, text: str) -> bool:
        """Return whether it gets to show a text."""
        return until(lambda: text in self.said or self.process.poll() is not None) and text in self.said

    def others(self) -> dict[int, str]:
        """Return the commands of all processes that were started with this demo's cache, but for the demo."""
        marker, found = f"BAYPULSE_CACHE={self.cache}".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
            except OSError:
                continue  # it ended meanwhile
            if marker in environment.split(b"\0") and int(process.name) != self.process.pid:
                found[int(process.name)] = command.replace(b"\0", b" ").decode()
        return found

    def child(self, command: str) -> int:
        """Return the process that runs a command."""
        return next(pid for pid, line in self.others().items() if command in line)


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache without demo data, with the jars that were fetched for all tests."""
    prepare(print)
    (tmp_path / "maven").symlink_to(cache_dir() / "maven")
    return tmp_path


@pytest.fixture
def run(cache: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(*options: str, columns: int = 0) -> Demo:
        started.append(Demo(cache, options, columns).start())
        return started[-1]

    yield start
    for demo in started:
        demo.process.kill()
        demo.ended()


def test_in_a_terminal_it_shows_the_board_until_ctrl_c(run: Callable[..., Demo]) -> None:
    demo = run(columns=120)
    assert demo.shows("on_time_delivery_rate")
    assert "workshop_kpi_numerator" in httpx.get(f"http://127.0.0.1:{demo.metrics_port}/metrics").text
    demo.process.send_signal(signal.SIGINT)
    assert demo.ended() == 0
    assert not demo.others()


def test_without_a_terminal_it_prints_lines_and_ends_when_told(run: Callable[..., Demo]) -> None:
    demo = run("--seconds", "15", "--stores", "2")
    assert demo.ended() == 0
    assert "S0002 浦江店 Pujiang: on_time_delivery_rate" in demo.said
    assert "\x1b" not in demo.said
    assert not demo.others()


def test_a_killed_demo_takes_everything_with_it(run: Callable[..., Demo]) -> None:
    demo = run()
    assert demo.shows("the worker serves")
    assert len(demo.others()) >= 3
    demo.process.kill()
    assert until(lambda: not demo.others())


@pytest.mark.parametrize(
    ("command", "sentence"), [("baypulse worker", "the worker was killed"), ("kafka.Kafka", "Kafka ended by itself")]
)
def test_a_part_that_dies_ends_the_demo_with_its_name_and_log(
    run: Callable[..., Demo], command: str, sentence: str
) -> None:
    demo = run()
    assert demo.shows("the worker serves")
    os.kill(demo.child(command), signal.SIGKILL)
    assert demo.ended() == 1
    assert f"demo: {sentence}" in demo.said
    assert f"its log: {demo.cache}/demo/" in demo.said
    assert "Traceback" not in demo.said
    assert not demo.others()


@pytest.mark.parametrize(("taken", "option"), [("port", "--port"), ("metrics_port", "--metrics-port")])
def test_a_taken_port_is_one_sentence(cache: Path, taken: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        demo = Demo(cache, **{taken: port}).start()
        assert demo.ended() == 1
    wanted = f"demo: port {port} on 127.0.0.1 is taken: stop the program on it, or choose another one with {option}"
    assert wanted in demo.said.splitlines()
    assert "Traceback" not in demo.said


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    demo = Demo(tmp_path / "file").start()
    assert demo.ended() == 1
    assert demo.said.startswith(f"demo: can't write to {tmp_path / 'file'}")
    assert len(demo.said.splitlines()) == 1


def test_a_first_run_without_a_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYPULSE_MAVEN_URL", UNREACHABLE)
    demo = Demo(tmp_path).start()
    assert demo.ended() == 1
    assert demo.said.splitlines()[-1].startswith("demo: ")
    assert "Traceback" not in demo.said
