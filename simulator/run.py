"""One run of the simulator: events to a file, standard output or Kafka; truth, stores, faults beside them."""

import asyncio
import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec

from simulator.faults import Misbehaviour, Report, misbehave
from simulator.group import simulate
from simulator.journal import SimulatedEvent
from simulator.plan import GroupPlan, stores_toml
from simulator.sender import KafkaTarget, Pace, send
from simulator.truth import Record, Write

__all__ = ["Job", "run"]


@dataclass(frozen=True, slots=True)
class Job:
    """What to simulate and where to put it. A missing path writes nothing; without `kafka` events go to `out`."""

    plan: GroupPlan
    faults: Misbehaviour = field(default_factory=Misbehaviour)
    out: Path | None = None
    truth: Path | None = None
    stores_file: Path | None = None
    report: Path | None = None
    kafka: KafkaTarget | None = None
    pace: Pace = field(default_factory=Pace)
    wall_times: bool = False


def run(job: Job) -> Report:
    """Do it and return what went out; OSError where a file can't be written, KafkaError where Kafka refuses."""
    if job.stores_file:
        job.stores_file.write_text(stores_toml(job.plan), encoding="utf-8")
    report = Report()
    with ExitStack() as files:
        truth = _lines(files.enter_context(job.truth.open("wb"))) if job.truth else None
        events = misbehave(simulate(job.plan, truth), job.faults, report)
        if job.kafka:
            asyncio.run(send(events, job.kafka, job.pace, "wall" if job.wall_times else "simulated"))
        elif job.out:
            _write(events, job.out)
        else:
            _exhaust(events)
    if job.report:
        job.report.write_bytes(msgspec.json.format(msgspec.json.encode(report.as_json()), indent=1))
    return report


def _lines(file: BinaryIO) -> Write:
    encode = msgspec.json.Encoder().encode

    def write(record: Record) -> None:
        file.write(encode(record) + b"\n")

    return write


def _write(events: Iterable[SimulatedEvent], out: Path) -> None:
    if str(out) == "-":
        _write_out(events)
        return
    with out.open("wb") as file:
        file.writelines(event.value + b"\n" for event in events)


def _write_out(events: Iterable[SimulatedEvent]) -> None:
    try:
        sys.stdout.buffer.writelines(event.value + b"\n" for event in events)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough; Python would complain once more on closing
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _exhaust(events: Iterable[SimulatedEvent]) -> None:
    for _ in events:
        pass
