"""Kafka's jars: exactly those of the committed lock file, fetched once into the user's cache."""

import argparse
import fcntl
import hashlib
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import tomli_w
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import Artifact, Dependency, MavenContext

from local.cache import cache_dir, writable
from local.errors import LocalError

KAFKA_VERSION = "4.3.1"
LOCK = Path(__file__).with_name("kafka.lock")
PARALLEL_DOWNLOADS = 6
TIMEOUT_SECONDS = 30

Progress = Callable[[str], None]

__all__ = ["KAFKA_VERSION", "Jar", "Progress", "class_path", "locked", "write_lock"]


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked jar: its Maven coordinate and the checksum of the file."""

    group: str
    artifact: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.group}:{self.artifact}:{self.version}"


def locked(lock: Path = LOCK) -> list[Jar]:
    """The jars of the lock file, in class path order."""
    return [Jar(**jar) for jar in tomllib.loads(lock.read_text(encoding="utf-8"))["jar"]]


def class_path(progress: Progress) -> list[Path]:
    """The jars on this machine, each with the checksum it was locked with; fetches what isn't there yet.

    A jar half downloaded or changed is fetched again. LocalError: no network, or a repository that
    serves something else than what was locked.
    """
    repository = writable(cache_dir() / "maven")
    with _one_at_a_time(repository):
        missing = [jar for jar in locked() if not _is_intact(_path(repository, jar), jar)]
        if missing:
            _fetch(repository, missing, progress)
    return [_path(repository, jar) for jar in locked()]


def write_lock(lock: Path = LOCK) -> None:
    """Resolve Kafka anew and write the lock file; for a person who moves `KAFKA_VERSION`."""
    maven = _maven(writable(cache_dir() / "maven"))
    kafka = Dependency(maven.project("org.apache.kafka", "kafka_2.13").at_version(KAFKA_VERSION).artifact())
    artifacts = _resolved(maven, kafka)
    # Kafka logs through slf4j and names no backend; the one of its own log4j keeps the versions together.
    log4j = next(artifact.version for artifact in artifacts if artifact.artifactId == "log4j-core")
    artifacts.append(maven.project("org.apache.logging.log4j", "log4j-slf4j-impl").at_version(log4j).artifact())
    jars = [
        {"group": a.groupId, "artifact": a.artifactId, "version": a.version, "sha256": _sha256(a.resolve())}
        for a in artifacts
    ]
    head = "# Written by 'python -m local.jars --lock'; the order is the class path's.\n"
    lock.write_text(head + tomli_w.dumps({"jar": jars}), encoding="utf-8")


def _resolved(maven: MavenContext, root: Dependency) -> list[Artifact]:
    inputs, transitive = maven.resolver.resolve([root])
    return [dependency.artifact for dependency in (*inputs, *transitive)]


def _maven(repository: Path) -> MavenContext:
    remote = os.environ.get("BAYPULSE_MAVEN_URL", MAVEN_CENTRAL_URL)
    return MavenContext(
        repo_cache=repository, local_repos=[], remote_repos={"central": remote}, timeout=TIMEOUT_SECONDS
    )


def _fetch(repository: Path, jars: list[Jar], progress: Progress) -> None:
    maven = _maven(repository)
    progress(f"downloading Apache Kafka {KAFKA_VERSION}: {len(jars)} jars into {repository}")
    pool = ThreadPoolExecutor(PARALLEL_DOWNLOADS)
    try:
        for done, jar in enumerate(pool.map(lambda jar: _download(maven, repository, jar), jars), start=1):
            progress(f"[{done}/{len(jars)}] {jar.artifact} {jar.version}")
    finally:
        # After an error or Ctrl-C the jars still in the queue would only fail one timeout after the other.
        pool.shutdown(cancel_futures=True)


def _download(maven: MavenContext, repository: Path, jar: Jar) -> Jar:
    path = _path(repository, jar)
    path.unlink(missing_ok=True)
    try:
        maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except requests.RequestException as error:
        msg = (
            f"can't reach Maven at {_remote(maven)} for {jar}: "
            "check the network, or name a mirror in BAYPULSE_MAVEN_URL"
        )
        raise LocalError(msg) from error
    except OSError as error:
        msg = f"can't keep {path} ({error.strerror}): free the disk, or name another folder in BAYPULSE_CACHE"
        raise LocalError(msg) from error
    except RuntimeError as error:
        msg = f"Maven at {_remote(maven)} has no intact {jar}: name another repository in BAYPULSE_MAVEN_URL"
        raise LocalError(msg) from error
    if not _is_intact(path, jar):
        msg = f"{_remote(maven)} serves another {jar} than the one this version was tested with: don't use it"
        raise LocalError(msg)
    return jar


def _remote(maven: MavenContext) -> str:
    return maven.remote_repos["central"]


def _path(repository: Path, jar: Jar) -> Path:
    folder = repository.joinpath(*jar.group.split("."), jar.artifact, jar.version)
    return folder / f"{jar.artifact}-{jar.version}.jar"


def _is_intact(path: Path, jar: Jar) -> bool:
    return path.is_file() and _sha256(path) == jar.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two commands started together must not write the same file; the second waits for the first."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> None:
    """`python -m local.jars` fetches what is missing; with --lock it writes the lock file anew."""
    parser = argparse.ArgumentParser(prog="python -m local.jars", description=main.__doc__)
    parser.add_argument("--lock", action="store_true", help="resolve Kafka anew and write local/kafka.lock")
    if parser.parse_args().lock:
        write_lock()
    class_path(print)


if __name__ == "__main__":
    try:
        main()
    except LocalError as error:
        sys.exit(f"kafka: {error}")
