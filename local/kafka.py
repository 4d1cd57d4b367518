"""A real Apache Kafka on this machine, as a child process: `LocalKafka`, or `python -m local.kafka`."""

import argparse
import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from local import storage
from local.cache import cache_dir
from local.errors import LocalError
from local.jars import Progress, class_path
from local.java import java_command, tail, tethered
from local.ports import LOOPBACK, answers, free_port, is_taken

READY_DEADLINE_SECONDS = 90
STOP_DEADLINE_SECONDS = 15
POLL_SECONDS = 0.1
HEAP = "512m"
LOG4J = Path(__file__).with_name("log4j2.properties")

__all__ = ["LocalError", "LocalKafka", "free_port", "prepare"]


def prepare(progress: Progress) -> None:
    """Fetch Kafka's jars; `progress` gets one line per jar, and none when all are here already."""
    class_path(progress)


class LocalKafka:
    """One broker on the loopback address, stopped on leaving the `with` block.

    It also dies when this process does, and when the thread that called `start` ends: start it from one that
    lives as long as the broker should. `data` is kept for the next run unless `fresh`; an unclean stop is
    recovered, and storage that Kafka can't read any more is moved to `kafka.broken` beside it.
    """

    def __init__(self, data: Path, port: int = 9092, *, fresh: bool = False, progress: Progress = print) -> None:
        self.data = data.absolute()
        self.port = port
        self.log = self.data / "broker.log"
        self._fresh = fresh
        self._progress = progress
        self._process: subprocess.Popen[bytes] | None = None
        self._claim: IO[str] | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients, `host:port`."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The broker's process while it runs, else None."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def is_running(self) -> bool:
        """Whether the broker's process is alive."""
        return self.pid is not None

    def start(self) -> None:
        """Return when the broker answers; LocalError says in a sentence why it can't run."""
        if self.is_running:
            return
        jars = class_path(self._progress)
        storage.prepare_folder(self.data, fresh=False)
        self._claim_folder()
        try:
            storage.prepare_folder(self.data, fresh=self._fresh)
            self._launch_or_start_over(jars)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the broker, by force if it takes longer than some seconds; does nothing if there is none."""
        if self._process:
            _end(self._process)
            self._process = None
        if self._claim:
            self._claim.close()
            self._claim = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _claim_folder(self) -> None:
        claim = (self.data / ".in-use").open("w", encoding="utf-8")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            claim.close()
            msg = f"another Kafka already runs on {self.data}: stop it, or name another folder for this one"
            raise LocalError(msg) from error
        self._claim = claim

    def _launch_or_start_over(self, jars: list[Path]) -> None:
        had_storage = (self.data / "kafka").exists()
        try:
            self._launch(jars)
        except _StorageError:
            if not had_storage:
                raise
            self._progress(f"Kafka can't read its data, moved to {storage.set_aside(self.data)}; starting empty")
            self._launch(jars)

    def _launch(self, jars: list[Path]) -> None:
        if is_taken(self.port):
            raise LocalError(_port_taken(self.port))
        settings = storage.write_settings(self.data, self.port, free_port())
        storage.ensure_formatted(self.data, settings, jars)
        flags = (f"-Xmx{HEAP}", f"-Dlog4j2.configurationFile={LOG4J}")
        command = java_command(jars, "kafka.Kafka", str(settings), flags=flags)
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C in the terminal is for the broker's owner, who then stops it.
            self._process = subprocess.Popen(
                tethered(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_DEADLINE_SECONDS
        while not (answers(self.port) and _says_it_is_ready(self.bootstrap)):
            if not self.is_running:
                raise self._why_it_ended()
            if time.monotonic() > deadline:
                waited = f"{READY_DEADLINE_SECONDS} s"
                raise LocalError(f"Kafka didn't answer on {self.bootstrap} within {waited}; its log: {self.log}")
            time.sleep(POLL_SECONDS)

    def _why_it_ended(self) -> LocalError:
        said = self.log.read_text(encoding="utf-8", errors="replace")
        if "Address already in use" in said:
            return LocalError(_port_taken(self.port))
        if "No space left on device" in said:
            return LocalError(f"the disk of {self.data} is full: free some space, then start again")
        if "insufficient memory" in said or "Could not reserve enough space" in said:
            return LocalError(f"this machine has not the {HEAP} of memory free that Kafka needs; its log: {self.log}")
        return _StorageError(f"Kafka ended while starting: {tail(said, 2)}; its log: {self.log}")


class _StorageError(LocalError):
    """The broker ended by itself, for no reason that lies outside its storage."""


def _port_taken(port: int) -> str:
    return f"port {port} on {LOOPBACK} is taken: stop the program on it, or choose another port for Kafka"


def _says_it_is_ready(bootstrap: str) -> bool:
    # In a thread of its own, so that a caller inside an event loop can start a broker as well.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _knows_a_broker(bootstrap)).result()


async def _knows_a_broker(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
    return bool(cluster["brokers"])


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the whole group, SIGKILL after the deadline; returns when the process is gone."""
    _signal_group(process, signal.SIGTERM)
    try:
        process.wait(STOP_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal_group(process, signal.SIGKILL)
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)


def main(arguments: list[str] | None = None) -> None:
    """Run a broker in the foreground until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m local.kafka", description=main.__doc__)
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--data", type=Path, default=None, help="default: kafka/ in the user's cache")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier run left")
    chosen = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        _serve(LocalKafka(chosen.data or cache_dir() / "kafka", chosen.port, fresh=chosen.fresh))


def _serve(kafka: LocalKafka) -> None:
    with kafka:
        print(f"Kafka answers on {kafka.bootstrap}; Ctrl-C stops it", flush=True)
        while kafka.is_running:
            time.sleep(POLL_SECONDS)
        raise LocalError(f"Kafka ended by itself; its log: {kafka.log}")


if __name__ == "__main__":
    try:
        main()
    except LocalError as error:
        sys.exit(f"kafka: {error}")
