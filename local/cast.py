"""Who plays in the demo: the settings all share, the worker and the simulator."""

import os
import sysconfig
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from local.children import Child
from local.ports import LOOPBACK
from local.story import Story
from simulator.plan import GroupPlan

__all__ = ["children", "names", "settings", "take_settings"]

PARTITIONS = 4
OWN_VARIABLES = ("BAYPULSE_CACHE", "BAYPULSE_MAVEN_URL")


def settings(port: int, metrics_port: int, stores_file: Path, story: Story) -> dict[str, str]:
    """Return the variables that the demo's processes are started with."""
    return {
        "BAYPULSE_KAFKA_BOOTSTRAP": f"{LOOPBACK}:{port}",
        "BAYPULSE_TOPICS_PARTITIONS": str(PARTITIONS),
        # Kafka goes by the records' times, and the demo's lie in the past: with a high speed more than a year.
        "BAYPULSE_TOPICS_EVENTS_RETENTION_DAYS": "-1",
        "BAYPULSE_STORES_FILE": str(stores_file),
        "BAYPULSE_HTTP_PORT": str(metrics_port),
        "BAYPULSE_CLOCK_START": story.start.isoformat(),
        "BAYPULSE_CLOCK_ORIGIN": story.origin.isoformat(),
        "BAYPULSE_CLOCK_SPEED": str(story.speed),
    }


def take_settings(variables: Mapping[str, str], environment: MutableMapping[str, str] = os.environ) -> None:
    """Give this process and its children the demo's settings and no others: a person's own must not leak in."""
    for name in [name for name in environment if name.startswith("BAYPULSE_") and name not in OWN_VARIABLES]:
        del environment[name]
    environment.update(variables)


def children(plan: GroupPlan, story: Story, logs: Path) -> list[Child]:
    """Return the worker and the simulator, not yet started; the last is to be stopped first."""
    baypulse = str(Path(sysconfig.get_path("scripts")) / "baypulse")
    simulate = (
        *("simulate", "--kafka", "--stores", str(plan.stores), "--days", str(plan.days)),
        *("--start", plan.start.isoformat(), "--speed", str(story.speed)),
        *("--live-from", story.start.isoformat(), "--live-origin", story.origin.isoformat()),
    )
    commands = {"worker": (baypulse, "worker"), "simulator": (baypulse, *simulate)}
    return [Child(name, command, logs / f"{name}.log") for name, command in commands.items()]


def names(plan: GroupPlan) -> dict[str, tuple[str, str]]:
    """Return the stores' Chinese and English names by id."""
    stores = [plan.store(index) for index in range(plan.stores)]
    return {store.id: (store.name, store.name_en) for store in stores}
