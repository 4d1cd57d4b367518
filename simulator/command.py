"""The command `baypulse simulate`: what was asked for, as a run of the simulator."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import typer
from aiokafka.errors import KafkaError

from models.instants import Instant, instant
from simulator import options as opt
from simulator.faults import Misbehaviour, Report
from simulator.plan import GroupPlan
from simulator.run import Job, run
from simulator.sender import KafkaTarget, Pace

__all__ = ["simulate_command"]

SYSTEMS = ("dms", "floor", "parts", "crm")
FIRST_DAY = dt.datetime(2026, 3, 2)  # noqa: DTZ001 - a date; typer knows no other type for one
EXIT_UNUSABLE = 2
SHANGHAI = ("Asia/Shanghai",)


def simulate_command(kafka: Callable[[], KafkaTarget]) -> Callable[..., None]:
    """Return the command for the command line; `kafka` says where `--kafka` sends, and is asked only then."""

    def simulate(  # noqa: PLR0917 - typer passes every option by name
        stores: opt.StoreCount = 3,
        days: opt.Days = 30,
        start: opt.Start = FIRST_DAY,
        seed: opt.Seed = 1,
        orders_per_day: opt.OrdersPerDay = 25,
        zone: opt.Zones = None,
        out: opt.Out = None,
        truth: opt.TruthFile = None,
        stores_file: opt.StoresFile = None,
        to_kafka: opt.ToKafka = False,
        wall_times: opt.WallTimes = False,
        speed: opt.Speed = 0,
        live_from: opt.LiveFrom = None,
        live_origin: opt.LiveOrigin = None,
        duplicates: opt.Duplicates = 0,
        shuffle: opt.Shuffle = 0,
        late: opt.Late = 0,
        late_by: opt.LateBy = 3600,
        future: opt.Future = 0,
        malformed: opt.Malformed = 0,
        skew: opt.Skew = None,
        fault_report: opt.FaultReport = None,
    ) -> None:
        """Simulate a dealer group's workshops: its events, and the truth about every KPI beside them."""
        if (out is None) == (not to_kafka):
            raise typer.BadParameter("say where events go: --out FILE, --out - or --kafka, one of them")
        if speed and not to_kafka:
            raise typer.BadParameter("--speed paces what is sent: it needs --kafka")
        with _told():
            plan = GroupPlan(seed, stores, days, start.date(), orders_per_day, tuple(zone or SHANGHAI))
        faults = Misbehaviour(
            seed, duplicates, shuffle, late, late_by, future, malformed_share=malformed, clock_skew=_skews(skew)
        )
        pace = _pace(plan, speed, live_from, live_origin)
        target = kafka() if to_kafka else None
        _tell(_run(Job(plan, faults, out, truth, stores_file, fault_report, target, pace, wall_times)))

    return simulate


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence which value is wrong."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _run(job: Job) -> Report:
    try:
        return run(job)
    except KafkaError as error:
        reason = f"Kafka at {_bootstrap(job)} does not take the events: {error}"
    except OSError as error:
        reason = f"can't write {error.filename}: {error.strerror}"
    typer.echo(f"baypulse: {reason}", err=True)
    raise typer.Exit(EXIT_UNUSABLE)


def _bootstrap(job: Job) -> object:
    return job.kafka.client.get("bootstrap_servers") if job.kafka else None


def _skews(texts: list[str] | None) -> tuple[tuple[str, int], ...]:
    return tuple(_skew(text) for text in texts or ())


def _skew(text: str) -> tuple[str, int]:
    system, _, seconds = text.partition("=")
    try:
        skew = int(seconds)
    except ValueError:
        skew = 0
    if system not in SYSTEMS or not skew:
        names = ", ".join(SYSTEMS)
        raise typer.BadParameter(f"--skew {text}: give a system ({names}) and its seconds, such as floor=-90")
    return system, skew


def _pace(plan: GroupPlan, speed: float, live_from: str | None, live_origin: str | None) -> Pace:
    midnight = dt.datetime.combine(plan.start, dt.time(), ZoneInfo(plan.zones[0]))
    start = _moment("--live-from", live_from) if live_from else instant(midnight)
    origin = _moment("--live-origin", live_origin) if live_origin else time.time_ns() // 1000
    return Pace(speed, start, origin)


def _moment(option: str, text: str) -> Instant:
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise typer.BadParameter(f"{option} {text} is no moment with an offset, such as 2026-03-02T08:00:00+08:00")
    return instant(when)


def _tell(report: Report) -> None:
    done = ", ".join(f"{count} {what}" for what, count in report.counts.items() if what != "sent")
    typer.echo(f"{report.counts['sent']} events sent{f' ({done})' if done else ''}", err=True)
