"""The data folder of the embedded broker: its settings, its format, and what to do when it is broken."""

import shutil
from pathlib import Path

from local.errors import LocalError
from local.java import java_command, run_java
from local.ports import LOOPBACK

CLUSTER_ID = "YmF5cHVsc2UtbG9jYWwtMQ"  # any 16 bytes in base64: one node, one cluster
FORMAT_DEADLINE_SECONDS = 60
LEAST_FREE_BYTES = 512 * 1024 * 1024

SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "CLIENT",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    # A topic is created on purpose, with its partitions and its cleanup policy, or not at all.
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # After a kill the controller waits this long for the broker it believes alive before the new one may in.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # Simulated days carry past timestamps: by default Kafka would delete them within minutes.
    "log.retention.ms": "-1",
    # The default of 128 MB is taken at once and would fill this small heap.
    "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
    "num.network.threads": "2",
    "num.io.threads": "4",
}

__all__ = ["ensure_formatted", "prepare_folder", "set_aside", "write_settings"]


def prepare_folder(data: Path, *, fresh: bool) -> None:
    """Make the folder (empty if `fresh`); LocalError when it can't be written or the disk is nearly full."""
    try:
        if fresh:
            shutil.rmtree(_logs(data), ignore_errors=True)
        data.mkdir(parents=True, exist_ok=True)
        (data / "broker.log").touch()
        free = shutil.disk_usage(data).free
    except OSError as error:
        msg = f"Kafka can't write to {data} ({error.strerror}): free it up or name another folder"
        raise LocalError(msg) from error
    if free < LEAST_FREE_BYTES:
        needed = LEAST_FREE_BYTES // 2**20
        msg = f"only {free // 2**20} MiB are free on the disk of {data}, Kafka needs {needed}: free some"
        raise LocalError(msg)


def write_settings(data: Path, port: int, controller_port: int) -> Path:
    """Write server.properties for these two ports and return its path."""
    settings = SETTINGS | {
        "listeners": f"CLIENT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"CLIENT://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "log.dirs": str(_logs(data)),
    }
    path = data / "server.properties"
    path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    return path


def ensure_formatted(data: Path, settings: Path, class_path: list[Path]) -> None:
    """Format the storage unless an earlier run did; a folder whose identity is lost is set aside first."""
    if _is_formatted(data):
        return
    if _logs(data).exists():
        set_aside(data)
    arguments = ("format", "--config", str(settings), "--cluster-id", CLUSTER_ID)
    run_java(java_command(class_path, "kafka.tools.StorageTool", *arguments), FORMAT_DEADLINE_SECONDS)


def set_aside(data: Path) -> Path:
    """Move storage that Kafka can't use to `kafka.broken`, replacing what was there; returns that path."""
    broken = data / "kafka.broken"
    shutil.rmtree(broken, ignore_errors=True)
    return _logs(data).rename(broken)


def _is_formatted(data: Path) -> bool:
    try:
        return f"cluster.id={CLUSTER_ID}\n" in (_logs(data) / "meta.properties").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _logs(data: Path) -> Path:
    return data / "kafka"
