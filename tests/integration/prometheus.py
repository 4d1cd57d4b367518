"""A real Prometheus on a free port that scrapes given ports of this machine once a second."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from local.ports import LOOPBACK, free_port
from tests.integration.workers import eventually

__all__ = ["Prometheus", "Sample", "prometheus", "require_prometheus"]

INSTALL = Path(__file__).parents[2] / "local" / "prometheus.sh"
PROGRAMS = ("prometheus", "promtool")
JOB = "baypulse"
LOSSY = f'scrape_samples_scraped != on (instance) count by (instance) ({{job="{JOB}",__name__!~"up|scrape_.+"}})'


class Sample(NamedTuple):
    """One element of an instant vector."""

    labels: dict[str, str]
    value: float

    def key(self, *names: str) -> tuple[str, ...]:
        """Return the values of some labels, empty where one is missing."""
        return tuple(self.labels.get(name, "") for name in names)


def require_prometheus() -> None:
    """Make sure of the programs; skip where they are missing and only root could install them."""
    if all(map(shutil.which, PROGRAMS)):
        return
    installing = subprocess.run([INSTALL], capture_output=True, text=True, check=False)
    if installing.returncode:
        (pytest.skip if os.geteuid() else pytest.fail)(installing.stderr.strip())


class Prometheus:
    """The HTTP API of a running Prometheus."""

    def __init__(self, port: int) -> None:
        self._client = httpx.Client(base_url=f"http://{LOOPBACK}:{port}", timeout=10, trust_env=False)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def is_ready(self) -> bool:
        """Whether it answers queries."""
        try:
            return self._client.get("/-/ready").is_success
        except httpx.TransportError:
            return False

    def query(self, expression: str) -> list[Sample]:
        """Return an instant vector as of now."""
        answer = self._api("query", query=expression)
        return [Sample(found["metric"], float(found["value"][1])) for found in answer["result"]]

    def targets(self) -> dict[int, tuple[str, str]]:
        """Return health ("up", "down" or "unknown") and last error of what it scrapes, by port."""
        found = self._api("targets", state="active")["activeTargets"]
        return {httpx.URL(one["scrapeUrl"]).port or 0: (one["health"], one["lastError"]) for one in found}

    def lossy(self) -> list[str]:
        """Return the targets of whose last scrape not every sample is a series of its own, as when a line is twice."""
        return [sample.labels["instance"] for sample in self.query(LOSSY)]

    def _api(self, path: str, **parameters: str) -> Any:
        return self._client.get(f"/api/v1/{path}", params=parameters).raise_for_status().json()["data"]


@contextmanager
def prometheus(folder: Path, ports: Sequence[int]) -> Iterator[Prometheus]:
    """Run a Prometheus with its data in a folder that scrapes `/metrics` on these loopback ports; it ends with this."""
    port, log = free_port(), folder / "prometheus.log"
    with log.open("wb") as output:
        process = subprocess.Popen(_command(folder, port, ports), stdout=output, stderr=output)
    server = Prometheus(port)
    try:
        eventually(lambda: server.is_ready() or process.poll() is not None)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield server
    finally:
        server.close()
        process.terminate()
        process.wait(30)


def _command(folder: Path, port: int, ports: Sequence[int]) -> list[str]:
    config = folder / "prometheus.yml"
    config.write_text(json.dumps(_config(ports)), encoding="utf-8")  # JSON is YAML
    return [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--log.level=warn",
    ]


def _config(ports: Sequence[int]) -> dict[str, Any]:
    targets = [f"{LOOPBACK}:{port}" for port in ports]
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [{"job_name": JOB, "static_configs": [{"targets": targets}]}],
    }
