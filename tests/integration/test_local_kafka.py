"""The embedded broker: it speaks every codec, keeps its data, and leaves nothing behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from local.kafka import LocalError, LocalKafka, free_port

DEADLINE_SECONDS = 30
ROOT = Path(__file__).parents[2]


async def create(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, value: bytes, compression: str | None = None) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=compression) as producer:
        await producer.send_and_wait(topic, value)


async def first(bootstrap: str, topic: str) -> bytes | None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    async with consumer:
        consumer.assign([TopicPartition(topic, 0)])
        record = await asyncio.wait_for(consumer.getone(), DEADLINE_SECONDS)
    return record.value


def is_gone(pid: int) -> bool:
    """No such process, or one that only waits for its parent to take note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_gone(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_gone(pid)


@pytest.mark.parametrize("codec", [None, "gzip", "snappy", "lz4", "zstd"])
async def test_a_record_comes_back_as_it_was_sent(kafka: str, codec: str | None) -> None:
    topic = f"codec-{codec}"
    await create(kafka, topic)
    await send(kafka, topic, b"car 7 is ready " * 50, codec)
    assert await first(kafka, topic) == b"car 7 is ready " * 50


async def test_a_topic_nobody_created_does_not_appear(kafka: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.describe_topics(["misspelt"])
        assert "misspelt" not in await admin.list_topics()
    finally:
        await admin.close()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"port {port} on 127.0.0.1 is taken: stop the program on it"):
            LocalKafka(tmp_path, port).start()


def test_a_folder_serves_one_broker_at_a_time(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, free_port()), pytest.raises(LocalError, match="already runs on"):
        LocalKafka(tmp_path, free_port()).start()


def test_stop_leaves_no_process(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, free_port()) as broker:
        pid = broker.pid
    assert pid is not None
    assert is_gone(pid)
    assert broker.pid is None


def test_data_survive_a_kill(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, free_port()) as broker:
        asyncio.run(create(broker.bootstrap, "kept"))
        asyncio.run(send(broker.bootstrap, "kept", b"before"))
        os.killpg(broker.pid or 0, signal.SIGKILL)
        assert wait_until_gone(broker.pid or 0)
    with LocalKafka(tmp_path, free_port()) as broker:
        assert asyncio.run(first(broker.bootstrap, "kept")) == b"before"


def test_fresh_forgets_what_an_earlier_run_left(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, free_port()) as broker:
        asyncio.run(create(broker.bootstrap, "old"))
    with LocalKafka(tmp_path, free_port(), fresh=True) as broker:
        asyncio.run(create(broker.bootstrap, "old"))


@pytest.mark.parametrize("damage", ["meta.properties", "__cluster_metadata-0/00000000000000000000.log"])
def test_broken_storage_does_not_stop_the_next_run(tmp_path: Path, damage: str) -> None:
    with LocalKafka(tmp_path, free_port()):
        pass
    (tmp_path / "kafka" / damage).write_bytes(b"\xff\x00 not what Kafka wrote" * 40)
    with LocalKafka(tmp_path, free_port()) as broker:
        assert broker.is_running


def test_it_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    owner_code = (
        "import sys, pathlib, signal; from local.kafka import LocalKafka;"
        "broker = LocalKafka(pathlib.Path(sys.argv[1]), int(sys.argv[2])); broker.start();"
        "print(broker.pid, flush=True); signal.pause()"
    )
    command = [sys.executable, "-c", owner_code, str(tmp_path), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
    assert wait_until_gone(pid)


def test_ctrl_c_ends_the_command_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local.kafka", "--port", str(free_port()), "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, said) == (0, "")
