"""Feeding a ledger as a worker does, and comparing all it says with the recomputation."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from models.events import Envelope
from models.instants import instant
from models.ledger import StoreLedger
from models.stores import WEEKDAYS, Store
from tests.oracle.book import STORE_ID
from tests.oracle.recompute import recompute, vehicles_in_workshop
from tests.oracle.strategies import World

__all__ = ["Records", "differences", "feed", "new_ledger", "store_of"]

Records = dict[bytes, bytes]


def store_of(world: World) -> Store:
    """Return the product's store for a world."""
    hours = {
        WEEKDAYS[weekday]: [f"{opens}-{closes}" for opens, closes in spans]
        for weekday, spans in world.store.hours.items()
    }
    fields = {
        "id": STORE_ID,
        "timezone": world.zone.key,
        "hours": hours,
        "holidays": world.store.holidays,
        "workdays": world.store.workdays,
        "punctuality_tolerance_minutes": world.store.tolerance_minutes,
        "follow_up_days": world.store.follow_up_days,
    }
    return Store.model_validate(fields)


def new_ledger(world: World) -> StoreLedger:
    """Return an empty ledger of the world's store."""
    return StoreLedger(store_of(world))


def differences(ledger: StoreLedger, world: World, events: Iterable[Envelope], now: datetime) -> list[str]:
    """Return one line per KPI and window, and one for the gauge, that the two see differently."""
    events = list(events)
    said = {(r.kpi, r.window): (r.numerator, r.denominator) for r in ledger.readings()}
    expected = recompute(events, now, world.zone, world.store)
    lines = [
        f"{kpi} {window} at {now.isoformat()}: ledger {said.get((kpi, window))}, recomputed {sums}"
        for (kpi, window), sums in expected.items()
        if said.get((kpi, window)) != sums
    ]
    total, count = sum(ledger.states().values()), vehicles_in_workshop(events, now)
    return lines if total == count else [*lines, f"vehicles_in_workshop at {now}: ledger {total}, recomputed {count}"]


def save(ledger: StoreLedger, saved: Records) -> None:
    """Apply the ledger's changes to what was saved of it."""
    for key, record in ledger.changed().items():
        if record is None:
            saved.pop(key, None)
        else:
            saved[key] = record


def feed(
    world: World, arrivals: list[Envelope], random: Random, restarts: float = 0.0, past: timedelta = timedelta(0)
) -> list[str]:
    """Feed arrivals in random batches, settling in between; return what differs at the world's moments.

    All arrivals are in before the first look. Settling in between happens at earlier and earlier than now moments;
    with `restarts`, the ledger is saved, thrown away and restored as often as that.
    """
    ledger, saved = new_ledger(world), Records()
    refused = []
    early = sorted(random.choice(world.events).time for _ in range(4)) if world.events else []
    for event in arrivals:
        if early and random.random() < 0.05:
            ledger.settle(instant(min(early.pop(0), world.nows[0]) - past))
        if random.random() < restarts / 4:
            ledger = _restart(ledger, world, saved)
        refused.append(ledger.absorb(event))
    lines = [f"refused: {reason}" for reason in refused if reason is not None]
    for now in world.nows:
        ledger.settle(instant(now))
        if random.random() < restarts:
            ledger = _restart(ledger, world, saved)
        lines += differences(ledger, world, arrivals, now)
    return lines


def _restart(ledger: StoreLedger, world: World, saved: Records) -> StoreLedger:
    save(ledger, saved)
    return StoreLedger.restore(store_of(world), dict(saved))
