"""The one place where a worker's parts are put together."""

from dataclasses import dataclass

from streams.checkpoints import Checkpoints
from streams.clock import make_clock
from streams.dead_letters import RefusalWatch
from streams.decoding import Decoder
from streams.engine import Engine
from streams.exposition import Exposition
from streams.faust_app import FaustGroup, WorkerApp, make_app
from streams.health import Health
from streams.http import HttpServer
from streams.lifecycle import Lifecycle
from streams.ownership import Ownership
from streams.refresh import Refresh
from streams.report import Report
from streams.restoring import Restoring
from streams.settings import Settings, load_stores
from streams.state import StateReader

__all__ = ["Worker", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that is ready to be started."""

    settings: Settings
    app: WorkerApp
    engine: Engine
    report: Report


def bootstrap(settings: Settings) -> Worker:
    """Build a worker; it reads the list of stores and nothing else, and connects only when its app is started."""
    app = make_app(settings)
    stores = load_stores(settings.stores)
    clock = make_clock(settings.clock)
    group = FaustGroup(app, settings.topics.events)
    engine = Engine(
        Decoder(stores, settings.worker.max_event_bytes),
        RefusalWatch(settings.worker.refusal_limit, settings.topics.events),
    )
    exposition = Exposition()
    ownership = Ownership(engine, exposition, group, Restoring(settings, stores, StateReader(settings)))
    checkpoints = Checkpoints(engine, clock, ownership.take_up_again)
    health = Health(engine, checkpoints, group)
    report = Report(engine, checkpoints, exposition, health, clock)
    http = HttpServer(settings.http, report.pages())
    refresh = Refresh(engine, clock, exposition)
    Lifecycle(settings, app, group, engine, checkpoints, ownership, refresh, health, http).connect()
    return Worker(settings, app, engine, report)
